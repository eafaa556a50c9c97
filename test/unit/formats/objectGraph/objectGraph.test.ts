// Object graphs of TF2 and Keras checkpoints against what TensorFlow lists, node by node.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { openBundle, shardName } from "#formats/bundle/openBundle";
import { decodeStrings } from "#formats/bundle/stringTensor";
import { decodeObjectGraph, objectGraphKey, tensorsOfObjects } from "#formats/objectGraph/objectGraph";
import { golden, jsonOf, need } from "../golden";

interface ExpectedNode { children: Record<string, number>; attributes: string[][]; slot_variables: [string, number, number][] }

const files = golden("bundle");
const { checkpoints } = jsonOf<{ checkpoints: Record<string, { prefixes: Record<string, object> }> }>(files, "expected.json");
const listed = JSON.parse(readFileSync(new URL("../../../fixtures/formats/objectGraphs.json", import.meta.url), "utf8")) as Record<string, ExpectedNode[]>;
const cases = Object.entries(checkpoints).flatMap(([name, { prefixes }]) => {
  const nodes = listed[name];
  return nodes ? Object.keys(prefixes).map((prefix) => ({ name: `${name}/${prefix}`, nodes })) : [];
});

async function graphOf(prefix: string): Promise<{ bytes: Uint8Array; keys: string[] }> {
  const source = (path: string) => bytesAsSource(need(files.get(path), path), path);
  const bundle = await openBundle(source(`${prefix}.index`), async (shard, of) => source(shardName(prefix, shard, of)));
  const [bytes] = decodeStrings(await bundle.read(objectGraphKey));
  return { bytes: need(bytes, "a graph"), keys: [...bundle.entries.keys()] };
}

test("there are object graphs to compare with", () => {
  expect(cases.length).toBeGreaterThan(0);
});

describe.each(cases)("$name", ({ name, nodes: wanted }) => {
  test("children, attributes and slots are those that TensorFlow lists", async () => {
    const { nodes } = decodeObjectGraph((await graphOf(name)).bytes);
    expect(nodes.map(({ children, attributes, slots }) => ({
      children: Object.fromEntries(children),
      attributes: attributes.map(({ name: attribute, fullName, key }) => [attribute, fullName, key]),
      slot_variables: slots.map(({ slotName, variable, slot }) => [slotName, variable, slot]),
    }))).toEqual(wanted);
  });
  test("every tensor of the bundle belongs to an object", async () => {
    const { bytes, keys } = await graphOf(name);
    const told = tensorsOfObjects(decodeObjectGraph(bytes)).map(({ key }) => key);
    expect([...told, objectGraphKey].sort()).toEqual(keys.sort());
  });
  test("cut or changed anywhere it is read or refused, never worse", async () => {
    const { bytes } = await graphOf(name);
    for (let at = 0; at < bytes.length; at += 7) {
      for (const changed of [bytes.slice(0, at), flipped(bytes, at)]) {
        try {
          tensorsOfObjects(decodeObjectGraph(changed));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }
    }
  });
});

test("a slot tells which variable it belongs to", async () => {
  const withSlots = need(cases.find(({ nodes }) => nodes.some(({ slot_variables }) => slot_variables.length > 0)), "slots");
  const slots = tensorsOfObjects(decodeObjectGraph((await graphOf(withSlots.name)).bytes)).filter(({ slot }) => slot);
  expect(slots.length).toBeGreaterThan(0);
  for (const { key, slot } of slots) expect(key.startsWith(`${slot?.variableKey?.replace(/\/\.ATTRIBUTES.*$/, "") ?? "?"}/.OPTIMIZER_SLOT/`)).toBe(true);
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 0x2a;
  return changed;
}
