// package.json and the code agree, and the manifest keeps its own rules.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkpointEditors, checkpointFocusKey, checkpointsView, commandIds, graphEditors, panelKinds, panelType, runsStateKey, runsView, settingIds } from "#extension/manifest";
import { runGlyphs } from "../../../scripts/runGlyphs.mjs";

const root = join(import.meta.dirname, "..", "..", "..");

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly icons: Readonly<Record<string, { readonly description: string; readonly default: { readonly fontPath: string; readonly fontCharacter: string } }>>;
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly group: string; readonly when?: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
    readonly customEditors: readonly { readonly viewType: string; readonly priority: string; readonly selector: readonly { readonly filenamePattern: string }[] }[];
    readonly viewsWelcome: readonly { readonly view: string; readonly when: string; readonly contents: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly markdownDescription?: string }>> }[];
  };
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<string, { markdownDescription?: string }>;

describe("the manifest and the code name the same", () => {
  test("commands", () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
  });
  test("settings, each documented", () => {
    expect(Object.keys(settings).sort()).toEqual([...settingIds].sort());
    expect(Object.entries(settings).filter(([, { markdownDescription = "" }]) => markdownDescription.length < 20)).toEqual([]);
  });
  test("the views, in one container", () => {
    expect(Object.values(contributes.views).flat().map(({ id }) => id)).toEqual([runsView, checkpointsView]);
    expect(contributes.viewsContainers.activitybar).toHaveLength(1);
  });
  test("panels that come back after a reload", () => {
    const events = manifest.activationEvents.filter((event) => event.startsWith("onWebviewPanel:"));
    expect(events).toEqual(panelKinds.map((kind) => `onWebviewPanel:${panelType(kind)}`));
  });
  test("editors of checkpoint and graph files, and only names that are surely TensorFlow's open by themselves", () => {
    expect(contributes.customEditors.map(({ viewType }) => viewType)).toEqual([...checkpointEditors, ...graphEditors]);
    const byThemselves = contributes.customEditors.filter(({ priority }) => priority === "default").flatMap(({ selector }) => selector.map(({ filenamePattern }) => filenamePattern));
    expect(byThemselves).toEqual([
      "*.ckpt-*.index", "ckpt-*.index", "*tfevents*", "graph.pbtxt", "graph.pb", "saved_model.pb", "frozen_*.pb", "*.ckpt-*.meta", "model-*.meta",
    ]);
  });
  test("the glyphs of runs, with the codes that their font has", () => {
    const named = Object.entries(contributes.icons).map(([id, icon]) => [id, icon.default.fontPath, icon.default.fontCharacter]);
    expect(named).toEqual([...runGlyphs].map(([id, { code }]) => [id, "./dist/runGlyphs.ttf", `\\${code.toString(16).toUpperCase()}`]));
  });
  test("the context key of the welcome texts", () => {
    expect(contributes.viewsWelcome.filter(({ when }) => when.includes(runsStateKey)).length).toBeGreaterThan(2);
  });
});

describe("the manifest", () => {
  test("refers only to commands that exist", () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
    const linked = contributes.viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/command:(trainscope\.\w+)/g)].map(([, id]) => id));
    expect([...named, ...linked].filter((id) => !commandIds.includes(id ?? ""))).toEqual([]);
  });
  test("restricts only settings that exist, and all that launch or write", () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe("limited");
    expect(restrictedConfigurations.filter((id) => !(id in settings))).toEqual([]);
    expect(settingIds.filter((id) => id.startsWith("trainscope.training.") && !restrictedConfigurations.includes(id))).toEqual([]);
  });
  test("turns off what launches or changes until the folder is trusted", () => {
    const changing = ["newRun", "runSample", "stopRun", "restoreCheckpoint", "pruneCheckpoints", "moveToTrash", "saveNow", "protectCheckpoint", "unprotectCheckpoint", "manageCheckpoints", "keepBest", "repairState", "undoPrune"].map((name) => `trainscope.${name}`);
    expect(contributes.commands.filter(({ enablement }) => enablement === "isWorkspaceTrusted").map(({ command }) => command)).toEqual(changing);
  });
  test("has at most three inline actions on a row", () => {
    for (const view of [runsView, checkpointsView]) {
      const inline = (contributes.menus["view/item/context"] ?? []).filter(({ group, when }) => group.startsWith("inline") && when?.includes(view));
      expect([...new Set(inline.map(({ group }) => group))]).toEqual(["inline@1", "inline@2", "inline@3"].slice(0, new Set(inline.map(({ group }) => group)).size));
    }
  });
  test("takes keys only where one of our rows has the focus", () => {
    expect(contributes.keybindings.filter(({ when }) => !when.includes(checkpointFocusKey))).toEqual([]);
  });
  test("writes titles without the product's name, in one category", () => {
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(new Set(["Trainscope"]));
  });
  test("points to pictures that are there", () => {
    const icons = [manifest.icon, ...contributes.viewsContainers.activitybar.map(({ icon }) => icon), ...Object.values(contributes.views).flat().map(({ icon }) => icon)];
    const panels = panelKinds.flatMap((kind) => [`media/${kind}-light.svg`, `media/${kind}-dark.svg`]);
    expect([...icons, ...panels].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
