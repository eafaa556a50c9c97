import { spawn } from "node:child_process";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cliProgram, next, script, useTrainings } from "../../support/trainings";

const { start, startLive, temporary } = useTrainings();

interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly ended: Promise<Printed>;
  signal(name: NodeJS.Signals): void;
  /** Resolves once the output so far has this in it. */
  until(text: string): Promise<void>;
}

function begin(...words: readonly string[]): Running {
  const child = spawn(process.execPath, [cliProgram, ...words], { cwd: temporary.root, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  const waiting: { text: string; resolve: () => void }[] = [];
  const check = (): void => {
    for (const { text, resolve } of waiting) if (out.includes(text) || err.includes(text)) resolve();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => ((out += text), check()));
  child.stderr.setEncoding("utf8").on("data", (text: string) => ((err += text), check()));
  const ended = new Promise<Printed>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
  return {
    ended,
    signal: (name) => child.kill(name),
    until: (text) => {
      const seen = new Promise<void>((resolve) => waiting.push({ text, resolve }));
      check();
      return Promise.race([seen, ended.then(({ out, err }) => Promise.reject(new Error(`ended without "${text}":\n${out}\n${err}`)))]) as Promise<void>;
    },
  };
}

const cli = (...words: readonly string[]): Promise<Printed> => begin(...words).ended;

async function json(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await cli(...words, "--json");
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

const lines = (out: string): Record<string, unknown>[] => out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);

describe("run", () => {
  test("prints one object a line: started, every scalar, checkpoints, progress, ended", async () => {
    const { code, out, err } = await cli("run", script("descend.ts"), "--logdir", "exp", "--backend", "cpu", "--json", "--", "--max_steps", "20");
    expect(err).toBe("");
    expect(code).toBe(0);
    const said = lines(out);
    expect(said[0]).toMatchObject({ kind: "started", run: "exp", backend: "cpu", pid: expect.any(Number) as number });
    expect(said.filter(({ kind }) => kind === "scalars").map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(said.find(({ kind }) => kind === "scalars")).toMatchObject({ values: { loss: 1, rate: 2 } });
    expect(said.filter(({ kind }) => kind === "checkpoint")).toEqual([
      { kind: "checkpoint", prefix: "model-10", step: 10, deleted: [] },
      { kind: "checkpoint", prefix: "model-20", step: 20, deleted: [] },
    ]);
    expect(said.find(({ kind }) => kind === "progress")).toMatchObject({ of: 20 });
    expect(said.at(-1)).toEqual({ kind: "ended", how: "finished", step: 20, exitCode: 0 });
  });
  test("shows what the script prints, and ends with its exit code", async () => {
    const { code, out, err } = await cli("run", script("descend.ts"), "--logdir", "exp", "--backend", "cpu", "--", "--fail_at", "12");
    expect(out).toContain("saving at 10\n");
    expect(err).toContain("The training failed: step 12 was one too many\n");
    expect(code).toBe(1);
  });
  test("names runs after their script when no folder is given", async () => {
    for (const name of ["plain-1", "plain-2"]) {
      const { out } = await cli("run", script("plain.mjs"), "--backend", "cpu", "--json");
      expect(lines(out)[0]).toMatchObject({ run: `runs/${name}` });
    }
  });
  test("left alone goes on; attach follows it and stop ends it", async () => {
    const { out, code } = await cli("run", script("descend.ts"), "--name", "left", "--logdir", "exp", "--backend", "cpu", "--detach", "--", "--max_steps", "100000", "--pause_ms", "5");
    expect([out, code]).toEqual(["exp/left\n", 0]);
    const attached = begin("attach", "left", "--json");
    await attached.until('"kind":"scalars"');
    const stopped = await cli("stop", "exp/left");
    expect(stopped.out).toMatch(/^exp\/left stopped after its step at step \d+\.\n$/);
    expect(stopped.code).toBe(0);
    expect(lines((await attached.ended).out).at(-1)).toMatchObject({ kind: "ended", how: "stopped", exitCode: 0 });
  });
  test("stops gracefully at Ctrl-C", async () => {
    const running = begin("run", script("descend.ts"), "--logdir", "exp", "--backend", "cpu", "--json", "--", "--max_steps", "100000", "--pause_ms", "5");
    await running.until('"kind":"scalars"');
    running.signal("SIGINT");
    const { code, out } = await running.ended;
    expect(lines(out).at(-1)).toMatchObject({ kind: "ended", how: "stopped", exitCode: 0 });
    expect(code).toBe(0);
  });
  test("ends at once at the second Ctrl-C", async () => {
    const running = begin("run", script("plain.mjs"), "--logdir", "exp", "--backend", "cpu", "--", "3600000");
    await running.until("plain");
    running.signal("SIGINT");
    await running.until("Ctrl-C again");
    running.signal("SIGINT");
    expect((await running.ended).code).not.toBe(0);
    expect((await json("ls", "exp"))["runs"]).toMatchObject([{ state: "stopped" }]);
  });
  test("starts from a checkpoint that it is given", async () => {
    const first = await start("descend.ts", ["--max_steps", "30"]);
    await first.ended;
    const { out } = await cli("run", script("descend.ts"), "--logdir", "exp", "--backend", "cpu", "--restore", "run/model-10", "--json", "--", "--max_steps", "1");
    expect(lines(out).at(-1)).toMatchObject({ how: "finished", step: 11 });
  });
});

describe("what a run left behind", () => {
  test("is listed, inspected and drawn", async () => {
    const { ended, dir } = await start("descend.ts", ["--max_steps", "30"]);
    await ended;
    expect(await json("ls")).toMatchObject({
      runs: [{ name: "run", state: "finished", lastStep: 30, tags: 2, checkpoints: 3, backend: "cpu", bytes: expect.any(Number) as number }],
    });
    expect(await json("inspect", "run")).toMatchObject({
      kind: "logdir",
      runs: [{
        name: ".", files: 1, graphs: 1, damage: [],
        tags: [{ tag: "loss", plugin: "scalars", kind: "scalar", points: 30, superseded: 0, first: { step: 1, value: 1 }, nonFinite: 0 }, { tag: "rate" }],
      }],
    });
    expect(await json("inspect", "run/model-20", "--verify")).toMatchObject({
      kind: "checkpoint", format: "V2", shards: 1, verified: true, problems: [],
      variables: [{ name: "global_step", dtype: "int64", shape: [] }, { name: "model/position", dtype: "float32", shape: [2], bytes: 8 }],
    });
    expect(await json("inspect", "run/model-20.index", "--tensor", "global_step")).toMatchObject({ name: "global_step", dtype: "int64", shape: [], values: [20] });
    expect(await json("inspect", "run/model-20.meta")).toMatchObject({ kind: "graph" });
    expect(await json("inspect", "run/checkpoint")).toMatchObject({ kind: "checkpointState" });
    expect(await json("diff", "run/model-10", "run")).toMatchObject({
      from: "run/model-10", to: "run/model-30", equal: 0, added: [], removed: [], reshaped: [], problems: [],
      changed: [{ name: "global_step", relative: 2, nonFinite: 0, values: 1 }, { name: "model/position", nonFinite: 0, values: 2 }],
      scopes: [{ scope: "global_step", variables: 1 }, { scope: "model", variables: 1, changed: 1 }],
    });
    const eventFile = (await readdir(dir)).find((name) => name.includes("tfevents")) ?? "";
    expect(await json("inspect", `run/${eventFile}`)).toMatchObject({ kind: "logdir", runs: [{ name: ".", files: 1 }] });
    expect(await json("graph", "run", "--depth", "2")).toMatchObject({ variables: expect.any(Number) as number, functions: 0 });
  });
  test("is pruned by its plan, listed by reason, and brought back", async () => {
    const { ended, dir } = await start("descend.ts", ["--max_steps", "40", "--max_to_keep", "10"]);
    await ended;
    const before = await readdir(dir);
    expect(await json("checkpoints", "run", "--forecast", "2", "--interval", "60")).toMatchObject({
      policy: { maxToKeep: 10, source: "run.json" }, latest: "model-40", problems: [], forecast: [{ save: 1, atSeconds: 60 }, { save: 2 }],
    });
    const plan = await json("prune", "run", "--max-to-keep", "2", "--dry-run");
    expect(plan).toMatchObject({ deletes: [{ prefix: "model-10" }, { prefix: "model-20" }], keeps: [{ prefix: "model-30" }, { prefix: "model-40" }] });
    expect(plan).not.toHaveProperty("trash");
    expect(await readdir(dir)).toEqual(before);
    expect(await json("prune", "run", "--max-to-keep", "2")).toEqual({ ...plan, trash: expect.stringMatching(/^\.trash\//) as string });
    expect(await readdir(dir)).not.toContain("model-10.index");
    expect(await json("undo", "run")).toEqual({ prefixes: ["model-10", "model-20"] });
    expect((await readdir(dir)).filter((name) => name !== ".trash")).toEqual(before);
    await json("prune", "run", "--max-to-keep", "1");
    expect(await json("empty-trash", "run")).toMatchObject({ folders: 1 });
    expect((await cli("undo", "run")).err).toMatch(/trash is empty/);
  });
  test("goes on from a checkpoint, in place or in a branch that names its parent", async () => {
    const { ended } = await start("descend.ts", ["--max_steps", "20"]);
    await ended;
    expect(await json("restore", "run", "model-10", "--dry-run")).toMatchObject({ prefix: "model-10", fits: true, equal: 2 });
    const branched = await cli("restore", "run", "model-10", "--branch", "other", "--json");
    expect(lines(branched.out).at(-1)).toMatchObject({ kind: "ended", how: "finished", step: 30 });
    const inPlace = await cli("restore", "run", "model-10", "--json");
    expect(lines(inPlace.out).at(-1)).toMatchObject({ kind: "ended", how: "finished", step: 30 });
    expect(await json("ls")).toMatchObject({ runs: [{ name: "other", parent: "run@model-10" }, { name: "run" }] });
  });
});

describe("a training", () => {
  test("is restored, saved and listed while it goes on", async () => {
    const { connection } = await startLive(["--max_to_keep", "0"]);
    await next(connection.onCheckpoint, ({ step }) => step >= 20);
    expect(await json("ls")).toMatchObject({ runs: [{ name: "run", state: "running" }] });
    expect(await json("restore", "run", "model-10")).toMatchObject({ prefix: "model-10", step: 10 });
    expect(await json("checkpoint", "run")).toMatchObject({ prefix: expect.stringMatching(/^model/) as string, step: expect.any(Number) as number });
  });
});

describe("a command line that is wrong", () => {
  const wrong: readonly (readonly string[])[] = [
    [], ["dance"], ["run"], ["run", "a.ts", "--backend", "abacus"], ["ls", "a", "b"], ["inspect", "x", "--loud"], ["graph", "x", "--depth", "deep"],
    ["prune", "x", "--max-to-keep", "-1"], ["inspect", "x", "--npy", "file"], ["inspect", "x", "--csv", "file"],
  ];
  test.each(wrong.map((words) => [words.join(" "), words] as const))("%j exits with 2 and a usage line on stderr", async (_, words) => {
    const { code, out, err } = await cli(...words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/Usage:/);
  });
});

describe("what cannot be done exits with 1 and one sentence", () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["inspect", "nothing"], /^There is nothing at nothing\./],
    [["ls", "nothing"], /^There is no folder nothing\./],
    [["stop", "nobody"], /^There is no run nobody\./],
    [["run", "nowhere.ts"], /^There is no script .*nowhere\.ts\./],
    [["run", script("descend.ts"), "--restore", "model-9"], /^There is no checkpoint model-9\./],
    [["inspect", "\u001b[31mred"], /^There is nothing at \\x1b\[31mred\./],
  ];
  test.each(cases)("%j", async (words, sentence) => {
    const { code, out, err } = await cli(...words);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
  test("a backend asked for by name and not to be had", async () => {
    const { code, err } = await cli("run", script("descend.ts"), "--logdir", "exp", "--backend", "cuda");
    expect(code).toBe(1);
    expect(err).toMatch(/The backend cuda cannot be used/);
  });
});

test("names out of files cannot steer the terminal, and what the system refuses is one sentence", async () => {
  await writeFile(join(temporary.root, "steering.pbtxt"), 'node { name: "a\\033[31m/b" op: "No\\033Op" }');
  const { code, out } = await cli("graph", "steering.pbtxt");
  expect(code).toBe(0);
  expect(out).toContain("a\\x1b[31m");
  expect(out).not.toContain("\u001b");
  await cp(join(temporary.root, "steering.pbtxt"), join(temporary.root, "steering.svg"));
  expect((await cli("graph", "steering.svg")).err).toMatch(/^There is no graph in [^\n]*steering\.svg\./);
  const refused = await cli("graph", "steering.pbtxt", "--svg", join("nowhere", "drawing.svg"));
  expect(refused).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^ENOENT: no such file or directory[^\n]*nowhere[^\n]*\n$/) as string });
});

test("a graph made to do harm is drawn, and what is odd about it is said", async () => {
  const node = (name: string, op: string, ...inputs: string[]): string => `node { name: "${name}" op: "${op}" ${inputs.map((input) => `input: "${input}"`).join(" ")} }\n`;
  const deep = `${"s/".repeat(500)}leaf`;
  await writeFile(join(temporary.root, "hostile.pbtxt"), [
    node("loop/a", "Add", "loop/b"), node("loop/b", "Relu", "loop/a"), node("lost", "Add", "gone:1", "^nowhere"), node("n".repeat(10_000), "Const"), node(deep, "Relu", "n".repeat(10_000)),
    node("twin", "Const"), node("twin", "Relu", "twin"), node("", "Const"), node("rtl\u202egnp.exe/bell\u0007", "__proto__"), node("<img src=x onerror=alert(1)>", "constructor"), node("call", "f"),
    `node { name: "big" op: "Const" attr { key: "__proto__" value { s: "${"x".repeat(1_000_000)}" } } }\n`,
    'library { function { signature { name: "f" output_arg { name: "o" type: DT_FLOAT } } node_def { name: "again" op: "f" } ret { key: "o" value: "again:o:0" } } }',
  ].join(""));
  const { code, out, err } = await cli("graph", "hostile.pbtxt", "--svg", "hostile.svg");
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n").filter((line) => line.startsWith("Odd: ")).map((line) => line.slice(5))).toEqual([
    "2 operations feed each other in a circle: loop/a, loop/b. One edge is drawn backwards.",
    "One operation takes 2 inputs that the graph does not hold, such as “gone”.",
    "One call of functions stays closed: the function calls itself, or the functions are too many or too deep to be opened all.",
    "One operation has the name of an earlier one; inputs mean the first.",
    "One operation has no name.",
    "2 names are longer than 300 characters, the longest 10,000; drawn cut in the middle.",
    "One name holds characters that are not seen: control characters, or a change of the direction of writing.",
    "One operation lies more than 50 scopes deep, the deepest 500.",
  ]);
  expect(out).toContain("rtl\\u202egnp.exe (1)");
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(300);
  const drawing = await readFile(join(temporary.root, "hostile.svg"), "utf8");
  expect(drawing).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(drawing).not.toMatch(/<img|[\u0000-\u0008\u000b-\u001f]/);
});

test("doctor tries every backend and says why not", async () => {
  const found = await json("doctor");
  const backends = found["backends"] as { name: string; loads: boolean; reason?: string; milliseconds?: number }[];
  expect(backends.map(({ name }) => name)).toEqual(["cuda", "webgpu", "node", "wasm", "cpu"]);
  for (const { loads, reason, milliseconds } of backends) expect(loads ? milliseconds : reason).toBeTruthy();
  expect(backends.find(({ name }) => name === "cpu")?.loads).toBe(true);
});

test("reading changes nothing on disk", async () => {
  const { ended, dir } = await start("descend.ts", ["--max_steps", "20"]);
  await ended;
  const before = await readFile(join(dir, "run.json"), "utf8");
  const names = await readdir(dir);
  for (const words of [["ls"], ["inspect", "run"], ["inspect", "run/model-10"], ["checkpoints", "run"], ["prune", "run", "--dry-run"], ["graph", "run"]]) {
    expect((await cli(...words)).code).toBe(0);
  }
  expect(await readdir(dir)).toEqual(names);
  expect(await readFile(join(dir, "run.json"), "utf8")).toBe(before);
});
