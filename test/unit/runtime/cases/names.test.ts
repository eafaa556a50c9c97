// Cases of group K about names and collections.
import { beforeEach, expect, test } from "vitest";
import { addToCollection, addToCollections, beginTracing, constant, getCollection, getCollectionRef, getDefaultGraph, nameScope, noOp, ValueError } from "#runtime/index";
import { useGraphCase } from "../../../support/graphCase";

useGraphCase();
beforeEach(() => beginTracing());

const unique = (name: string, options = {}) => getDefaultGraph().uniqueName(name, options);
const op = (name?: string) => noOp({ name: name ?? "T" }).name;

test("K01: a name that is taken is numbered, and looking takes none", () => {
  expect(["foo", "foo", "foo"].map((name) => unique(name, { markAsUsed: false }))).toEqual(["foo", "foo", "foo"]);
  expect(["foo", "foo", "foo", "foo_1", "foo_1", "foo_1_2"].map((name) => unique(name))).toEqual(["foo", "foo_1", "foo_2", "foo_1_1", "foo_1_2", "foo_1_2_1"]);
});

test("K02: names are unique within a scope, and scopes among names", () => {
  for (let i = 0; i < 3; i++) unique("foo");
  const seen = nameScope("bar", () => [
    unique("foo"), nameScope(null, () => unique("foo")), nameScope("baz", (scope) => scope), nameScope("baz", (scope) => scope),
  ]);
  expect(seen).toEqual(["bar/foo", "foo_3", "bar/baz/", "bar/baz_1/"]);
  expect([nameScope("bar", (scope) => scope), unique("bar")]).toEqual(["bar_1/", "bar_2"]);
});

test("K05: letters that TensorFlow does not take in names are refused", () => {
  nameScope("", () => undefined);
  expect(nameScope("foo/", () => nameScope("_bar", (scope) => scope))).toBe("foo/_bar/");
  for (const name of ["foo:0", "_bar"]) expect(() => nameScope(name, () => undefined)).toThrow(ValueError);
});

test("K06: an operation may have its scope's name, a scope may be opened again, a slash at the end takes a name as it is", () => {
  expect(nameScope("bar", (scope) => [op(), op(), op(scope)])).toEqual(["bar/T", "bar/T_1", "bar"]);
  expect([nameScope("bar", () => op()), nameScope("bar/", () => op()), nameScope("bar", () => op("trailing/"))]).toEqual(["bar_1/T", "bar/T_2", "trailing"]);
});

test("K08: without a name the default one is taken, which must be there and be text", () => {
  const values = [constant(1)];
  expect(() => nameScope(null, { values }, () => undefined)).toThrow(ValueError);
  expect(nameScope(null, { defaultName: "default", values }, (scope) => scope)).toBe("default/");
  expect(() => nameScope(null, { defaultName: 1 as never, values }, () => undefined)).toThrow(TypeError);
});

test("K41: a collection is copied or live, and chosen from by the beginnings of names", () => {
  const named = (name: string) => constant(1, { name });
  const [inside, other] = [nameScope("prefix", () => named("foo")), nameScope("junk", () => named("foo"))];
  for (const item of [27, inside, other]) addToCollection("key", item);
  const copy = getCollection("key");
  expect([copy, getCollection("key", "prefix"), getCollection("key", ".*x")]).toEqual([[27, inside, other], [inside], [inside]]);
  copy.push("mine");
  getCollectionRef("key").push("live");
  getCollectionRef("new").push("fresh");
  expect([getCollection("key").slice(3), getCollection("new")]).toEqual([["live"], ["fresh"]]);
});

test("K41: to several keys an item is added once each; one key may stand alone", () => {
  addToCollections(["1", "2", "1"], "item");
  addToCollections("word", "item");
  expect(["1", "2", "word", "w"].map((key) => getCollection(key))).toEqual([["item"], ["item"], ["item"], []]);
});
