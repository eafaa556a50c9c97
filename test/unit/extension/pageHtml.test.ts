// What a page may load and run.
import { expect, test } from "vitest";
import { pageHtml } from "#extension/panels/pageHtml";

const files = { script: "https://host/dist/curves.js", style: "https://host/dist/curves.css", icons: "https://host/dist/codicon.css", layoutWorker: "https://host/w.js" };
const page = pageHtml(files, { source: "https://host", nonce: "abc", title: `run "1" <script>` });

test("a page runs its own script and no other", () => {
  expect(page).toContain(`default-src 'none'`);
  expect(page).toContain(`script-src 'nonce-abc'`);
  expect(page).not.toMatch(/unsafe-(inline|eval)/);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain(`<script nonce="abc" src="https://host/dist/curves.js">`);
});

test("a page has no style of its own beside its file", () => {
  expect(page).not.toMatch(/<style|style="/);
});

test("names out of files cannot become markup", () => {
  expect(page).toContain("<title>run &quot;1&quot; &lt;script></title>");
});
