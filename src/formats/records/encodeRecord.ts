// One record of an event file, ready to be appended.
import { crc32c, maskCrc } from "../bytes/crc32c";
import { recordHeaderBytes, recordFooterBytes } from "./recordLayout";

/** Length, masked CRC of the length, payload, masked CRC of the payload (SY-12). */
export function encodeRecord(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(recordHeaderBytes + payload.length + recordFooterBytes);
  const view = new DataView(record.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, Math.floor(payload.length / 2 ** 32), true);
  view.setUint32(8, maskCrc(crc32c(record.subarray(0, 8))), true);
  record.set(payload, recordHeaderBytes);
  view.setUint32(recordHeaderBytes + payload.length, maskCrc(crc32c(payload)), true);
  return record;
}
