// Types of scenes.mjs.
import type { Page } from "playwright-core";

/** What a picture waits for or does first, by name. */
export const scenes: Readonly<Record<"restore" | "prune" | "simulate" | "compare" | "summary" | "menu" | "table" | "tick" | "walk" | "statistics" | "select" | "search" | "alive" | "graphPath" | "treeRow", (page: Page) => Promise<void>>>;
