// The fields of GraphDef and of all that lies in it, for its text form (formats 5 and 11).
import { entrySchema, enumSchema, messageSchema, type MessageSchema } from "../protoText/schema";
import { dtypeProtoNames } from "../tensor/dtypes";

/** Element types by their names in text. */
export const dataType = enumSchema(dtypeProtoNames);

/** Kinds of TensorFlow's full types that occur in graphs. */
const fullTypeId = enumSchema(
  new Map([
    [0, "TFT_UNSET"], [1, "TFT_VAR"], [2, "TFT_ANY"], [3, "TFT_PRODUCT"], [4, "TFT_NAMED"], [20, "TFT_FOR_EACH"], [100, "TFT_CALLABLE"],
    [200, "TFT_BOOL"], [201, "TFT_UINT8"], [202, "TFT_UINT16"], [203, "TFT_UINT32"], [204, "TFT_UINT64"], [205, "TFT_INT8"],
    [206, "TFT_INT16"], [207, "TFT_INT32"], [208, "TFT_INT64"], [209, "TFT_HALF"], [210, "TFT_FLOAT"], [211, "TFT_DOUBLE"],
    [212, "TFT_COMPLEX64"], [213, "TFT_COMPLEX128"], [214, "TFT_STRING"], [215, "TFT_BFLOAT16"],
    [1000, "TFT_TENSOR"], [1001, "TFT_ARRAY"], [1002, "TFT_OPTIONAL"], [1003, "TFT_LITERAL"], [1004, "TFT_ENCODED"],
    [1005, "TFT_SHAPE_TENSOR"], [10102, "TFT_DATASET"], [10103, "TFT_RAGGED"], [10104, "TFT_ITERATOR"],
    [10202, "TFT_MUTEX_LOCK"], [10203, "TFT_LEGACY_VARIANT"],
  ]),
);

const dimension = messageSchema(() => ({ size: [1, "int64"], name: [2, "string"] }));
/** A TensorShapeProto. */
export const shape = messageSchema(() => ({ dim: [2, dimension, "repeated"], unknown_rank: [3, "bool"] }));
const dtypeAndShape = messageSchema(() => ({ dtype: [1, dataType], shape: [2, shape] }));

const resourceHandle = messageSchema(() => ({
  device: [1, "string"], container: [2, "string"], name: [3, "string"], hash_code: [4, "int64"], maybe_type_name: [5, "string"],
  dtypes_and_shapes: [6, dtypeAndShape, "repeated"],
}));

const variant: MessageSchema = messageSchema(() => ({
  type_name: [1, "string"], metadata: [2, "bytes"], tensors: [3, tensor, "repeated"],
}));

/** A TensorProto. */
export const tensor: MessageSchema = messageSchema(() => ({
  dtype: [1, dataType], tensor_shape: [2, shape], version_number: [3, "int32"], tensor_content: [4, "bytes"],
  float_val: [5, "float", "repeated"], double_val: [6, "double", "repeated"], int_val: [7, "int32", "repeated"],
  string_val: [8, "bytes", "repeated"], scomplex_val: [9, "float", "repeated"], int64_val: [10, "int64", "repeated"],
  bool_val: [11, "bool", "repeated"], dcomplex_val: [12, "double", "repeated"], half_val: [13, "int32", "repeated"],
  resource_handle_val: [14, resourceHandle, "repeated"], variant_val: [15, variant, "repeated"],
  uint32_val: [16, "uint32", "repeated"], uint64_val: [17, "int64", "repeated"], float8_val: [18, "bytes"],
}));

const listValue: MessageSchema = messageSchema(() => ({
  s: [2, "bytes", "repeated"], i: [3, "int64", "repeated"], f: [4, "float", "repeated"], b: [5, "bool", "repeated"],
  type: [6, dataType, "repeated"], shape: [7, shape, "repeated"], tensor: [8, tensor, "repeated"], func: [9, nameAttrList, "repeated"],
}));

