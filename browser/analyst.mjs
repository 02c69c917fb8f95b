// The analyst's first hour, one step a function: queue, findings, mirror, lane, party.

import { must } from "./browser.mjs";

const path = (page) => new URL(page.url()).pathname;
const go = (page, address) => page.goto(new URL(address, page.url()).href);

// One key decides each consignment that more than one export may be about.
export async function decideByKey({ page }) {
  await go(page, "/matches");
  const cards = page.locator("section.choice");
  for (let left = await cards.count(); left > 0; left = await cards.count()) {
    const id = await cards.first().getAttribute("id");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("1")]);
    must(await page.locator(".told.done").count(), "the choice is told");
    must(!(await page.locator(`[id="${id}"]`).count()), "what was decided is gone from the queue");
  }
  must(await page.locator(".empty").count(), "an empty queue says so");
}

// The list every desk has: a stage narrows it, a row opens, the case shows what belongs to it.
export async function openAnyDesk({ page }) {
  await go(page, "/cases/finding?stage=all");
  const rows = page.locator("a.open");
  must(await rows.count(), "there are findings");
  await rows.first().click();
  must(path(page).startsWith("/cases/finding/"), "a row opens its case");
  must(await page.locator(".timeline li").count(), "what happened is there");
  must(await page.locator("#related").count(), "what belongs to it is there");
}

// A gap opens down to the declarations behind it.
export async function openGap({ page }) {
  await go(page, "/mirror");
  must(await page.locator("figure.picture svg.map").count(), "the map is there");
  const row = page.locator("table.list a.open").first();
  must(await row.count(), "there are cells");
  await row.click();
  must(path(page) === "/mirror/cell", "a gap opens");
  must(await page.locator("table.list a.open").count(), "the declarations behind it are there");
  await page.locator("table.list a.open").last().click();
  must(/^\/(consignments|items)\//.test(path(page)), "and lead to their pages");
}

export async function readLane({ page }) {
  await go(page, "/lanes");
  await page.locator("table.ladder th a").first().click();
  must(path(page).startsWith("/lanes/"), "a lane opens");
  must(await page.locator("#coverage").count(), "its coverage is there");
  const table = page.locator("details.numbers").first();
  await table.locator("summary").click();
  must(await table.locator("td.number").count(), "every picture has its numbers as a table");
}

export async function findParty({ page }, name) {
  await go(page, "/parties");
  await page.fill("#text", name);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/parties?text=*");
  must(await page.locator("section.after table.list tbody tr").count(), `statements that name ${name} are there`);
}

// A form of any desk: one more line without reloading, what is wrong stands beside its field, nothing is lost.
export async function fillForm(browser) {
  const { page } = await browser.person("secretary");
  await go(page, "/new/agreement/enter");
  const group = page.locator("#act-enter-agreement-term");
  must(await group.count(), "the form has its group of terms");
  await group.locator(":scope > button[name=more]").click();
  must((await group.locator(":scope > [data-line]").count()) === 2, "one more line came without reloading");
  await page.fill("#act-enter-agreement-title", "kept");
  await page.evaluate(() => document.querySelectorAll("[required]").forEach((field) => field.removeAttribute("required")));
  await page.locator("form.act button.main").click();
  must(await page.locator(".field.wrong .trouble").count(), "what is wrong stands beside its field");
  must((await page.inputValue("#act-enter-agreement-title")) === "kept", "what was filled in is still there");
  await page.context().close();
}

// A profile is written with its counts beside it, tried, and kept as a draft; the parcels of a night stand on their board.
export async function writeProfile(browser) {
  const { page } = await browser.person("analyst");
  await go(page, "/targeting/editor");
  must((await page.locator("fieldset.test").count()) === 8, "there is room for eight tests");
  must(await page.locator("#trial ~ .empty").count(), "nothing is tried before something is written");
  await page.selectOption("#look0", "departure");
  await page.selectOption("#sense0", "none");
  await page.fill("#values0", "XX");
  await Promise.all([page.waitForURL("**/targeting/editor?*"), page.locator("form#written button").click()]);
  must(await page.locator("#trial ~ .figures b").count(), "the trial says what it would have chosen");
  await go(page, "/targeting/parcels");
  for (const part of ["splits", "asked", "lists", "accounts"]) must(await page.locator(`#${part}`).count(), `the board has its part ${part}`);
  await page.context().close();
}
