// Types of scenes.mjs.
import type { Page } from "playwright-core";

/** What a picture waits for or does first, by name. */
export const scenes: Readonly<Record<"alive" | "compared" | "graphPath" | "menu" | "moved" | "prune" | "restore" | "search" | "select" | "simulate" | "statistics" | "summary" | "table" | "tick" | "treeRow" | "values" | "walk", (page: Page) => Promise<void>>>;
