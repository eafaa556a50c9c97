"""What TensorFlow, TensorBoard and PyTorch make of the files that we wrote; then they write, for our readers. Usage: check.py DIR"""
import base64
import json
import os
import struct
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from tensorboard.backend.event_processing import event_accumulator

DIR = sys.argv[1]
at = lambda *parts: os.path.join(DIR, *parts)
with open(at("expected.json"), encoding="utf-8") as file:
    EXPECTED = json.load(file)
THEIRS = {"checkpoints": {}, "events": {}, "metaGraphs": {}, "sameBytes": []}


def check(name, work):
    try:
        work()
        print(f"ok       {name}", flush=True)
    except Exception as error:
        print(f"FAILED   {name}: {type(error).__name__}: {str(error)[:600]!r}", flush=True)


def same(what, got, wanted):
    if got != wanted:
        raise AssertionError(f"{what}: got {str(got)[:200]}, wanted {str(wanted)[:200]}")


def bits(value):
    """A number as the bits of a double, so that NaN equals NaN and -0 is not 0."""
    number = float(value)
    return "NaN" if number != number else struct.pack("<d", number).hex()


def points(rows):
    return [(step, bits(value)) for step, value in rows]


def json_number(value):
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def json_tensor(name, array, dtype):
    tensor = {"name": name, "dtype": dtype, "shape": list(np.shape(array))}
    if dtype == "string":
        tensor["strings"] = [item.hex() for item in np.asarray(array, dtype=object).reshape(-1)]
    else:
        tensor["bytes"] = np.asarray(array).tobytes().hex()
    return tensor


def tensors_of(prefix):
    reader = tf.train.load_checkpoint(prefix)
    dtypes = reader.get_variable_to_dtype_map()
    return [json_tensor(name, reader.get_tensor(name), dtypes[name].name) for name in sorted(dtypes)]


def by_name(tensors):
    return {tensor["name"]: tensor for tensor in tensors}


def check_checkpoint(prefix, wanted):
    same("list_variables", dict(tf.train.list_variables(prefix)), {tensor["name"]: tensor["shape"] for tensor in wanted})
    got, expected = by_name(tensors_of(prefix)), by_name(wanted)
    for name in expected:
        same(name, got[name], expected[name])


def check_checkpoints():
    for name, wanted in EXPECTED["checkpoints"].items():
        check(f"checkpoints/{name}: TensorFlow reads {len(wanted)} tensors, equal", lambda: check_checkpoint(at("checkpoints", name), wanted))


def accumulated(folder):
    keep_all = {kind: 0 for kind in ("scalars", "images", "histograms", "compressedHistograms", "tensors", "audio", "graph")}
    return event_accumulator.EventAccumulator(folder, size_guidance=keep_all).Reload()


def scalar_points(events, tag):
    return points((event.step, event.value) for event in events.Scalars(tag))


def decoded(encoded, channels):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        return session.run(tf.io.decode_png(encoded, channels=channels))


