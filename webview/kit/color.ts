// Colour arithmetic for what is drawn on a canvas: contrast as WCAG defines it, mixing, and transparency.

/** Red, green, blue 0 to 255, alpha 0 to 1. */
export type Rgba = readonly [number, number, number, number];

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa` and `rgb()` / `rgba()`, the forms in which VS Code states its tokens. */
export function parseColor(text: string): Rgba | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex) return parseHex(hex);
  const parts = /^rgba?\(([^)]+)\)$/i.exec(text.trim())?.[1]?.split(/[\s,/]+/).filter(Boolean).map(Number);
  if (!parts || parts.length < 3 || parts.some(Number.isNaN)) return undefined;
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0, parts[3] ?? 1];
}

function parseHex(hex: string): Rgba | undefined {
  const wide = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join("") : hex;
  if (wide.length !== 6 && wide.length !== 8) return undefined;
  const at = (index: number): number => parseInt(wide.slice(index * 2, index * 2 + 2), 16);
  return [at(0), at(1), at(2), wide.length === 8 ? at(3) / 255 : 1];
}

export function printColor([red, green, blue, alpha]: Rgba): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${Number(alpha.toFixed(3))})`;
}

/** `share` of `other` in the mix, 0 to 1; the result is opaque where both are. */
export function mix(color: Rgba, other: Rgba, share: number): Rgba {
  const blend = (index: 0 | 1 | 2 | 3): number => color[index] * (1 - share) + other[index] * share;
  return [blend(0), blend(1), blend(2), blend(3)];
}

export function withAlpha([red, green, blue, alpha]: Rgba, factor: number): Rgba {
  return [red, green, blue, alpha * factor];
}

/** What is seen where `color` lies over an opaque `ground`. */
export function over(color: Rgba, ground: Rgba): Rgba {
  return mix([ground[0], ground[1], ground[2], 1], [color[0], color[1], color[2], 1], color[3]);
}

function luminance([red, green, blue]: Rgba): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio of two opaque colours, 1 to 21. */
export function contrast(one: Rgba, other: Rgba): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** Mixes `color` towards `foreground` until it stands out from `ground` by `ratio`. */
export function readable(color: Rgba, { ground, foreground, ratio }: { ground: Rgba; foreground: Rgba; ratio: number }): Rgba {
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = mix(color, foreground, share);
    if (contrast(over(mixed, ground), ground) >= ratio) return mixed;
  }
  return foreground;
}
