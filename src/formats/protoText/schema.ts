// What a message's text form needs to know of it: the names, numbers and types of its fields.

/** Types of fields that are not messages. */
export type ScalarType = "string" | "bytes" | "int32" | "int64" | "uint32" | "bool" | "float" | "double";

/** A field that readers of text pass over, whatever it holds: nobody asks for it, and its message is not described. */
export interface IgnoredType {
  readonly kind: "ignored";
}

/** The one ignored type. */
export const ignored: IgnoredType = { kind: "ignored" };

/** Names of an enum's values by number. */
export interface EnumSchema {
  readonly kind: "enum";
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

/** How often a field may stand, and when its default is printed: always in a list or a oneof. */
export type FieldRule = "single" | "repeated" | "map" | "oneof";

/** One field. */
export interface FieldSchema {
  readonly name: string;
  readonly number: number;
  readonly type: ScalarType | EnumSchema | MessageSchema | IgnoredType;
  readonly rule: FieldRule;
}

/** One message. The two tables are made when first asked for, because messages contain each other. */
export interface MessageSchema {
  readonly kind: "message";
  readonly byName: () => ReadonlyMap<string, FieldSchema>;
  readonly byNumber: () => ReadonlyMap<number, FieldSchema>;
}

/** Number, type and, unless the field is single, its rule. */
export type FieldLine = readonly [number: number, type: FieldSchema["type"], rule?: FieldRule];

/** Describes a message; `fields` is called once, later. */
export function messageSchema(fields: () => Readonly<Record<string, FieldLine>>): MessageSchema {
  const all = once(() =>
    Object.entries(fields()).map(([name, [number, type, rule = "single"]]): FieldSchema => ({ name, number, type, rule })),
  );
  return {
    kind: "message",
    byName: once(() => new Map(all().map((field) => [field.name, field]))),
    byNumber: once(() => new Map(all().map((field) => [field.number, field]))),
  };
}

/** Describes a map's entries; to be used with the rule "map". */
export function entrySchema(key: ScalarType, value: () => FieldSchema["type"]): MessageSchema {
  return messageSchema(() => ({ key: [1, key], value: [2, value()] }));
}

/** Describes an enum. */
export function enumSchema(names: ReadonlyMap<number, string>): EnumSchema {
  return { kind: "enum", names, numbers: new Map([...names].map(([number, name]) => [name, number])) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
