// The sample against the original program: the same checkpoint and pair, on each backend that trains here.
import { basename, join } from "node:path";
import { messageOf } from "#base/errors";
import { decodePng, type Session } from "#runtime/index";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { Mismatch, same, Skipped, type Report } from "../report";
import { Program, type Step, type Values } from "./program";
import { readReference, type Digests, type Reference, type ReferenceFolder, type ReferenceRun } from "./reference";
import * as tolerances from "./tolerances";

/** The backends that are checked, each in a session of its own. */
export const checkedBackends = ["cpu", "wasm", "node"] as const;

export type CheckedBackend = (typeof checkedBackends)[number];

const lossNames = ["discrim_loss", "gen_loss_GAN", "gen_loss_L1"];

/** How a folder is checked. */
export interface Pix2pixOptions {
  /** Prefix of the checkpoint that the reference starts from; looked for beside it unless given. */
  readonly checkpoint?: string | undefined;
  readonly backends?: readonly CheckedBackend[];
}

/** Checks one folder that holds `reference.json`. */
export async function checkPix2pix(path: string, report: Report, { checkpoint, backends = checkedBackends }: Pix2pixOptions = {}): Promise<void> {
  const name = basename(path);
  await report.check(`${name}: the files of the reference`, async () => {
    const folder = await readReference(path, checkpoint);
    const program = new Program(folder);
    for (const backend of backends) {
      const refusal = await chooseBackend(backend, { resolveFrom: join(process.cwd(), "package.json") }).then(() => undefined, messageOf);
      if (refusal === undefined) await checkOn(program, { folder, report, prefix: `${name} on ${backend}` });
      else report.skip(`${name} on ${backend}: ${refusal}`);
    }
  });
}

interface Checking {
  readonly folder: ReferenceFolder;
  readonly report: Report;
  readonly prefix: string;
}

async function checkOn(program: Program, checking: Checking): Promise<void> {
  const { folder: { reference }, report, prefix } = checking;
  await withSession(program, async (session) => {
    await report.check(`${prefix}: restored values`, async () => restoredValues(await program.variables(session), reference));
    await checkForward(program, session, checking);
    await checkGradients(await program.generatorGradients(session), reference.gradients_all_old.generator, {
      checking: { ...checking, prefix: `${prefix}: generator gradient before any update` }, tolerance: tolerances.gradients(0),
    });
    await report.check(`${prefix}: the exported picture`, () => exportedPicture(program, session, checking.folder));
  });
  for (const [name, run] of Object.entries(reference.runs)) await checkRun(program, run, { ...checking, prefix: `${prefix}, ${name}` });
}

async function withSession(program: Program, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await program.restored();
  try {
    await work(session);
  } finally {
    session.close();
  }
}

function restoredValues(variables: Values, { restored }: Reference): void {
  const read = (name: string) => variables.get(name)?.[0];
  same("global_step", read("global_step"), restored.global_step);
  for (const [name, value] of Object.entries({ ...restored.ema, ...restored.powers })) same(name, read(name), Math.fround(value));
}

async function checkForward(program: Program, session: Session, { folder, report, prefix }: Checking): Promise<void> {
  const { forward } = folder.reference;
  const layers = Object.keys(forward.activations);
  const { losses, values } = await program.forward(session, layers);
  [...tolerances.listOf(forward.losses), forward.gen_loss].forEach((wanted, i) => {
    void report.check(`${prefix}: ${lossNames[i] ?? "gen_loss"}`, () => tolerances.nearNumber("loss", losses[i], wanted, tolerances.forwardLosses));
  });
  for (const name of ["outputs", "predict_real", "predict_fake"] as const) {
    const whole = await folder.whole(`${name}.f32`);
    await report.check(`${prefix}: ${name}`, () => {
      if (whole) tolerances.nearAll(name, values.get(name), whole, tolerances.activations);
      tolerances.near(name, values.get(name), forward[name], tolerances.activations);
    });
  }
  for (const layer of layers) {
    const wanted = forward.activations[layer];
    if (wanted) await report.check(`${prefix}: activation of ${layer}`, () => tolerances.near(layer, values.get(layer), wanted, tolerances.activations));
  }
}

