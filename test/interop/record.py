"""Records what real TensorFlow does, for test/fixtures/tensorflow: its optimizers step by step, the nodes of some small graphs, its list of operations. Usage: record.py DIR"""
import gzip
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session as session_api

DIR = sys.argv[1]
tf1 = tf.compat.v1
tf1.disable_v2_behavior()
STEPS = 6
TRAIN = tf1.train


def bits(value):
    """Float numbers by their bits, others as they are."""
    array = np.asarray(value)
    return array.view(np.uint32).reshape(-1).tolist() if array.dtype == np.float32 else array.reshape(-1).tolist()


OPTIMIZERS = [
    {"kind": "GradientDescentOptimizer", "args": {"learning_rate": 0.1}},
    {"kind": "MomentumOptimizer", "args": {"learning_rate": 0.05, "momentum": 0.9}},
    {"kind": "MomentumOptimizer", "args": {"learning_rate": 0.05, "momentum": 0.9, "use_nesterov": True}},
    {"kind": "AdamOptimizer", "args": {}},
    {"kind": "AdamOptimizer", "args": {"learning_rate": 0.0002, "beta1": 0.5}},
    {"kind": "AdamOptimizer", "args": {"learning_rate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.1, "name": "Own"}},
    {"kind": "RMSPropOptimizer", "args": {"learning_rate": 0.01}},
    {"kind": "RMSPropOptimizer", "args": {"learning_rate": 0.01, "decay": 0.8, "momentum": 0.6, "epsilon": 1e-6}},
    {"kind": "RMSPropOptimizer", "args": {"learning_rate": 0.01, "momentum": 0.5, "centered": True}},
    {"kind": "AdagradOptimizer", "args": {"learning_rate": 0.3}},
    {"kind": "AdagradOptimizer", "args": {"learning_rate": 0.3, "initial_accumulator_value": 0.5}},
]


def slopes(shape, phase):
    size = int(np.prod(shape))
    return np.float32([np.sin(1.7 * at + phase) * 10 ** (at % 3 - 1) for at in range(size)]).reshape(shape)


def run_optimizer(case, resource):
    with tf1.Graph().as_default(), tf1.Session() as session:
        step = TRAIN.create_global_step()
        with tf1.variable_scope("net", use_resource=resource):
            w = tf1.get_variable("w", initializer=slopes([2, 3], 0.3))
            b = tf1.get_variable("b", initializer=np.float32([0.5, -0.25]))
        fed = [tf1.placeholder(tf.float32, variable.shape) for variable in (w, b)]
        optimizer = getattr(TRAIN, case["kind"])(**case["args"])
        train = optimizer.apply_gradients(list(zip(fed, (w, b))), global_step=step)
        session.run(tf1.global_variables_initializer())
        variables = tf1.global_variables()
        steps = []
        for at in range(STEPS):
            session.run(train, {fed[0]: slopes([2, 3], at), fed[1]: slopes([2], at + 0.5)})
            steps.append({variable.op.name: bits(value) for variable, value in zip(variables, session.run(variables))})
        return {
            **case, "resource": resource, "variables": [variable.op.name for variable in variables],
            "slotNames": optimizer.get_slot_names(), "own": sorted(variable.op.name for variable in optimizer.variables()),
            "slots": {name: [optimizer.get_slot(variable, name).op.name for variable in (w, b)] for name in optimizer.get_slot_names()},
            "trainOp": train.name if isinstance(train, tf.Operation) else train.op.name,
            "types": {op.name: op.type for op in tf1.get_default_graph().get_operations() if "Apply" in op.type}, "steps": steps,
        }


def initialized_value():
    v = tf1.get_variable("v", shape=[2], initializer=tf1.zeros_initializer())
    with tf1.control_dependencies([tf.no_op("before")]), tf1.name_scope("outer"):
        v.initialized_value()


def orthogonal(shape, gain):
    return lambda: tf1.get_variable("v", shape=shape, initializer=tf1.orthogonal_initializer(gain=gain, seed=3))


def l2_loss():
    v = tf1.get_variable("v", shape=[2], initializer=tf1.zeros_initializer())
    tf1.gradients(tf1.nn.l2_loss(v), [v])


GRAPHS = {
    "initializedValue": initialized_value,
    "orthogonalTall": orthogonal([3, 2], 2.0),
    "orthogonalWide": orthogonal([2, 3], 1.0),
    "l2Loss": l2_loss,
}


def nodes_of(build):
    with tf1.Graph().as_default() as graph:
        build()
        return {node.name: [node.op, *node.input] for node in graph.as_graph_def().node}


def orthogonal_values():
    """The first draw of each."""
    values = {}
    for name, shape, gain in (("tall", [4, 3], 2.0), ("wide", [2, 5], 1.0), ("deep", [2, 3, 4], 1.5)):
        with tf1.Graph().as_default(), tf1.Session() as session:
            v = tf1.get_variable("v", shape=shape, initializer=tf1.orthogonal_initializer(gain=gain, seed=7))
            session.run(v.initializer)
            values[name] = {"shape": shape, "gain": gain, "values": [float(each) for each in session.run(v).reshape(-1)]}
    return values


def argument(arg):
    """A name, and what says how many tensors of which type it takes or gives."""
    keys = {"number": arg.number_attr, "list": arg.type_list_attr, "of": arg.type_attr, "type": tf.dtypes.as_dtype(arg.type).name if arg.type else ""}
    return {"name": arg.name, **{key: value for key, value in keys.items() if value}, **({"ref": True} if arg.is_ref else {})}


def attribute(attr):
    """Its kind, whether it may be left out, which type it then is, and which values it takes."""
    allowed = attr.allowed_values.list
    values = [tf.dtypes.as_dtype(each).name for each in allowed.type] + [each.decode() for each in allowed.s]
    default = tf.dtypes.as_dtype(attr.default_value.type).name if attr.default_value.type else None
    found = {"kind": attr.type, "optional": attr.HasField("default_value"), "default": default, "allowed": values, "minimum": attr.minimum if attr.has_minimum else None}
    return {key: value for key, value in found.items() if value not in (None, [], False)}


def operations():
    """TensorFlow's own list of its operations."""
    listed = op_def_pb2.OpList.FromString(session_api.TF_GetBuffer(session_api.TF_GetAllOpList()))
    return {
        definition.name: {
            "inputs": [argument(arg) for arg in definition.input_arg], "outputs": [argument(arg) for arg in definition.output_arg],
            "attrs": {attr.name: attribute(attr) for attr in definition.attr},
        }
        for definition in sorted(listed.op, key=lambda each: each.name) if not definition.name.startswith("_")
    }


def write(name, value):
    with open(os.path.join(DIR, name), "w", encoding="utf-8") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


write("optimizers.json", {"steps": STEPS, "cases": [run_optimizer(case, resource) for case in OPTIMIZERS for resource in (False, True)]})
write("nodes.json", {name: nodes_of(build) for name, build in GRAPHS.items()})
write("orthogonal.json", orthogonal_values())
with gzip.GzipFile(os.path.join(DIR, "operations.json.gz"), "wb", mtime=0) as packed:
    packed.write(json.dumps(operations(), separators=(",", ":")).encode())
