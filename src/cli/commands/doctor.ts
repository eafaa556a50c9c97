// trainscope doctor: which Node, which backends load and which do not and why.
import { join } from "node:path";
import { probeBackends } from "#host/engines/backends";
import { programVersion } from "#protocol/version";
import { printJson, table, value, type Terminal } from "../output";
import { trainerProgram } from "../programs";

/** Tries everything that `run` would; answers 1 where no backend can be used. */
export async function doctor({ json = false }: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const backends = await probeBackends({
    trainer: trainerProgram,
    node: process.execPath,
    resolveFrom: join(process.cwd(), "script.js"),
  });
  const chosen = backends.find(({ device }) => device !== undefined)?.backend;
  const node = { version: process.version, path: process.execPath, platform: process.platform, arch: process.arch };
  if (json) {
    const rows = backends.map(({ backend, device, reason, milliseconds }) => ({
      name: backend,
      loads: device !== undefined,
      device,
      reason,
      milliseconds,
    }));
    terminal.out(`${printJson({ version: programVersion, node, backends: rows, auto: chosen })}\n`);
  } else {
    terminal.out(
      `Trainscope ${programVersion}, Node.js ${node.version} (${node.path}), ${node.platform} ${node.arch}\n`,
    );
    const rows = backends.map(({ backend, device, reason, milliseconds }) => [
      backend === chosen ? `${backend} *` : backend,
      device === undefined ? "no" : "yes",
      value(milliseconds),
      device ?? reason ?? "",
    ]);
    terminal.out(table(["BACKEND", "LOADS", "MS", ""], rows));
    terminal.out(
      chosen === undefined
        ? "No backend can be used.\n"
        : `* is what auto takes. MS: two 512×512 matrices multiplied once.\n`,
    );
  }
  return chosen === undefined ? 1 : 0;
}
