// V1 checkpoints made to be slow: hundreds of tensors whose values lie in one block.
import { expect, test } from "vitest";
import { compareBytes } from "#formats/bytes/byteOrder";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage } from "#formats/bytes/wireWriter";
import { decodeTensor } from "#formats/bundle/openBundle";
import { openV1 } from "#formats/bundle/openV1";
import { encodeSliceKey } from "#formats/bundle/orderedCode";
import { encodeTable } from "#formats/sstable/encodeTable";

const names = Array.from({ length: 300 }, (_, at) => `text_${String(at).padStart(4, "0")}`);
const stringType = 7;

/** Each tensor is a string of rank 1 with one element, its own name. */
function fileOfTexts(): Uint8Array {
  const list = encodeMessage((writer) => writer.message(1, (tensors) => {
    for (const name of names) {
      tensors.message(1, (tensor) => {
        tensor.bytes(1, encodeUtf8(name));
        tensor.message(2, (shape) => shape.message(2, (dimension) => dimension.int(1, 1)));
        tensor.int(3, stringType);
        tensor.message(4, (slice) => slice.message(1, () => {}));
      });
    }
  }));
  const values = names.map((name): [Uint8Array, Uint8Array] => [
    encodeSliceKey(name, [[0, -1]]),
    encodeMessage((writer) => writer.message(2, (slice) => slice.message(3, (tensor) => tensor.bytes(8, encodeUtf8(name))))),
  ]);
  return encodeTable([[new Uint8Array(), list], ...values.sort(([one], [other]) => compareBytes(one, other))]);
}

test("a block is read once for all of its tensors, not for each", async () => {
  const bytes = fileOfTexts();
  const source = bytesAsSource(bytes);
  let read = 0;
  const bundle = await openV1({ ...source, read: (offset, length) => { read += length; return source.read(offset, length); } });
  expect(bundle.problems).toEqual([]);
  const texts: unknown[] = [];
  for (const name of names) texts.push(...decodeTensor("string", await bundle.read(name)));
  expect(texts).toEqual(names.map(encodeUtf8));
  expect(read).toBeLessThan(4 * bytes.length);
});
