// The fields of MetaGraphDef for its text form (formats 16). What describes objects and types is passed over.
import { entrySchema, enumSchema, ignored, messageSchema } from "../protoText/schema";
import { dataType, graphSchema, opDefSchema, shape, tensor } from "./graphSchema";

const opList = messageSchema(() => ({ op: [1, opDefSchema, "repeated"] }));
const aliasEntry = entrySchema("string", () => "string");

const metaInfo = messageSchema(() => ({
  meta_graph_version: [1, "string"], stripped_op_list: [2, opList], any_info: [3, ignored], tags: [4, "string", "repeated"],
  tensorflow_version: [5, "string"], tensorflow_git_version: [6, "string"], stripped_default_attrs: [7, "bool"],
  function_aliases: [8, aliasEntry, "map"],
}));

const saverVersion = enumSchema(new Map([[0, "LEGACY"], [1, "V1"], [2, "V2"]]));

const saver = messageSchema(() => ({
  filename_tensor_name: [1, "string"], save_tensor_name: [2, "string"], restore_op_name: [3, "string"], max_to_keep: [4, "int32"],
  sharded: [5, "bool"], keep_checkpoint_every_n_hours: [6, "float"], version: [7, saverVersion],
}));

const nodeList = messageSchema(() => ({ value: [1, "string", "repeated"] }));
const bytesList = messageSchema(() => ({ value: [1, "bytes", "repeated"] }));
const intList = messageSchema(() => ({ value: [1, "int64", "repeated"] }));
const floatList = messageSchema(() => ({ value: [1, "float", "repeated"] }));

const collection = messageSchema(() => ({
  node_list: [1, nodeList, "oneof"], bytes_list: [2, bytesList, "oneof"], int64_list: [3, intList, "oneof"],
  float_list: [4, floatList, "oneof"], any_list: [5, ignored, "oneof"],
}));

const sparse = messageSchema(() => ({
  values_tensor_name: [1, "string"], indices_tensor_name: [2, "string"], dense_shape_tensor_name: [3, "string"],
}));

const tensorInfo = messageSchema(() => ({
  name: [1, "string", "oneof"], dtype: [2, dataType], tensor_shape: [3, shape], coo_sparse: [4, sparse, "oneof"],
  composite_tensor: [5, ignored, "oneof"],
}));

const tensorInfoEntry = entrySchema("string", () => tensorInfo);

const signature = messageSchema(() => ({
  inputs: [1, tensorInfoEntry, "map"], outputs: [2, tensorInfoEntry, "map"], method_name: [3, "string"],
  defaults: [4, entrySchema("string", () => tensor), "map"],
}));

const asset = messageSchema(() => ({ tensor_info: [1, tensorInfo], filename: [2, "string"] }));

/** A whole meta graph. */
export const metaGraphSchema = messageSchema(() => ({
  meta_info_def: [1, metaInfo], graph_def: [2, graphSchema], saver_def: [3, saver],
  collection_def: [4, entrySchema("string", () => collection), "map"], signature_def: [5, entrySchema("string", () => signature), "map"],
  asset_file_def: [6, asset, "repeated"], object_graph_def: [7, ignored],
}));
