// Output shapes of products: matrix multiplication, convolutions, pooling, and their gradient kernels.
import * as tf from "@tensorflow/tfjs-core";
import type { KernelAttrs } from "./engine";
import type { OutputSpec } from "./operation";
import type { ShapeRule } from "./shapeRules";

const float = (shape: readonly number[]): OutputSpec => ({ shape: [...shape], dtype: "float32" });

type Four = [number, number, number, number];
type Five = [number, number, number, number, number];
type Pad = number | "valid" | "same";
type Rounding = "floor" | "round" | "ceil";

const matMul: ShapeRule = ({ byKey: { a, b } }, { transposeA, transposeB }) => {
  const left = a?.shape ?? [];
  const right = b?.shape ?? [];
  const batch = tf.backend_util.assertAndGetBroadcastShape(left.slice(0, -2), right.slice(0, -2));
  const rows = left.at(transposeA === true ? -1 : -2) ?? 1;
  const columns = right.at(transposeB === true ? -2 : -1) ?? 1;
  return { shape: [...batch, rows, columns], dtype: a?.dtype ?? "float32" };
};

function conv2d(depthwise: boolean): ShapeRule {
  return ({ byKey: { x, filter } }, attrs) => {
    const info = tf.backend_util.computeConv2DInfo(
      [...(x?.shape ?? [])] as Four,
      [...(filter?.shape ?? [])] as Four,
      attrs["strides"] as number | [number, number],
      (attrs["dilations"] ?? 1) as number | [number, number],
      attrs["pad"] as Pad,
      attrs["dimRoundingMode"] as Rounding | undefined,
      depthwise,
      dataFormat2d(attrs),
    );
    return float(info.outShape);
  };
}

const conv3d: ShapeRule = ({ byKey: { x, filter } }, attrs) => {
  const info = tf.backend_util.computeConv3DInfo(
    [...(x?.shape ?? [])] as Five,
    [...(filter?.shape ?? [])] as Five,
    attrs["strides"] as number | [number, number, number],
    (attrs["dilations"] ?? 1) as number | [number, number, number],
    attrs["pad"] as "same" | "valid",
  );
  return float(info.outShape);
};

const pool2d: ShapeRule = ({ byKey: { x } }, attrs) => {
  const info = tf.backend_util.computePool2DInfo(
    [...(x?.shape ?? [])] as Four,
    attrs["filterSize"] as number | [number, number],
    attrs["strides"] as number | [number, number],
    1,
    attrs["pad"] as Pad,
    attrs["dimRoundingMode"] as Rounding | undefined,
  );
  return { shape: info.outShape, dtype: x?.dtype ?? "float32" };
};

const pool3d: ShapeRule = ({ byKey: { x } }, attrs) => {
  const info = tf.backend_util.computePool3DInfo(
    [...(x?.shape ?? [])] as Five,
    attrs["filterSize"] as number | [number, number, number],
    attrs["strides"] as number | [number, number, number],
    1,
    attrs["pad"] as "same" | "valid" | number,
    attrs["dimRoundingMode"] as Rounding | undefined,
    attrs["dataFormat"] as "NDHWC" | "NCDHW" | undefined,
  );
  return { shape: info.outShape, dtype: x?.dtype ?? "float32" };
};

const shapedBy = (attr: string): ShapeRule => (_inputs, attrs) => float(attrs[attr] as readonly number[]);
const shapedLike = (key: string): ShapeRule => ({ byKey }) => float(byKey[key]?.shape ?? []);

/** Rules by kernel. */
export const convRules: Readonly<Record<string, ShapeRule>> = {
  BatchMatMul: matMul,
  Conv2D: conv2d(false),
  DepthwiseConv2dNative: conv2d(true),
  Conv3D: conv3d,
  Conv2DBackpropInput: shapedBy("inputShape"),
  Conv2DBackpropFilter: shapedBy("filterShape"),
  DepthwiseConv2dNativeBackpropInput: shapedBy("inputShape"),
  DepthwiseConv2dNativeBackpropFilter: shapedBy("filterShape"),
  Conv3DBackpropInputV2: shapedBy("inputShape"),
  Conv3DBackpropFilterV2: shapedBy("filterShape"),
  MaxPool: pool2d,
  AvgPool: pool2d,
  MaxPool3D: pool3d,
  AvgPool3D: pool3d,
  MaxPoolGrad: shapedLike("input"),
  AvgPoolGrad: shapedLike("input"),
  MaxPool3DGrad: shapedLike("input"),
  AvgPool3DGrad: shapedLike("input"),
};

function dataFormat2d(attrs: KernelAttrs): "channelsLast" | "channelsFirst" {
  return attrs["dataFormat"] === "NCHW" ? "channelsFirst" : "channelsLast";
}
