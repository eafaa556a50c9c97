// Checking every byte of a checkpoint, and just reading it.
import { closeSync, openSync, readSync } from "node:fs";
import { inspectCheckpoint } from "#host/reader/inspectCheckpoint";
import { shardName } from "#formats/bundle/openBundle";
import { secondsOf, type Measured, type VariantArguments } from "../measured";

/** All checksums compared, as the checkpoint browser does it: seconds. `result` is told as the peer's. */
export async function verifyCheckpoint({ path }: VariantArguments): Promise<Measured> {
  let verified: boolean | undefined = false;
  let bytes = 0;
  const value = await secondsOf(async () => {
    const content = await inspectCheckpoint({ prefix: path, verify: true });
    verified = content.verified;
    bytes = content.bytes;
  });
  if (!verified) throw new Error("the checkpoint does not verify");
  return { value, result: String(bytes) };
}

/** The same data file read once with one buffer: seconds. */
export async function sequentialRead({ path }: VariantArguments): Promise<Measured> {
  const buffer = new Uint8Array(4 * 1024 * 1024);
  let bytes = 0;
  const value = await secondsOf(() => {
    const file = openSync(shardName(path, 0, 1), "r");
    for (let count = 1; count > 0;) bytes += count = readSync(file, buffer, 0, buffer.length, null);
    closeSync(file);
  });
  return { value, result: String(bytes) };
}
