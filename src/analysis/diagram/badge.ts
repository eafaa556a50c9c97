// The little curve on a box: scalars that record values of the operations inside it, in a line of words and a line of ink.
import type { LevelNode } from "#model/graph";
import { isWithin, lastPart } from "#model/scopedName";

/** The course of one scalar, and the operation whose value it is, by the name that levels show. */
export interface NodeBadge {
  readonly node: string;
  readonly tag: string;
  /** Its newest value in words. */
  readonly value: string;
  readonly y: ArrayLike<number>;
  /** Its values stop being finite. */
  readonly broken: boolean;
}

/** What stands in a box. */
export interface BoxBadge {
  readonly text: string;
  readonly line: string;
  readonly broken: boolean;
}

/** Height of the line that it takes, and room for the little curve. */
export const badgeHeight = 17;
export const badgeCurve = { width: 56, height: 10 };
const mostValues = 2;
/** A value in short has about so many letters: its width does not depend on the value of the moment. */
const valueLetters = "-0.0000";

/** Badges of what lies in a box. */
function badgesIn(node: Pick<LevelNode, "name">, badges: readonly NodeBadge[] = []): readonly NodeBadge[] {
  return badges.filter((badge) => isWithin(badge.node, node.name));
}

/** Text and curve: up to two values by what tells their tags apart from the box, and the course of the first. */
export function boxBadge(node: Pick<LevelNode, "name" | "label">, badges: readonly NodeBadge[] | undefined): BoxBadge | undefined {
  const inside = badgesIn(node, badges);
  const [first] = inside;
  if (!first) return undefined;
  const more = inside.length > mostValues ? ` +${inside.length - mostValues}` : "";
  const broken = inside.some((badge) => badge.broken);
  return { text: `${inside.slice(0, mostValues).map(({ tag, value }) => `${shortTag(tag, node.label)} ${value}`).join(", ")}${more}`, line: curve(first.y), broken };
}

/** A text as wide as the badge's will be. */
export function badgeRoom(node: Pick<LevelNode, "name" | "label">, badges: readonly NodeBadge[] | undefined): string {
  return badgesIn(node, badges).slice(0, mostValues).map(({ tag }) => `${shortTag(tag, node.label)} ${valueLetters}`).join(", ");
}

/** `GAN` of `generator_loss_GAN` on generator_loss; the last word where the tag says no more than the box. */
function shortTag(tag: string, label: string): string {
  const last = lastPart(tag);
  const rest = last.startsWith(label) ? last.slice(label.length).replace(/^[_./-]+/, "") : last;
  return rest === "" || /^\d+$/.test(rest) ? (label.split(/[_-]/).at(-1) ?? label) : rest;
}

/** An SVG path in the room for the curve; finite values only. */
function curve(y: ArrayLike<number>): string {
  const points = Array.from(y).flatMap((value, index) => (Number.isFinite(value) ? [{ value, index }] : []));
  if (points.length < 2) return "";
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const last = y.length - 1;
  const place = (pixels: number): number => Math.round(pixels * 10) / 10;
  return points.map(({ value, index }, at) => `${at === 0 ? "M" : "L"}${place((index / last) * badgeCurve.width)} ${place(badgeCurve.height * (1 - (value - low) / span))}`).join("");
}
