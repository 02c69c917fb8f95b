// The hour of who answers for trusted traders and certificates: the gap list, an own trader taken in by two people, its statement
// on a phone, a certificate's draw-down, the tariff.

import { readFileSync } from "node:fs";
import { must } from "./browser.mjs";

const path = (page) => new URL(page.url()).pathname;
const go = (page, address) => page.goto(new URL(address, page.url()).href);
const today = () => new Date().toISOString().slice(0, 10);

// The desk begins with what needs a decision; every row opens what it speaks of.
export async function readDesk({ page }) {
  await go(page, "/trusted");
  for (const section of ["gaps", "changes", "near", "report", "plans", "lists"]) must(await page.locator(`#${section}`).count(), `the desk has its part ${section}`);
  const gap = page.locator("section[aria-labelledby=gaps] tbody tr").first();
  must(await gap.count(), "the benefit that rested on a stale status is listed");
  await Promise.all([page.waitForURL("**/cases/benefit/*"), gap.locator("a").nth(1).click()]);
  must(await page.locator(".timeline li").count(), "and leads to the day's benefits with all that happened");
}

async function open(page, act) {
  await page.locator(`#act-${act} > summary`).click();
}

// Applied, visited, authorised by a second person; returns the case's address.
export async function takeIn(browser, { page }) {
  await go(page, "/new/operator/apply");
  await page.fill("#act-apply-application-party-name", "Browser Steel Joint Stock Company");
  await page.check("#act-apply-application-roles-exporter");
  await page.locator("form.act button.main").click();
  await page.locator(".told.done").waitFor();
  const address = page.url();
  await open(page, "plan-validation");
  await page.fill("#act-plan-validation-planned", today());
  await page.fill("#act-plan-validation-team", "Mai");
  await page.locator("#act-plan-validation button.main").click();
  await page.locator(".told.done").waitFor();
  await open(page, "report-validation");
  await page.selectOption("#act-report-validation-outcome", "met");
  await page.fill("#act-report-validation-report", "Gates, seals and records in order.");
  await page.locator("#act-report-validation button.main").click();
  await page.locator(".told.done").waitFor();
  must(!(await page.locator("#act-authorise").count()), "who validates does not authorise");
  const director = (await browser.person("director")).page;
  await director.goto(address);
  await open(director, "authorise");
  await director.fill("#act-authorise-code", "AEOVN0312345678");
  await director.fill("#act-authorise-from", today());
  await director.locator("#act-authorise button.main").click();
  await director.locator(".told.done").waitFor();
  await director.context().close();
  await page.goto(address);
  return address;
}

async function statementOf(page) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".links a[href^='/statement/']").click()]);
  return readFileSync(await file.path(), "utf8");
}

// A phone that nobody is signed in on: it checks what it scanned, also without a line, and is not fooled.
export async function phoneChecks(browser, officer, address) {
  await officer.page.goto(address);
  const statement = await statementOf(officer.page);
  const phone = await browser.fresh({ viewport: { width: 390, height: 800 } });
  const result = async (tone) => {
    await phone.locator(`#statement[data-result=${tone}]`).waitFor();
    return phone.locator("#statement").innerText();
  };
  await phone.goto(`${browser.url}/check/document#${statement}`);
  must((await result("good")).includes("Browser Steel"), "the phone believes it and shows the name");
  await phone.evaluate(() => navigator.serviceWorker.ready);
  await phone.waitForFunction(async () => Boolean(await caches.match("/check/known")));
  await phone.context().setOffline(true);
  await phone.goto(`${browser.url}/check/document#`);
  await phone.goto(`${browser.url}/check/document#${statement}`);
  must((await result("good")).includes("Browser Steel"), "it does so without a line");
  const place = statement.indexOf(".") + 40;
  const changed = statement.slice(0, place) + (statement[place] === "A" ? "B" : "A") + statement.slice(place + 1);
  await phone.fill("#text", changed);
  await phone.locator("#statement-form button").click();
  must((await result("bad")).length > 10, "a changed one is not believed");
  await phone.context().setOffline(false);
  await officer.page.goto(address);
  await open(officer.page, "suspend");
  await officer.page.fill("#act-suspend-reason", "security");
  await officer.page.locator("#act-suspend button.main").click();
  await officer.page.locator(".told.done").waitFor();
  await phone.waitForTimeout(16_000);
  await phone.fill("#text", statement);
  await phone.locator("#statement-form button").click();
  must((await result("wait")).includes("Rests"), "once it is suspended, the status list says so");
  await phone.context().close();
  const plain = await browser.fresh({ javaScriptEnabled: false });
  await plain.goto(`${browser.url}/check/document`);
  await plain.fill("#text", statement);
  await plain.locator("#statement-form button").click();
  must((await plain.locator("#statement .verdict").innerText()).includes("Rests"), "the node says the same to a browser without script");
  await plain.context().close();
}

// What is certified, who drew it in which order, and what was wrong with the last.
export async function drawDown({ page }) {
  await go(page, "/cases/certificate?stage=all");
  await Promise.all([page.waitForURL("**/cases/certificate/*"), page.locator("a.open", { hasText: "TH-PC-2026-100031" }).click()]);
  const rows = page.locator("#drawdown ~ .drawdown table.list tbody tr");
  must((await rows.count()) === 3, "three declarations draw on the line");
  must((await rows.last().innerText()).toLowerCase().includes("used up") || (await rows.last().locator("a[href='/codes/certificate-double-use']").count()), "the last one is double use");
  await Promise.all([page.waitForURL("**/consignments/*"), rows.last().locator("a.open").click()]);
  must(/^\/consignments\//.test(path(page)), "and leads to its consignment");
}

export async function askTariff({ page }) {
  await go(page, "/tariff");
  await page.fill("#q", "mang hinh may tinh");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/tariff?q=*");
  const found = page.locator("section[aria-labelledby=found] tbody tr");
  must(await found.count(), "words without their marks find lines");
  await go(page, "/tariff?country=VN&code=84718090&origin=CN&day=2026-03-01&scheme=ACFTA&value=100000000&currency=VND#duty");
  must(await page.locator("section[aria-labelledby=duty] tbody tr").count(), "a line says what it owes, with its source");
}

// The officer's links lead to what the benefit rested on, and never to the gate's page.
export async function benefitWithoutGoods({ page }) {
  await go(page, "/trusted");
  const link = page.locator("section[aria-labelledby=gaps] tbody th a").first();
  must((await link.getAttribute("href")).startsWith("/trusted/consignment/"), "the link is the officer's own");
  const answer = await page.goto(new URL(await link.getAttribute("href"), page.url()).href);
  must(answer.status() === 200, "it opens");
  must(await page.locator("#recognition").count(), "with what was believed of the exporter");
  must(await page.locator("#facts").count(), "and what followed");
}
