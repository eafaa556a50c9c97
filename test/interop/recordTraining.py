"""Records a small classifier that real TensorFlow built and trained, for test/fixtures/tensorflow/training: meta graph, checkpoint, losses and values. Usage: recordTraining.py DIR"""
import gzip
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow.compat.v1 as tf

DIR = sys.argv[1]
STEPS = 4
LABELS = [2, 0]
KEPT = ["conv", "a/w", "d/b", "a/w/Adam_1", "b/w/ExponentialMovingAverage", "global_step", "loss/ExponentialMovingAverage"]
tf.disable_v2_behavior()
tf.disable_resource_variables()
tf.set_random_seed(7)


def dense(name, x, units):
    with tf.variable_scope(name):
        weights = tf.get_variable("w", [int(x.shape[1]), units])
        return tf.nn.bias_add(tf.matmul(x, weights), tf.get_variable("b", [units], initializer=tf.zeros_initializer()))


def loss_of(x, y):
    """Every operation whose gradient is one operation of TensorFlow's own."""
    h = tf.nn.leaky_relu(tf.nn.conv2d(x, tf.get_variable("conv", [3, 3, 1, 4]), [1, 2, 2, 1], "SAME"))
    h = tf.reshape(tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"), [2, -1])
    h = tf.sigmoid(dense("b", tf.tanh(dense("a", h, 5)), 5))
    h = tf.nn.relu(dense("c", h, 5) + 0.5) + tf.nn.softplus(h) + tf.nn.relu6(h)
    h = h * tf.rsqrt(tf.reduce_mean(tf.square(h), 1, keepdims=True) + 1e-3) + tf.sqrt(h + 1.0)
    logits = dense("d", h, 3)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    full = tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot(y, 3), logits=logits * 0.5)
    return tf.identity(tf.reduce_mean(sparse) + tf.reduce_mean(full), name="loss")


def train(loss):
    optimizer = tf.train.AdamOptimizer(0.01)
    gradients, variables = zip(*optimizer.compute_gradients(loss))
    clipped, _ = tf.clip_by_global_norm(gradients, 1.0)
    update = optimizer.apply_gradients(zip(clipped, variables), global_step=tf.train.get_or_create_global_step())
    with tf.control_dependencies([update]):
        averages = tf.train.ExponentialMovingAverage(0.9).apply(tf.trainable_variables() + [loss])
    tf.group(averages, name="train")
    tf.summary.scalar("loss", loss)


x = tf.placeholder(tf.float32, [2, 8, 8, 1], name="x")
y = tf.placeholder(tf.int32, [2], name="y")
loss = loss_of(x, y)
train(loss)
saver = tf.train.Saver()
feeds = {x: ((np.arange(128) * 37 % 101) / 50.0 - 1).astype(np.float32).reshape(2, 8, 8, 1), y: LABELS}
prefix = os.path.join(DIR, "model")
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    saver.save(session, prefix, write_state=False)
    losses = [float(session.run([loss, "train"], feeds)[0]) for _ in range(STEPS)]
    values = {name: [float(f"{each:.9g}") for each in np.ravel(session.run(f"{name}:0"))] for name in KEPT}
with open(f"{prefix}.meta", "rb") as file, open(f"{prefix}.meta.gz", "wb") as packed:
    packed.write(gzip.compress(file.read(), mtime=0))
os.remove(f"{prefix}.meta")
with open(os.path.join(DIR, "expected.json"), "w", encoding="utf-8") as file:
    json.dump({"labels": LABELS, "losses": losses, "values": values}, file)
    file.write("\n")
