// A Chromium for the browser tests, without a system package: $CHROMIUM, else one that is installed, else the one that
// comes as an npm package.

import { existsSync } from "node:fs";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the browser is, and how it is started. */
export async function chromium() {
  const known = process.env.CHROMIUM ?? INSTALLED.find((path) => existsSync(path));
  if (known !== undefined) return { executablePath: known, args: FLAGS };
  // Its own libraries come along only where it believes to be needed.
  process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  return { executablePath: await packaged.executablePath(), args: FLAGS };
}
