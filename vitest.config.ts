// Two projects: everything in Node, and the same driver in a real browser.

import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { chromium } from "./scripts/chromium.mjs";

const alias = {
  "wdf-wasm/ddi": fileURLToPath(new URL("host/ddi/index.ts", import.meta.url)),
  "wdf-wasm": fileURLToPath(new URL("host/index.ts", import.meta.url)),
};

const { executablePath, args } = await chromium();

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/summary-reporter.mjs"],
    projects: [
      {
        resolve: { alias },
        test: {
          name: "node",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/browser/**"],
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath, args } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
