// A real VS Code in a real browser, with the packaged extension installed: starting it, and what a person does in it.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import { defaultVsix, packageExtension } from "../../../scripts/package.mjs";
import { folderUrl, installExtension, provisionServer, startServer, type RunningServer } from "../../../scripts/vscodeServer.mjs";
import { launchBrowser } from "./browser";
import { until } from "./until";

const root = join(import.meta.dirname, "..", "..", "..");
const screenshots = join(root, "test-output", "screenshots");

/** The size of every screenshot. */
const viewport = { width: 1440, height: 900 };

export interface EditorOptions {
  /** Folder whose copy is opened, outside of this repository. */
  readonly workspace: string;
  readonly settings?: object;
  /** For the server and its extension hosts. */
  readonly env?: object;
}

/** One window of VS Code on a copy of a folder. Everything it needs lies in one temporary folder, which `close` removes. */
export class Editor {
  private constructor(
    readonly page: Page,
    readonly workspace: string,
    private readonly parts: { readonly dir: string; readonly server: RunningServer; readonly browser: Browser },
  ) {}

  static async open({ workspace, settings, env }: EditorOptions): Promise<Editor> {
    const { main } = await provisionServer({ cacheDir: join(root, ".cache") });
    const dir = await mkdtemp(join(tmpdir(), "trainscope-e2e-"));
    const copy = join(dir, "samples");
    await cp(workspace, copy, { recursive: true, filter: (path) => !path.startsWith(join(workspace, "runs")) });
    const vsix = process.env["TRAINSCOPE_VSIX"] ?? (await packageExtension({ out: defaultVsix })).out;
    await installExtension({ main, dir, vsix });
    const server = await startServer({ main, dir, settings: { "workbench.colorTheme": "Default Dark Modern", ...settings }, ...(env && { env }) });
    const browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport })).newPage();
    const editor = new Editor(page, copy, { dir, server, browser });
    await page.goto(folderUrl(server.url, copy));
    await editor.#ready();
    return editor;
  }

  /** Ends window and server, then removes what they wrote. Trainers must have ended before. */
  async close(): Promise<void> {
    await this.parts.browser.close();
    await this.parts.server.stop();
    await rm(this.parts.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** *Developer: Reload Window*. The window keeps its tabs first, which a reload by the browser may come too early for. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load", { timeout: 60_000 });
    await this.command("Developer: Reload Window");
    await loaded;
    await this.#ready();
  }

  /** Runs a command from the palette by its full title. */
  async command(title: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first();
    // A window that is still settling (reloaded panels take the focus) closes the palette again: a person would press the key once more.
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press("F1");
      const input = this.page.locator(".quick-input-widget input.input");
      const within = { timeout: tries < 3 ? 8_000 : undefined };
      try {
        await input.fill(`>${title}`, within);
        await row.click(within);
        return;
      } catch (error) {
        if (tries === 3) throw new Error(`The palette does not offer "${title}". It shows: ${(await this.page.locator(".quick-input-widget").allInnerTexts()).join(" | ")}`, { cause: error });
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Opens a file by its absolute path, in whichever editor opens it by itself. */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor({ state: "visible" });
    await input.fill(path);
    await this.pick(path.split("/").at(-1) ?? path);
  }

  /** The titles of the palette's rows for a text. */
  async paletteTitles(text: string): Promise<readonly string[]> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor({ state: "visible" });
    await input.fill(`>${text}`);
    const rows = this.page.locator(".quick-input-list .monaco-list-row .label-name");
    await rows.first().waitFor();
    const titles = await rows.allInnerTexts();
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** Picks a row of an open quick pick. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Takes what is ticked in an open quick pick of several. */
  async takeTicked(): Promise<void> {
    await this.page.locator(".quick-input-action .monaco-button").filter({ hasText: "OK" }).click();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** The rows of an open quick pick. */
  async rows(): Promise<readonly string[]> {
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /** Fills an open input box whose title holds `title` and accepts it. */
  async type(title: string, text: string): Promise<void> {
    await this.page.locator(".quick-input-titlebar").filter({ hasText: title }).waitFor();
    const input = this.page.locator(".quick-input-widget input.input");
    await input.fill(text);
    await input.press("Enter");
  }

  /**
   * Takes the path that VS Code's dialog for saving offers, once it does: what is typed before that is overwritten. While the dialog looks
   * at the disk it hears no key, so the key is pressed until it has closed.
   */
  async saveAsOffered(ending: string): Promise<string> {
    const input = this.page.locator(".quick-input-widget input.input");
    await until(`a path with ${ending}`, async () => (await input.inputValue()).endsWith(ending), { state: () => input.inputValue() });
    const path = await input.inputValue();
    await until("the dialog to close", async () => {
      if (!(await input.isVisible())) return true;
      await this.page.keyboard.press("Enter");
      return false;
    });
    return path;
  }

  /** Presses a button of a modal dialog. */
  async confirm(button: string | RegExp): Promise<void> {
    const found = this.page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: button }).first();
    await found.waitFor();
    await found.click();
  }

  /** Shows our side bar. */
  async showRuns(): Promise<void> {
    const title = this.page.locator(".sidebar .title-label").filter({ hasText: /trainscope/i });
    // The badge lies over the icon, so the click goes to the item around both.
    if (!(await title.isVisible())) await this.page.locator(".activitybar .action-item:has(a[aria-label^='Trainscope'])").click();
    await title.waitFor();
  }

  /** The row of the run explorer that holds `name`. */
  runRow(name: string): Locator {
    return this.page.locator(".sidebar .monaco-list-row").filter({ hasText: name }).first();
  }

  /** The inner frame of the panel whose page holds `selector`, once it is there. */
  async panel(selector: string): Promise<Frame> {
    return until(`a panel with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (frame === this.page.mainFrame() || frame.isDetached()) continue;
        const found = await frame.locator(selector).first().isVisible().catch(gone);
        if (found) return frame;
      }
      return undefined;
    }, { state: () => this.#frames() });
  }

  /** What each frame is and shows, for the words of a failure. */
  async #frames(): Promise<string> {
    const shown = this.page.frames().map(async (frame) => {
      const html = await frame.locator("html").innerHTML({ timeout: 1000 }).catch(gone);
      return `${frame.url().slice(0, 80)}: ${html ? `${html.length} characters, ${(await frame.locator("body").innerText({ timeout: 1000 }).catch(gone) || "no text").slice(0, 200)}` : "gone"}`;
    });
    return (await Promise.all(shown)).join("\n");
  }

  /** The text of the notification that holds `text`, once it is shown. */
  async notification(text: string | RegExp): Promise<string> {
    const toast = this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text }).first();
    await toast.waitFor();
    return toast.innerText();
  }

  /** Presses a button of the notification that holds `text`. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    const toast = this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text }).first();
    await toast.locator(".monaco-button").filter({ hasText: button }).click();
  }

  async statusBar(): Promise<string> {
    return this.page.locator(".statusbar").innerText();
  }

  /** Changes the colour theme through the settings, without the theme picker's preview. */
  async theme(kind: "dark" | "light"): Promise<void> {
    const label = kind === "dark" ? "Dark Modern" : "Light Modern";
    await this.command("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input.input").fill(label);
    await this.pick(label);
    await this.page.locator(`.monaco-workbench.${kind === "dark" ? "vs-dark" : "vs"}`).first().waitFor();
  }

  /** Keeps a picture of the window below test-output. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  async #ready(): Promise<void> {
    // Our icon comes with everything else that the manifest contributes.
    await this.page.locator(".activitybar .action-item a[aria-label^='Trainscope']").waitFor({ timeout: 60_000 });
    await this.page.locator(".statusbar").waitFor();
  }
}

/** A frame may go away while it is asked; that is an answer, not a failure. */
function gone(error: unknown): false {
  if (error instanceof Error) return false;
  throw error;
}
