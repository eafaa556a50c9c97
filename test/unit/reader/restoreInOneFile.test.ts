import { expect, test } from "vitest";
import type { Event } from "#formats/events/event";
import { RunEvents } from "#host/reader/runEvents";

const place = { path: "events.out.tfevents.1", offset: 0, length: 0 };
const loss = (step: number): Event => ({
  wallTimeSeconds: 1000 + step, step, what: { kind: "summary", values: [{ tag: "loss", value: { kind: "simple", value: step } }] },
});
const restored = (step: number): Event => ({
  wallTimeSeconds: 1000, step, what: { kind: "sessionLog", status: "start", checkpointPath: "", message: "" },
});

test("restores between two steps supersede what they went back behind, also one after the other", () => {
  const events = new RunEvents();
  for (const event of [restored(0), loss(1), loss(2), loss(3), loss(4), restored(2), loss(3), loss(4), loss(5), restored(2), loss(3)]) {
    events.add(event, place);
  }
  events.settle();
  expect(events.content({ files: 1, bytes: 0, revision: 1 }).tags).toMatchObject([{ tag: "loss", points: 2, superseded: 6, last: { step: 3 } }]);
});