async function exportedPicture(program: Program, session: Session, { exported }: ReferenceFolder): Promise<void> {
  if (!exported) throw new Skipped("references without a picture that the exported generator made");
  const { bytes } = decodePng(exported.input);
  const got = await program.generate(session, Float32Array.from(bytes, (byte) => Math.fround(byte * Math.fround(1 / 255)) * 2 - 1));
  same("bytes", got.length, exported.output.length);
  const wrong = exported.output.findIndex((byte, i) => Math.abs(byte - (got[i] ?? NaN)) > 1);
  if (wrong >= 0) throw new Mismatch(`byte ${wrong}`, exported.output[wrong], got[wrong]);
}

async function checkRun(program: Program, run: ReferenceRun, checking: Checking): Promise<void> {
  const { folder: { reference }, report, prefix } = checking;
  const { lr } = run;
  const gradientsOf = (which: keyof ReferenceRun["gradients_step_1"]) => runGradients(reference, run, which);
  const check = (got: Values, which: keyof ReferenceRun["gradients_step_1"], what: string) =>
    checkGradients(got, gradientsOf(which), { checking: { ...checking, prefix: `${prefix}: ${what}` }, tolerance: tolerances.gradients(which === "discriminator" ? 0 : lr) });
  await withSession(program, async (session) => {
    for (let step = 1; step <= run.steps; step++) {
      const got = await program.step(session, lr);
      await report.check(`${prefix}: losses and averages of step ${step}`, () => traceOf(got, run, step));
      if (step === 1) {
        await check(got.gradients, "discriminator", "discriminator gradient of the first step");
        await check(got.gradients, "generator", "generator gradient of the first step, old activations and new weights");
      }
      const wanted = run[`after_step_${step}`];
      if (wanted) await checkVariables(await program.variables(session), wanted, { checking, run, step });
    }
  });
  await withSession(program, async (session) => {
    await program.trainDiscriminator(session, lr);
    await check(await program.generatorGradients(session), "generator_all_new", "generator gradient with everything new");
  });
}

/** A text stands for the gradients of the first run that has them. */
function runGradients({ runs }: Reference, run: ReferenceRun, which: keyof ReferenceRun["gradients_step_1"]): Digests {
  const candidates = [run, ...Object.values(runs)].map(({ gradients_step_1 }) => gradients_step_1[which]);
  return candidates.find((digests): digests is Digests => typeof digests === "object") ?? {};
}

async function checkGradients(got: Values, wanted: Digests, { checking, tolerance }: { checking: Checking; tolerance: number }): Promise<void> {
  const { folder: { reference }, report, prefix } = checking;
  for (const [name, digest] of Object.entries(wanted)) {
    if (reference.leave_out.includes(name)) continue;
    const zero = reference.exact_zero.includes(name);
    await report.check(`${prefix}: ${name}`, () => {
      if (zero) same("values other than 0", Array.from(got.get(name) ?? [NaN]).filter((value) => value !== 0), []);
      else tolerances.near("gradient", got.get(name), digest, tolerance);
    });
  }
}

function traceOf(got: Step, { trace, lr }: ReferenceRun, step: number): void {
  const wanted = trace[step - 1];
  if (!wanted) return;
  same("global_step", got.globalStep, wanted.global_step_after);
  const compare = (what: string, values: readonly number[], digits: readonly number[], tolerance: number | undefined) => {
    if (tolerance !== undefined) digits.forEach((value, i) => tolerances.nearNumber(`${what} ${lossNames[i]}`, values[i], value, tolerance));
  };
  compare("loss", got.losses, tolerances.listOf(wanted.losses), tolerances.losses(lr, step));
  compare("average", got.averages, tolerances.listOf(wanted.ema_after), tolerances.averages(lr, step));
}

async function checkVariables(
  got: Values,
  wanted: Digests,
  { checking, run, step }: { checking: Checking; run: ReferenceRun; step: number },
): Promise<void> {
  const { folder: { reference }, report, prefix } = checking;
  await report.check(`${prefix}: names of all variables after step ${step}`, () => same("names", [...got.keys()].sort(), Object.keys(wanted).sort()));
  for (const [name, digest] of Object.entries(wanted)) {
    if (reference.leave_out.includes(name)) continue;
    const tolerance = tolerances.variable(name, { lr: run.lr, step });
    if (tolerance !== undefined) await report.check(`${prefix}: ${name} after step ${step}`, () => tolerances.near("variable", got.get(name), digest, tolerance + 1e-9));
  }
}
