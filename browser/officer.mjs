// The gate officer's path, one step a function.

import { must } from "./browser.mjs";

const path = (page) => new URL(page.url()).pathname;

// j goes down the list, Enter opens: the first line with a finding to decide.
export async function openRedLine({ page }) {
  await page.goto(new URL("/arrivals", page.url()).href);
  const red = page.locator("tr.edge.bad", { hasText: "Finding" }).first();
  must(await red.count(), "no consignment has an open finding");
  must((await red.locator(".what").innerText()).length > 10, "the red line has its sentence");
  const wanted = await red.locator("a.open").getAttribute("href");
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("j");
    const at = await page.evaluate(() => document.activeElement.getAttribute("href"));
    if (at === wanted) break;
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${wanted}`);
  const differs = page.locator("table.sides tr.differs").first();
  must(await differs.count(), "the side-by-side table marks the difference");
  const [theirs, ours] = [await differs.locator(".theirs").innerText(), await differs.locator(".ours").innerText()];
  must(theirs && ours && theirs !== ours, "both sides are there and differ");
  must(await page.locator(".why li").count(), "the reasons for the link are there");
}

// ? shows the keys, Escape hides them, / goes to the search, u goes up.
export async function keysHelp({ page }) {
  await page.keyboard.press("?");
  must(await page.locator("dialog#keys").isVisible(), "? shows the keys");
  await page.keyboard.press("Escape");
  must(!(await page.locator("dialog#keys").isVisible()), "Escape hides them");
  const here = page.url();
  await Promise.all([page.waitForURL("**/arrivals"), page.keyboard.press("u")]);
  await page.keyboard.press("/");
  must((await page.evaluate(() => document.activeElement.type)) === "search", "/ goes to the search");
  await page.goto(here);
}

export async function inspect({ page }) {
  const card = page.locator("section.finding", { has: page.locator("input[value=inspect]") }).first();
  const id = await card.getAttribute("id");
  const same = page.locator(`[id="${id}"]`);
  await card.locator("input[name='with.note']").first().fill("seals and marks");
  await card.locator("form", { has: page.locator("input[value=inspect]") }).locator("button").click();
  await page.locator(".told.done").waitFor();
  await same.locator("input[name='with.result']").fill("counted twice: 400 pieces");
  await page.keyboard.press("Enter");
  await page.locator(".told.done").waitFor();
  must((await same.innerText()).includes("counted twice: 400 pieces"), "the result stands on the finding");
}

// The first finding with two clicks, all others with two keys. Then the page itself says when the giver knows.
export async function concludeInTwoClicks({ page }) {
  const open = page.locator("form[data-verdict]");
  must(await open.count(), "there is a finding to conclude");
  const reasons = open.first().locator(".reasons.confirmed");
  must(!(await reasons.isVisible()), "reasons show only once a verdict is picked");
  await open.first().locator("label", { hasText: "Confirmed" }).click();
  must(await reasons.isVisible(), "the reasons of the picked verdict show");
  await reasons.locator("button").first().click();
  await page.locator(".told.done").waitFor();
  for (let left = await open.count(); left > 0; left = await open.count()) {
    await page.keyboard.press("2");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("1")]);
  }
  must(await page.locator("section.finding", { hasText: "Verdict:" }).count(), "the verdict stands on the finding");
  await page.locator("section.finding.good", { hasText: "Told to the giver" }).first().waitFor({ timeout: 60_000 });
}

export async function refusedPurpose(browser, address) {
  const { page } = await browser.person("gate-officer");
  await page.goto(`${browser.url}/session`);
  await page.check("input[value=investigation]");
  await page.click("form[action='/session'] button");
  await page.goto(address);
  must(await page.locator(".told.refused a[href='/codes/purpose-not-allowed']").count(), "the refusal is shown with its code");
  must(!(await page.locator("table.sides .theirs").count()), "nothing of theirs is shown");
  await page.click(".told.refused a[href='/codes/purpose-not-allowed']");
  must(path(page) === "/codes/purpose-not-allowed", "the code has its page");
  await page.context().close();
}

// Somebody reads the list further down; a colleague holds a consignment; the line changes, the reader's place does not.
export async function arrivalsStayInPlace(browser, { page }) {
  await page.setViewportSize({ width: 1400, height: 420 });
  const lines = await equalLines(page, `${browser.url}/arrivals`);
  const [target, place] = [lines.first(), lines.last()];
  const [href, mark] = [await target.getAttribute("href"), await target.locator("xpath=ancestor::tr").getAttribute("id")];
  await place.focus();
  const [before, focused] = await page.evaluate(() => [document.activeElement.getBoundingClientRect().top, document.activeElement.href]);
  const colleague = (await browser.person("gate-officer")).page;
  await colleague.goto(browser.url + href);
  await colleague.fill("#hold-reason", "papers awaited");
  await colleague.locator("form", { has: colleague.locator("input[value=hold]") }).locator("button").click();
  await colleague.locator(".told.done").waitFor();
  await page.locator(`[id="${mark}"]`, { hasText: "Held" }).waitFor();
  const [after, still] = await page.evaluate(() => [document.activeElement.getBoundingClientRect().top, document.activeElement.href]);
  must(still === focused, "the focus stayed where it was");
  must(Math.abs(after - before) < 2, `the focused line moved by ${after - before} pixels`);
  await colleague.locator("form", { has: colleague.locator("input[value=release]") }).locator("button").click();
  await colleague.context().close();
  await page.setViewportSize({ width: 1400, height: 900 });
}

// Leafs through the list to a page with lines whose statements are equal.
async function equalLines(page, list) {
  await page.goto(list);
  const lines = page.locator("tr.edge.good a.open");
  for (let leafed = 0; leafed < 100 && (await lines.count()) < 2; leafed += 1) {
    const next = page.locator("a[rel=next]");
    must(await next.count(), "there are equal lines to act on");
    await page.goto(new URL(await next.getAttribute("href"), page.url()).href);
  }
  return lines;
}

export async function withoutScript(browser) {
  const { page } = await browser.person("gate-officer", { javaScriptEnabled: false });
  await (await equalLines(page, `${browser.url}/arrivals`)).first().click();
  must(path(page).startsWith("/consignments/"), "a line opens");
  await page.fill("#hold-reason", "without script");
  await page.locator("form", { has: page.locator("input[value=hold]") }).locator("button").click();
  must((await page.locator(".told.done").count()) === 1, "the act is told");
  await page.locator("form", { has: page.locator("input[value=release]") }).locator("button").click();
  must((await page.locator(".told.done").count()) === 1, "and undone by a release");
  await page.context().close();
}
