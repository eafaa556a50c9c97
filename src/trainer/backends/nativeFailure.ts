// What goes wrong with TensorFlow.js's native packages, told in one sentence. The texts are those of tfjs-node 4.22.0.
import type { ProbeOutcome } from "./probe";

/** An error as the probe's child caught it. */
export interface NativeError {
  readonly code?: string;
  readonly message: string;
}

/** Why loading or computing failed with an error. */
export function sentenceForError({ code, message }: NativeError, packageName: string): string {
  const first = message.split("\n")[0] ?? message;
  if (code === "MODULE_NOT_FOUND") return `${packageName} is incomplete: ${first}`;
  if (/native addon module .* can not be found/.test(message)) {
    return `the native part of ${packageName} is not installed: its install script was blocked or could not download`;
  }
  if (/file too short|invalid ELF header|not a valid Win32|slice is not valid/.test(message)) {
    return `the native part of ${packageName} is a broken download; delete its folders lib and deps and rebuild it`;
  }
  const glibc = /version `([^']+)' not found/.exec(message)?.[1];
  if (glibc) return `this system is too old for the native part of ${packageName}: ${glibc} is missing`;
  const library = /(lib[\w.+-]*tensorflow[\w.+-]*): cannot open shared object file/.exec(message)?.[1];
  if (library) return `the native part of ${packageName} is incomplete: ${library} is missing from its folder deps`;
  if (/tfjs_binding\.node: cannot open shared object file/.test(message)) {
    return `the native part of ${packageName} was built for another kind of processor`;
  }
  if (/specified module could not be found/.test(message)) {
    return `tensorflow.dll does not lie beside the native part of ${packageName}`;
  }
  return `${packageName} failed: ${first}`;
}

/** Why a child died or hung before it could say anything. */
export function sentenceForDeath(outcome: Exclude<ProbeOutcome, { kind: "answered" }>, packageName: string): string {
  if (outcome.kind === "timedOut") {
    return `${packageName} did not compute within ${Math.round(outcome.limitMs / 1000)} seconds`;
  }
  if (outcome.signal === "SIGBUS")
    return `the native part of ${packageName} is a broken download (cut off in the middle)`;
  if (outcome.signal === "SIGILL") return `${packageName} uses instructions that this processor lacks (AVX)`;
  const symbol = /undefined symbol: (\S+)/.exec(outcome.stderr)?.[1];
  if (symbol) return `the native part of ${packageName} does not fit its library: ${symbol} is missing`;
  const how = outcome.signal ? `was ended by ${outcome.signal}` : `ended with code ${outcome.exitCode}`;
  const last = outcome.stderr.trim().split("\n").at(-1)?.trim();
  return `${packageName} ${how} while loading${last ? `: ${last}` : ""}`;
}

/** Why the GPU package computes on the CPU, from what TensorFlow wrote on stderr. */
export function sentenceForMissingGpu(stderr: string): string {
  const missing = [
    ...new Set([...stderr.matchAll(/Could not load dynamic library '([^']+)'/g)].map((match) => match[1])),
  ];
  const silent = "TensorFlow would compute on the CPU without a word";
  if (missing.includes("libcuda.so.1")) return `there is no NVIDIA driver (libcuda.so.1 is missing); ${silent}`;
  if (missing.length > 0) {
    return `${missing.join(", ")} could not be loaded (CUDA 11.2 and cuDNN 8.1 are needed); ${silent}`;
  }
  if (/kernel driver does not appear to be running|no CUDA-capable device|CUDA_ERROR_NO_DEVICE/.test(stderr)) {
    return `no GPU was found (the driver is not running); ${silent}`;
  }
  return `TensorFlow lists no GPU here; ${silent}`;
}

/** The first GPU's name, from TensorFlow's line about the device it created. */
export function gpuName(stderr: string): string | undefined {
  return /device: \d+, name: ([^,]+),/.exec(stderr)?.[1]?.trim();
}
