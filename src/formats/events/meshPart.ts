// What the mesh plugin keeps with each of a mesh's tags (plugins/mesh/plugin_data.proto).
import type { MeshContent, MeshPart } from "#model/tagContents";
import { WireReader, wireTypes } from "../bytes/wireReader";

/** No mesh has more; the numbers behind are the file's to invent. */
const mostDimensions = 8;

/** In the order of their numbers, which are their bits in a set as well. */
const contents: readonly MeshContent[] = ["undefined", "vertices", "faces", "colors"];

/** The MeshPluginData of a tag. Throws FormatError. */
export function decodeMeshPart(content: Uint8Array): MeshPart {
  const reader = new WireReader(content);
  let name = "";
  let kind = 0;
  let config = "";
  const shape: number[] = [];
  let components = 0;
  while (reader.next()) {
    switch (reader.field) {
      case 2: name = reader.string(); break;
      case 3: kind = reader.int32(); break;
      case 5: config = reader.string(); break;
      case 6: reader.elements(wireTypes.varint, (element) => addSize(shape, element.int32())); break;
      case 7: components = reader.uint32(); break;
      default: reader.skip();
    }
  }
  // Files of before there was the set have all of them.
  const has = (bit: number): boolean => components === 0 || (components & (1 << bit)) !== 0;
  return {
    name, content: contents[kind] ?? "undefined", shape,
    components: contents.filter((_, bit) => bit > 0 && has(bit)),
    ...(config && { config }),
  };
}

function addSize(shape: number[], size: number): void {
  if (shape.length < mostDimensions) shape.push(size);
}
