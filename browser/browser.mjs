// The browser and the people before it.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function start(url, password) {
  const executablePath = CHROMIUM.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium found; name one with CHROMIUM");
  const chrome = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const complaints = [];

  // What a page must never do: ask another site, break its own policy, fail in its script.
  function watch(page) {
    page.on("request", (request) => {
      const asked = request.url();
      if (!asked.startsWith(url) && !asked.startsWith("data:")) complaints.push(`asked for ${asked}`);
    });
    page.on("console", (line) => {
      const expected = /status of (403|404|409|422)/.test(line.text());
      if (line.type() === "error" && !expected) complaints.push(`${page.url()}: ${line.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  }

  async function fresh(options = {}) {
    const context = await chrome.newContext({ viewport: { width: 1400, height: 900 }, locale: "en-GB", ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    watch(page);
    return page;
  }

  // Somebody signed in; chooses the purpose offered first, and reads English.
  async function person(role, options) {
    const page = await fresh(options);
    await page.goto(`${url}/sign-in`);
    await page.fill("#name", role);
    await page.fill("#password", password.replaceAll("{role}", role));
    await page.click("form[action='/sign-in'] button");
    if (new URL(page.url()).pathname === "/session") await page.click("form[action='/session'] button");
    if (new URL(page.url()).pathname === "/sign-in") throw new Error(`${role} cannot sign in`);
    await page.goto(`${url}/language/en?back=/`);
    return { page, role };
  }

  return { url, complaints, fresh, person, close: () => chrome.close() };
}

export function must(holds, sentence) {
  if (!holds) throw new Error(sentence);
}