const attrValue: MessageSchema = messageSchema(() => ({
  list: [1, listValue, "oneof"], s: [2, "bytes", "oneof"], i: [3, "int64", "oneof"], f: [4, "float", "oneof"], b: [5, "bool", "oneof"],
  type: [6, dataType, "oneof"], shape: [7, shape, "oneof"], tensor: [8, tensor, "oneof"], placeholder: [9, "string", "oneof"],
  func: [10, nameAttrList, "oneof"],
}));

const attrEntry = entrySchema("string", () => attrValue);
const stringEntry = entrySchema("string", () => "string");

const nameAttrList: MessageSchema = messageSchema(() => ({ name: [1, "string"], attr: [2, attrEntry, "map"] }));

const fullType: MessageSchema = messageSchema(() => ({
  type_id: [1, fullTypeId], args: [2, fullType, "repeated"], s: [3, "string", "oneof"], i: [4, "int64", "oneof"],
}));

const debugInfo = messageSchema(() => ({ original_node_names: [1, "string", "repeated"], original_func_names: [2, "string", "repeated"] }));

const node = messageSchema(() => ({
  name: [1, "string"], op: [2, "string"], input: [3, "string", "repeated"], device: [4, "string"], attr: [5, attrEntry, "map"],
  experimental_debug_info: [6, debugInfo], experimental_type: [7, fullType],
}));

const argument = messageSchema(() => ({
  name: [1, "string"], description: [2, "string"], type: [3, dataType], type_attr: [4, "string"], number_attr: [5, "string"],
  type_list_attr: [6, "string"], handle_data: [7, dtypeAndShape, "repeated"], is_ref: [16, "bool"], experimental_full_type: [17, fullType],
}));

const opAttribute = messageSchema(() => ({
  name: [1, "string"], type: [2, "string"], default_value: [3, attrValue], description: [4, "string"], has_minimum: [5, "bool"],
  minimum: [6, "int64"], allowed_values: [7, attrValue],
}));

const opDeprecation = messageSchema(() => ({ version: [1, "int32"], explanation: [2, "string"] }));

/** An operation's declaration, as functions and stripped op lists hold it. */
export const opDefSchema = messageSchema(() => ({
  name: [1, "string"], input_arg: [2, argument, "repeated"], output_arg: [3, argument, "repeated"], attr: [4, opAttribute, "repeated"],
  summary: [5, "string"], description: [6, "string"], deprecation: [8, opDeprecation], is_aggregate: [16, "bool"],
  is_stateful: [17, "bool"], is_commutative: [18, "bool"], allows_uninitialized_input: [19, "bool"],
  control_output: [20, "string", "repeated"], is_distributed_communication: [21, "bool"],
}));

const argAttrs = messageSchema(() => ({ attr: [1, attrEntry, "map"] }));

const functionDef = messageSchema(() => ({
  signature: [1, opDefSchema], node_def: [3, node, "repeated"], ret: [4, stringEntry, "map"], attr: [5, attrEntry, "map"],
  control_ret: [6, stringEntry, "map"], arg_attr: [7, entrySchema("uint32", () => argAttrs), "map"],
  resource_arg_unique_id: [8, entrySchema("uint32", () => "uint32"), "map"],
}));

const gradientDef = messageSchema(() => ({ function_name: [1, "string"], gradient_func: [2, "string"] }));
const registeredGradient = messageSchema(() => ({ gradient_func: [1, "string"], registered_op_type: [2, "string"] }));

const library = messageSchema(() => ({
  function: [1, functionDef, "repeated"], gradient: [2, gradientDef, "repeated"], registered_gradients: [3, registeredGradient, "repeated"],
}));

const versions = messageSchema(() => ({ producer: [1, "int32"], min_consumer: [2, "int32"], bad_consumers: [3, "int32", "repeated"] }));

/** A whole graph. */
export const graphSchema = messageSchema(() => ({
  node: [1, node, "repeated"], library: [2, library], version: [3, "int32"], versions: [4, versions],
}));
