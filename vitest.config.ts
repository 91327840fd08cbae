// Three projects: everything in Node, and the same driver in a real browser, from the sources and from the built package.

import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { chromium } from "./scripts/chromium.mjs";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const sources = { "wdf-wasm/umdf1": at("host/umdf1/index.ts"), "wdf-wasm/ddi": at("host/ddi/index.ts"), "wdf-wasm": at("host/index.ts") };
const built = { "wdf-wasm/umdf1": at("dist/umdf1.js"), "wdf-wasm/ddi": at("dist/ddi.js"), "wdf-wasm": at("dist/index.js") };

const { executablePath, args } = await chromium();

/** A project that runs tests/browser in Chromium. */
function browser(name: string, alias: Record<string, string>) {
  return {
    resolve: { alias },
    test: {
      name,
      include: ["tests/browser/**/*.test.ts"],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args } }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/summary-reporter.mjs"],
    maxWorkers: "100%", // all processors: nobody waits beside it
    projects: [
      {
        resolve: { alias: sources },
        test: {
          name: "node",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/browser/**"],
          testTimeout: 60_000,
        },
      },
      browser("browser", sources),
      browser("browser-package", built),
    ],
  },
});
