// The font of run glyphs: a run's state above a sample of its line, one glyph for each state and each kind of dashes, so that VS Code colours them.
import svg2ttf from "svg2ttf";

/** Glyphs are drawn on a grid of 16, y downwards, which the font has a hundred times finer. */
const grid = 16;
const scale = 100;
const firstCode = 0xe000;

/** @typedef {readonly (readonly [number, number])[]} Polygon */

/** States in the order of their codes; what they look like takes the upper ten rows. @type {Readonly<Record<string, readonly Polygon[]>>} */
const states = {
  running: [[[4.5, 0.5], [13, 5.25], [4.5, 10]]],
  finished: [stroke([3, 5.4], [6.6, 9]), stroke([6, 9], [13.2, 1.6])],
  stopped: [stroke([5.5, 0.7], [5.5, 9.8], 2), stroke([10.5, 0.7], [10.5, 9.8], 2)],
  failed: [stroke([3.8, 1], [12.2, 9.4]), stroke([12.2, 1], [3.8, 9.4])],
  killed: [...ring(), stroke([4.9, 2.2], [11.1, 8.4], 1.3)],
  lost: [stroke([8, 0.5], [8, 6.6], 2), stroke([8, 8], [8, 10], 2)],
  foreign: [...ring(), stroke([8, 2.4], [8, 5.9], 1.3), stroke([7.6, 5.3], [10.6, 5.3], 1.3)],
};

/** Solid, dashed, dotted, dash-dot: where the line is drawn, from and to. @type {readonly (readonly (readonly [number, number])[])[]} */
const dashes = [[[0, 16]], [[0, 6], [8.5, 14.5]], [[0, 2], [4.5, 6.5], [9, 11], [13.5, 15.5]], [[0, 7], [9, 11], [13, 16]]];

/** Every glyph by the name that VS Code knows it under: its code and its outline. */
export const runGlyphs = new Map(Object.entries(states).flatMap(([state, shape], at) => dashes.map((parts, dash) => {
  const line = parts.map(([from, to]) => stroke([from, 14], [to, 14], 2));
  const code = firstCode + at * dashes.length + dash;
  return /** @type {const} */ ([`trainscope-run-${state}-${dash}`, { code, path: [...shape, ...line].map(outline).join("") }]);
})));

/** The font as a TrueType file. */
export function runGlyphsFont() {
  const size = grid * scale;
  const glyphs = [...runGlyphs].map(([name, { code, path }]) => `<glyph glyph-name="${name}" unicode="&#x${code.toString(16)};" horiz-adv-x="${size}" d="${path}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><defs><font id="trainscope-runs" horiz-adv-x="${size}"><font-face font-family="trainscope-runs" units-per-em="${size}" ascent="${size}" descent="0"/>` +
    `<missing-glyph horiz-adv-x="${size}"/>${glyphs.join("")}</font></defs></svg>`;
  // The same bytes from every build.
  return svg2ttf(svg, { ts: 0 }).buffer;
}

/** A straight stroke as a polygon. @returns {Polygon} */
function stroke([x1, y1], [x2, y2], width = 1.6) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [((y2 - y1) / length) * (width / 2), ((x1 - x2) / length) * (width / 2)];
  return [[x1 + dx, y1 + dy], [x1 - dx, y1 - dy], [x2 - dx, y2 - dy], [x2 + dx, y2 + dy]];
}

/** A circle's line: the hole runs the other way round. @returns {readonly Polygon[]} */
function ring() {
  const circle = (radius, sign) => Array.from({ length: 24 }, (_, at) => {
    const angle = (sign * at * Math.PI) / 12;
    return /** @type {const} */ ([8 + radius * Math.cos(angle), 5.3 + radius * Math.sin(angle)]);
  });
  return [circle(5, -1), circle(3.7, 1)];
}

/** A polygon as a path of the font, whose y goes upwards. @param {Polygon} polygon */
function outline(polygon) {
  return `M${polygon.map(([x, y]) => `${Math.round(x * scale)} ${Math.round((grid - y) * scale)}`).join("L")}Z`;
}
