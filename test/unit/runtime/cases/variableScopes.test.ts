// Cases of group K about variable scopes: where they are opened, what they share, what they call things.
import { beforeEach, expect, test } from "vitest";
import {
  AUTO_REUSE, beginTracing, constant, constantInitializer, getVariable, getVariableScope, nameScope, noOp, ValueError, variableScope, type Reuse, type VariableScope,
} from "#runtime/index";
import { initialised, useGraphCase } from "../../../support/graphCase";

useGraphCase();
beforeEach(() => beginTracing());

/** The name scope that is open, with a slash at its end. */
const place = () => noOp({ name: "testing" }).name.replace(/testing\w*$/, "");
const get = (name: string, options = {}) => getVariable(name, { shape: [], ...options });
const made = (name: string) => get(name).op.name;

test("K10: each entry opens a name scope of its own, but the root opens none", () => {
  let tower: VariableScope | undefined;
  const entries = nameScope("A", () => [
    variableScope("tower", (scope) => {
      tower = scope;
      return place();
    }),
    variableScope(tower as VariableScope, place),
    variableScope("tower", place),
  ]);
  expect(entries).toEqual(["A/tower/", "A/tower_1/", "A/tower_2/"]);
  expect(nameScope("A", () => variableScope(getVariableScope(), place))).toBe("A_1/");
});

test("K11: a scope remembers the name scope of its first opening", () => {
  const tower = nameScope("scope1", () => variableScope("tower", (scope) => scope));
  expect(tower.originalNameScope).toBe("scope1/tower/");
  nameScope("scope2", () => variableScope(tower, (again) => {
    expect([again.originalNameScope, place()]).toEqual(["scope1/tower/", "scope2/tower/"]);
    expect(nameScope(again.originalNameScope, place)).toBe("scope1/tower/");
  }));
});

test("K12: sharing is never switched off, by whatever entry", () => {
  const enter = (from: VariableScope | string, reuse?: boolean) => variableScope(from, reuse === undefined ? {} : { reuse }, (scope) => scope);
  const shared = enter("jump", true);
  const own = enter("own", false);
  expect([enter(shared, false).reuse, enter(own, true).reuse, enter(own).reuse, enter(own, false).reuse]).toEqual([true, true, false, false]);
});

test("K13: AUTO_REUSE makes what is not there, and shares it from then on", () => {
  const [first, second] = [0, 1].map(() => variableScope("jump", { reuse: AUTO_REUSE }, () => get("v")));
  expect(first).toBe(second);
});

test("K14: a default name counts only where no name is given, and is made unique", () => {
  const entry = (name: string | null, body: () => unknown = () => [made("w"), place()]) => variableScope(name, { defaultName: "default" }, body);
  expect(entry("tower")).toEqual(["tower/w", "tower/"]);
  entry("tower", () => {
    expect(() => get("w")).toThrow(ValueError);
    expect(place()).toBe("tower_1/");
  });
  expect([entry(null), entry(null)]).toEqual([["default/w", "default/"], ["default_1/w", "default_1/"]]);
});

test.each<[Reuse]>([[true], [AUTO_REUSE]])("K18: a default name cannot be shared (%s)", (reuse) => {
  expect(() => variableScope(null, { defaultName: "default", reuse }, () => undefined)).toThrow(ValueError);
});

test("K19: a variable is shared by object and by name, and by nothing that differs", () => {
  const [tower, v] = variableScope("root", () => variableScope("towerA", (scope) => [scope, get("v", { shape: [1] })] as const));
  expect(v.op.name).toBe("root/towerA/v");
  const again = (options = {}) => get("v", { shape: [1], ...options });
  const shared = [
    variableScope(tower, { reuse: true }, () => again()),
    variableScope("root", { reuse: true }, () => variableScope("towerA", () => again())),
    variableScope("other", () => variableScope(tower, { reuse: true }, () => again())),
  ];
  expect(shared.every((each) => each === v)).toBe(true);
  variableScope(tower, { reuse: true }, () => {
    expect(() => variableScope("baz", () => get("v"))).toThrow(ValueError);
    expect(() => again({ shape: [2] })).toThrow("shape");
    expect(() => again({ dtype: "int32" })).toThrow("dtype");
  });
});