def check_events():
    wanted, events = EXPECTED["events"], accumulated(at("events"))

    def scalars():
        same("tags", sorted(events.Tags()["scalars"]), sorted(wanted["scalars"]))
        for tag, rows in wanted["scalars"].items():
            same(tag, scalar_points(events, tag), points(rows))

    def tensor_scalars():
        for tag, rows in wanted["tensorScalars"].items():
            found = [(event.step, bits(tf.make_ndarray(event.tensor_proto))) for event in events.Tensors(tag)]
            same(tag, found, points(rows))
            same("plugin", events.SummaryMetadata(tag).plugin_data.plugin_name, "scalars")
            same("display name", events.SummaryMetadata(tag).display_name, "Accuracy")

    def texts():
        for tag, text in wanted["texts"].items():
            same(tag, [tf.make_ndarray(event.tensor_proto)[0].decode() for event in events.Tensors(tag)], [text])

    def images():
        same("tags", sorted(events.Tags()["images"]), sorted(wanted["images"]))
        for tag, image in wanted["images"].items():
            (event,) = events.Images(tag)
            pixels = decoded(event.encoded_image_string, image["channels"])
            same(tag, (event.width, event.height, pixels.shape), (image["width"], image["height"], (image["height"], image["width"], image["channels"])))
            same(tag, pixels.tobytes().hex(), image["pixels"])

    def histograms():
        same("tags", sorted(events.Tags()["histograms"]), sorted(wanted["histograms"]))
        for tag, histogram in wanted["histograms"].items():
            (event,) = events.Histograms(tag)
            value = event.histogram_value
            same(tag, [value.min, value.max, value.num, value.sum, value.sum_squares], histogram["values"])
            same(tag, (list(value.bucket_limit), list(value.bucket)), (histogram["limits"], histogram["counts"]))

    def session_logs():
        found = []
        for event in tf.compat.v1.train.summary_iterator(only_file(at("events"))):
            if event.WhichOneof("what") == "session_log":
                log = event.session_log
                found.append([event.step, log.status, log.checkpoint_path, log.msg])
        same("session logs", found, wanted["sessionLogs"])

    check("events: TensorBoard lists the scalars, every value equal", scalars)
    check("events: TensorBoard lists the scalars in tensors, with plugin and name", tensor_scalars)
    check("events: TensorBoard lists the texts", texts)
    check("events: TensorBoard lists the images, and they decode to our pixels", images)
    check("events: TensorBoard lists the histograms, every bucket equal", histograms)
    check("events: TensorBoard counts the graph's nodes", lambda: same("nodes", len(events.Graph().node), wanted["graphNodes"]))
    check("events: TensorBoard reads the meta graph", lambda: same("nodes", len(events.MetaGraph().graph_def.node), wanted["graphNodes"]))
    check("events: TensorFlow reads the session logs", session_logs)


def only_file(folder):
    (name,) = [name for name in os.listdir(folder) if "tfevents" in name]
    return os.path.join(folder, name)


def read(*parts):
    with open(at(*parts), "rb") as file:
        return file.read()


def in_order(message):
    """A message as bytes that are comparable: messages with a NaN inside are never equal as such."""
    return message.SerializeToString(deterministic=True)


def check_graphs():
    def text():
        binary = tf.compat.v1.GraphDef.FromString(read("graphs", "made.pb"))
        parsed = text_format.Parse(read("graphs", "made.pbtxt").decode(), tf.compat.v1.GraphDef())
        same("graphs equal", in_order(parsed) == in_order(binary), True)
        same("nodes", len(parsed.node), EXPECTED["graphs"]["nodes"])
        same("attributes", len(parsed.node[0].attr), EXPECTED["graphs"]["attrs"])
        same("bytes", parsed.node[0].attr["bytes"].s.hex(), EXPECTED["graphs"]["bytesAttr"])
        same("our text", read("graphs", "made.pbtxt").decode(), text_format.MessageToString(binary, float_format=""))

    def meta():
        found = tf.compat.v1.MetaGraphDef.FromString(read("graphs", "made.meta"))
        same("graph", found.graph_def, tf.compat.v1.GraphDef.FromString(read("graphs", "made.pb")))
        same("version", found.meta_info_def.tensorflow_version, "1.15.0")
        same("saver", (found.saver_def.restore_op_name, found.saver_def.max_to_keep, found.saver_def.version), ("save/restore_all", 5, 2))
        collections = found.collection_def
        same("collections", sorted(collections), ["bytes", "floats", "ints", "train_op"])
        same("numbers", (list(collections["ints"].int64_list.value), list(collections["floats"].float_list.value)), ([-1, 2**40], [0.5, 2]))

    check("graphs: text and bytes are the same graph to TensorFlow, and it prints our text", text)
    check("graphs: TensorFlow reads the meta graph", meta)


def check_meta_graphs():
    """Our meta graphs: imported, restored, computed, saved again."""
    for name, wanted in EXPECTED["metaGraphs"].items():

        def imported():
            prefix = wanted["prefix"]
            with tf.Graph().as_default(), tf.compat.v1.Session() as session:
                saver = tf.compat.v1.train.import_meta_graph(prefix + ".meta", clear_devices=True)
                saver.restore(session, prefix)
                variables = {variable.op.name: variable for variable in tf.compat.v1.global_variables()}
                same("variables", sorted(variables), sorted(wanted["variables"]))
                for key, value in session.run(variables).items():
                    same(key, np.asarray(value).reshape(-1).tolist(), wanted["variables"][key])
                for key, value in wanted["values"].items():
                    got = np.asarray(session.run(key)).reshape(-1).astype(np.float64)
                    np.testing.assert_allclose(got, np.float64(value), rtol=2e-4, atol=2e-5, err_msg=key)
                os.makedirs(at("theirs", "metaGraphs"), exist_ok=True)
                again = at("theirs", "metaGraphs", name)
                saver.save(session, again)
            THEIRS["checkpoints"][f"theirs/metaGraphs/{name}"] = tensors_of(again)

        check(f"metaGraphs/{name}: TensorFlow imports it, restores {len(wanted['variables'])} variables, computes {len(wanted['values'])} values alike", imported)


