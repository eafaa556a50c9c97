import { describe, expect, test } from "vitest";
import { contrast, mix, over, parseColor, printColor, readable, withAlpha, type Rgba } from "#kit/color";
import { themeOf } from "#kit/theme";

const white: Rgba = [255, 255, 255, 1];
const black: Rgba = [0, 0, 0, 1];

describe("colours", () => {
  test.each([
    ["#fff", white], ["#000000", black], ["#cccccc80", [204, 204, 204, 128 / 255]], ["rgb(1, 2, 3)", [1, 2, 3, 1]],
    ["rgba(204, 204, 204, 0.5)", [204, 204, 204, 0.5]], [" #3794ff ", [0x37, 0x94, 0xff, 1]],
  ])("%s is read", (text, color) => {
    expect(parseColor(text)).toEqual(color);
  });
  test.each(["", "blue", "#12345", "rgb(1,2)", "rgb(a,b,c)"])("%j is refused", (text) => {
    expect(parseColor(text)).toBeUndefined();
  });
  test("black on white has the greatest contrast, and a colour none with itself", () => {
    expect(contrast(black, white)).toBeCloseTo(21, 5);
    expect(contrast(white, white)).toBe(1);
  });
  test("half transparent black on white is grey", () => {
    expect(over(withAlpha(black, 0.5), white)).toEqual([127.5, 127.5, 127.5, 1]);
    expect(printColor(mix(black, white, 0.5))).toBe("rgba(128, 128, 128, 1)");
  });
  test("a pale colour is mixed until it can be read, a strong one is left alone", () => {
    const orange: Rgba = [0xd1, 0x86, 0x16, 1];
    const mixed = readable(orange, { ground: white, foreground: black, ratio: 4.5 });
    expect(contrast(mixed, white)).toBeGreaterThanOrEqual(4.5);
    expect(readable(black, { ground: white, foreground: black, ratio: 4.5 })).toEqual(black);
  });
});

describe("the theme", () => {
  const dark: Readonly<Record<string, string>> = {
    "--vscode-editor-background": "#1f1f1f", "--vscode-foreground": "#cccccc", "--vscode-charts-blue": "#3794ff", "--vscode-charts-orange": "#d18616",
    "--vscode-charts-purple": "#b180d7", "--vscode-charts-green": "#89d185", "--vscode-charts-lines": "rgba(204, 204, 204, 0.5)",
  };
  const token = (name: string): string => dark[name] ?? "";

  test("has sixteen runs that differ in colour or dash", () => {
    const { series } = themeOf(token, new Set(["vscode-dark"]));
    expect(new Set(series.map(({ color, dash }) => `${color} ${dash.join(" ")}`)).size).toBe(16);
    expect(series[0]?.dash).toEqual([]);
  });
  test("is usable where a token is missing", () => {
    const { background, series } = themeOf(() => "", new Set());
    expect(background).toBe("rgba(0, 0, 0, 1)");
    expect(series[0]?.color).toMatch(/^rgba/);
  });
});