test("K20: entered inside itself by object, variables go to the same place and operations deeper", () => {
  variableScope("outer", (outer) => {
    expect(variableScope(outer, () => [made("w"), place()])).toEqual(["outer/w", "outer/outer/"]);
  });
  variableScope("outer", { reuse: true }, (outer) => {
    expect(variableScope(outer, () => [made("w"), place()])).toEqual(["outer/w", "outer_1/outer/"]);
  });
});

test("K22: without an auxiliary name scope the original one can be opened exactly", () => {
  const inner = variableScope("outer", () => variableScope("inner", (scope) => {
    get("w");
    constant(1, { name: "b" });
    return scope;
  }));
  variableScope(inner, { reuse: true, auxiliaryNameScope: false }, (scope) => {
    expect(nameScope(scope.originalNameScope, () => [noOp({ name: "c" }).name, made("w")])).toEqual(["outer/inner/c", "outer/inner/w"]);
    expect(nameScope("inner", place)).toBe("inner/");
  });
  variableScope("another", () => variableScope(inner, { reuse: true, auxiliaryNameScope: false }, () => {
    expect(nameScope("inner", place)).toBe("another/inner/");
  }));
});

test("K26: what is set on a scope holds inside of it alone", async () => {
  const [inside, outside] = [variableScope("tower", (tower) => {
    tower.initializer = constantInitializer(0.3);
    const w = get("w");
    tower.reuseVariables();
    expect(() => get("new")).toThrow(ValueError);
    return w;
  }), get("w", { initializer: undefined })];
  expect(getVariableScope().initializer).toBeUndefined();
  const session = await initialised();
  expect([...(await session.readVariable(inside))]).toEqual([Math.fround(0.3)]);
  expect([...(await session.readVariable(outside))]).not.toEqual([Math.fround(0.3)]);
});

test("K27: scopes are left in order, whatever is thrown inside", () => {
  expect(() => variableScope("aa", () => variableScope("bb", () => {
    throw new RangeError("made for the test");
  }))).toThrow(RangeError);
  expect([getVariableScope().name, place()]).toEqual(["", ""]);
  expect(() => variableScope("bb", () => Promise.resolve())).toThrow();
  expect(getVariableScope().name).toBe("");
});

test("K28: a scope lists its own variables in their order, the root all of them", () => {
  const [x, y] = [variableScope("x_foo_", (scope) => [made("a"), made("b"), scope] as const), variableScope("x_foo", (scope) => [made("a"), get("b", { trainable: false }).op.name, scope] as const)];
  const names = (variables: readonly { readonly op: { readonly name: string } }[]) => variables.map(({ op }) => op.name);
  expect([names(x[2].globalVariables()), names(y[2].globalVariables())]).toEqual([["x_foo_/a", "x_foo_/b"], ["x_foo/a", "x_foo/b"]]);
  expect([names(x[2].trainableVariables()), names(y[2].trainableVariables())]).toEqual([["x_foo_/a", "x_foo_/b"], ["x_foo/a"]]);
  expect(names(getVariableScope().globalVariables())).toEqual(["x_foo_/a", "x_foo_/b", "x_foo/a", "x_foo/b"]);
});

test("K40: what runs later begins at the root, wherever it was started, and may enter the scope it is handed", async () => {
  const names = await variableScope("main", (main) => {
    const started = { task: Promise.resolve().then(() => [
      variableScope("bar", () => made("v")), variableScope(main, () => variableScope("foo", () => made("v"))),
    ]) };
    return started;
  }).task;
  expect(names).toEqual(["bar/v", "main/foo/v"]);
});
