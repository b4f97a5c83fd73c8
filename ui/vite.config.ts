import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** Of the emoji data only what the window shows and searches: a quarter of its size. */
const slimEmoji = {
  name: "slim-emoji",
  enforce: "pre" as const,
  transform(code: string, id: string) {
    if (!/emojibase-data\/\w+\/compact\.json$/.test(id)) return null;
    type One = { unicode: string; label: string; tags?: string[]; group?: number };
    const all = (JSON.parse(code) as One[]).filter((one) => one.group !== undefined && one.group !== 2);
    return JSON.stringify(all.map((one) => [one.unicode, one.label, (one.tags ?? []).join(" "), one.group]));
  },
};

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

let first: Set<string> | undefined;

/** What the first screen needs, in one file: each further file is a further question before anything is drawn. */
function firstScreen(id: string, modules: Modules): string | null {
  if (first === undefined) {
    first = new Set();
    const wanted = [fileURLToPath(new URL("src/main.ts", import.meta.url))];
    for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
      if (first.has(next)) continue;
      first.add(next);
      wanted.push(...(modules.getModuleInfo(next)?.importedIds ?? []));
    }
  }
  return first.has(id) ? "first" : null;
}

// Assets stay files: a data: URL would have to be let through by the content security policy.
export default defineConfig({
  plugins: [slimEmoji, svelte(), svelteTesting()],
  clearScreen: false,
  // The samples of skins in `docs` stand in the fake.
  server: { port: 5173, strictPort: false, fs: { allow: [".."] } },
  build: {
    target: ["chrome120", "safari16"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstScreen }] } } },
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    // The skins are read as data; all other styles are left out.
    css: { include: [/\/skins\/\w+\.css/] },
    restoreMocks: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