def check_states():
    for name, wanted in EXPECTED["states"].items():
        def state():
            found = tf.train.get_checkpoint_state(at("states", name))
            same("newest", found.model_checkpoint_path, wanted["modelCheckpointPath"])
            same("all", list(found.all_model_checkpoint_paths), wanted["allModelCheckpointPaths"])
            same("times", list(found.all_model_checkpoint_timestamps), wanted["timestamps"])
            same("preserved", found.last_preserved_timestamp, wanted.get("lastPreservedTimestamp", 0))

        check(f"states/{name}: TensorFlow reads the state file", state)


def check_samples():
    for name, wanted in EXPECTED["samples"].items():
        check_sample(name, wanted)


def check_sample(name, wanted):
    folder = at("samples", name)
    prefix, events = wanted["prefix"], accumulated(folder)

    def scalars():
        same("tags", sorted(events.Tags()["scalars"]), sorted(wanted["scalars"]))
        for tag, rows in wanted["scalars"].items():
            same(tag, scalar_points(events, tag), points(rows))

    def images():
        same("tags", {tag: len(events.Images(tag)) for tag in events.Tags()["images"]}, wanted["images"])
        for tag in wanted["images"]:
            for event in events.Images(tag):
                same(tag, decoded(event.encoded_image_string, 0).shape[:2], (event.height, event.width))

    def graph_text():
        text = text_format.Parse(read("samples", name, "graph.pbtxt").decode(), tf.compat.v1.GraphDef())
        same("nodes", len(text.node), wanted["graphNodes"])
        same("graphs equal", in_order(text) == in_order(events.Graph()), True)

    def restore():
        again = at("theirs", "samples", name)
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            saver = tf.compat.v1.train.import_meta_graph(prefix + ".meta")
            saver.restore(session, prefix)
            reader = tf.train.load_checkpoint(prefix)
            variables = tf.compat.v1.global_variables()
            same("variables", sorted(variable.op.name for variable in variables), sorted(tensor["name"] for tensor in wanted["tensors"]))
            for variable, value in zip(variables, session.run(variables)):
                same(variable.name, value.tobytes(), np.asarray(reader.get_tensor(variable.op.name)).tobytes())
            os.makedirs(again)
            saver.save(session, os.path.join(again, "model"))
            nodes = len(tf.compat.v1.get_default_graph().as_graph_def().node)
        theirs = f"theirs/samples/{name}/model"
        THEIRS["checkpoints"][theirs] = wanted["tensors"]
        THEIRS["metaGraphs"][theirs + ".meta"] = nodes
        for suffix in (".index", ".data-00000-of-00001"):
            THEIRS["sameBytes"].append([os.path.relpath(prefix, DIR) + suffix, theirs + suffix])

    def compute():
        question = wanted["computed"]
        feeds = {key: np.array(feed["values"], feed["dtype"]).reshape(feed["shape"]) for key, feed in question["feeds"].items()}
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            tf.compat.v1.train.import_meta_graph(prefix + ".meta").restore(session, prefix)

            def near(values):
                for key, value in zip(values, session.run(list(values), feeds)):
                    np.testing.assert_allclose(value.reshape(-1), np.float32(values[key]), rtol=1e-3, atol=1e-4, err_msg=key)

            near(question["before"])
            session.run(question["step"], feeds)
            near(question["after"])

    check(f"{name}: TensorFlow finds the newest checkpoint", lambda: same("prefix", tf.train.latest_checkpoint(folder), prefix))
    check(f"{name}: TensorFlow reads {len(wanted['tensors'])} tensors, equal", lambda: check_checkpoint(prefix, wanted["tensors"]))
    check(f"{name}: TensorBoard lists {len(wanted['scalars'])} scalars, every value equal", scalars)
    check(f"{name}: TensorBoard lists {len(wanted['images'])} images, and they decode", images)
    check(f"{name}: TensorBoard lists {len(wanted['histograms'])} histograms", lambda: same("tags", {tag: len(events.Histograms(tag)) for tag in events.Tags()["histograms"]}, wanted["histograms"]))
    if wanted["graphNodes"]:
        check(f"{name}: TensorBoard counts the graph's nodes", lambda: same("nodes", len(events.Graph().node), wanted["graphNodes"]))
    if wanted["graphText"]:
        check(f"{name}: graph.pbtxt is the graph of the event file to TensorFlow", graph_text)
    check(f"{name}: TensorFlow imports the meta graph, restores and saves again", restore)
    if "computed" in wanted:
        check(f"{name}: TensorFlow computes {len(wanted['computed']['before'])} values alike, trains a step of it, and computes them alike again", compute)


