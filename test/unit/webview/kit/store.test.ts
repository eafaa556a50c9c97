import { expect, test } from "vitest";
import { createStore } from "#kit/store";

test("what happens while a change is followed up waits its turn", () => {
  const seen: string[] = [];
  const store = createStore<string, string>("", (state, letter) => state + letter, (state, letter) => {
    seen.push(state);
    if (letter === "a") {
      store.dispatch("b");
      store.dispatch("c");
      expect(store.state).toBe("a");
    }
  });
  store.dispatch("a");
  expect(seen).toEqual(["a", "ab", "abc"]);
});

test("a follow-up that throws does not stop the store for good", () => {
  const store = createStore<number, number>(0, (state, by) => state + by, (_, by) => {
    if (by === 1) throw new Error("broken drawing");
  });
  expect(() => store.dispatch(1)).toThrow("broken drawing");
  store.dispatch(2);
  expect(store.state).toBe(3);
});
