// The transit officer's path: open movements by their clocks, one movement over all its countries, its guarantee, and what a
// principal declares, judged while it is typed.

import { must } from "./browser.mjs";

const path = (page) => new URL(page.url()).pathname;

// Not every demonstration has movements.
export async function hasMovements(browser, { page }) {
  await page.goto(`${browser.url}/transit`);
  return (await page.locator("tbody[data-live=rows] tr.bad").count()) > 0;
}

// The board shows what is overdue first and in red, and the map says the same as its table.
export async function boardByClock(browser, { page }) {
  await page.goto(`${browser.url}/transit`);
  const rows = page.locator("tbody[data-live=rows] tr");
  must(await rows.count(), "movements are open");
  const first = rows.first();
  must((await first.getAttribute("class")).includes("bad"), "what is overdue stands first, in red");
  must(await first.locator(".badge.bad").count(), "and says so in a word");
  must(await page.locator("svg.map, figure svg").count(), "there is a map");
  const late = await page.locator("dl.facts div", { hasText: "Overdue" }).locator("dd").innerText();
  must(Number(late) === (await page.locator("tbody tr.bad").count()), "as many lines are red as are counted overdue");
}

// From the board down to one movement: its offices in order, its timeline with places, its guarantee.
export async function journeyOverCountries(browser, { page }) {
  await page.goto(`${browser.url}/transit`);
  await page.locator("tbody tr.bad a.open").first().click();
  must(path(page).startsWith("/transit/movements/"), "a line opens the movement");
  const stops = await page.locator("tbody[data-live=stops] tr").allInnerTexts();
  must(stops.length >= 3 && stops[0].includes("VN001234") && stops.at(-1).includes("TH005678"), `the offices stand in order: ${stops}`);
  const steps = await page.locator("ol.timeline li").allInnerTexts();
  must(steps.some((step) => step.includes("Released")), "the release stands in the timeline");
  must(steps.some((step) => step.includes("looked for")), "and that it is looked for");
  await page.locator("section[aria-labelledby=cover] a").first().click();
  must(path(page).startsWith("/transit/guarantees/"), "its guarantee opens");
  must(await page.locator("meter#bound").count(), "the account shows how much is bound");
  must(await page.locator("tbody[data-live=rows] tr.wait").count(), "and by which movements");
}

// The enquiry that opened by itself, from the list, with what the officer may do now.
export async function enquiryOpens(browser) {
  const { page } = await browser.person("exchange-officer");
  await page.goto(`${browser.url}/cases/transit-enquiry`);
  await page.locator("a.open").first().click();
  must(await page.locator("main input[name=case]").count(), "an act is offered");
  must((await page.locator("ol.timeline li").allInnerTexts()).some((step) => step.includes("Opened")), "it says how it began");
  await page.context().close();
}

// The form speaks about a field once somebody was in it, takes it back when it is mended, and lodges.
export async function declareWhileJudged(browser) {
  const { page } = await browser.person("principal");
  await page.goto(`${browser.url}/transit/mine`);
  const wrong = page.locator("#declare-departure-wrong");
  must(await wrong.isHidden(), "nothing is said before anything is typed");
  await page.fill("#declare-departure", "VN");
  await page.locator("#declare-destination").focus();
  await wrong.filter({ hasText: /\w/ }).waitFor();
  must((await page.getAttribute("#declare-departure", "aria-invalid")) === "true", "the field is marked");
  await page.fill("#declare-departure", "VN001234");
  await page.waitForFunction(() => document.getElementById("declare-departure-wrong").hidden);
  const fields = {
    lrn: `WALK-${Date.now()}`, holder: "VN0100109106", transit: "LA000100 TH005678", destination: "TH005678", grn: "", code: "AC01",
    amount: "1000", currency: "VND", vehicle: "29H12345", nationality: "VN", place: "VNHAN", document: "CMR-WALK",
    consignor: "Red River Computers; 1 Trang Tien; 10000; Ha Noi; VN", consignee: "Mekong Trading; 2 Rama IV; 10110; Bangkok; TH",
    lines: "847130; Portable computers; 5; CT; 12.5",
  };
  fields.grn = await page.inputValue("#declare-grn");
  for (const [name, value] of Object.entries(fields)) if (value) await page.fill(`#declare-${name}`, value);
  must(/^\d{2}[A-Z]{2}/.test(await page.inputValue("#declare-grn")), "the form began with what was declared last");
  await page.locator("form[data-judge] button").click();
  await page.locator(".told.done").waitFor();
  must((await page.locator("main").innerText()).includes("CC928C"), "the receipt is there");
  await page.context().close();
}