def check_exported():
    """The generator as a server takes it: collections tell the names, a picture goes in and comes out as base64."""
    wanted = EXPECTED["exported"]

    def answer():
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            tf.compat.v1.train.import_meta_graph(wanted["prefix"] + ".meta").restore(session, wanted["prefix"])
            inputs, outputs = (json.loads(tf.compat.v1.get_collection(key)[0]) for key in ("inputs", "outputs"))
            text, key = session.run([outputs["output"], outputs["key"]], {inputs["input"]: [wanted["input"]], inputs["key"]: ["seven"]})
            same("key", key, [b"seven"])
            padded = text[0] + b"=" * (-len(text[0]) % 4)
            picture = decoded(base64.urlsafe_b64decode(padded), 3)
        same("shape", list(picture.shape), wanted["shape"])
        apart = np.abs(picture.reshape(-1).astype(int) - np.array(wanted["bytes"]))
        same("bytes apart by more than one", int((apart > 1).sum()), 0)

    check("exported: TensorFlow imports the generator, restores it and makes the same picture", answer)


def save_theirs():
    """The same tensors, saved by TensorFlow in the order of their names."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        for name in ("everyType", "many"):
            reader = tf.train.load_checkpoint(at("checkpoints", name))
            dtypes = reader.get_variable_to_dtype_map()
            names = sorted(dtypes, key=lambda text: text.encode())
            tensors = [tf.compat.v1.placeholder(dtypes[tensor]) for tensor in names]
            path = at("theirs", name)
            save = tf.raw_ops.SaveV2(prefix=path, tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)
            session.run(save, {tensor: reader.get_tensor(key) for tensor, key in zip(tensors, names)})
            THEIRS["checkpoints"][f"theirs/{name}"] = EXPECTED["checkpoints"][name]
            for suffix in (".index", ".data-00000-of-00001"):
                THEIRS["sameBytes"].append([f"checkpoints/{name}{suffix}", f"theirs/{name}{suffix}"])


def write_theirs():
    values = [float(np.float32(value)) for value in (0.1, -1e30, float("inf"), 1e-45)]
    folder = at("theirs", "tensorflow")
    with tf.Graph().as_default():
        writer = tf.compat.v1.summary.FileWriter(folder)
        for step, value in enumerate(values):
            writer.add_summary(tf.compat.v1.Summary(value=[tf.compat.v1.Summary.Value(tag="loss", simple_value=value)]), step)
        writer.close()
    THEIRS["events"]["theirs/tensorflow"] = {"loss": [[step, json_number(value)] for step, value in enumerate(values)]}


def write_torch():
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        print("skipped  PyTorch is not installed: pip install torch", flush=True)
        return

    def write():
        folder = at("theirs", "torch")
        with SummaryWriter(folder) as writer:
            for step in range(50):
                writer.add_scalar("loss", 1 / (step + 1), step)
        THEIRS["events"]["theirs/torch"] = {"loss": [[step, float(np.float32(1 / (step + 1)))] for step in range(50)]}

    check("PyTorch writes an event file", write)


def main():
    os.makedirs(at("theirs"))
    check_checkpoints()
    check_events()
    check_graphs()
    check_meta_graphs()
    check_states()
    check_samples()
    check_exported()
    check("TensorFlow saves our tensors again", save_theirs)
    check("TensorFlow writes an event file", write_theirs)
    write_torch()
    with open(at("theirs.json"), "w", encoding="utf-8") as file:
        json.dump(THEIRS, file)


main()
