// Every screen under axe-core: WCAG 2.2 A and AA, and its best practices.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { must } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const SCREENS = [
  "/session", "/arrivals", "/arrivals?stage=released", "/arrivals?text=nothing-like-it", "/exchange", "/exchange?way=out",
  "/lanes", "/obligations", "/obligations?stage=met", "/agreements", "/partners", "/dead-letters", "/throughput", "/record", "/codes",
  "/codes/purpose-not-allowed", "/nothing-there", "/matches", "/mirror", "/ledger", "/parties", "/parties?text=Gao%20Mien%20Tay",
  "/recomputed", "/cases/finding", "/cases/obligation?stage=all", "/cases/declaration?text=nothing-like-it",
  "/transit", "/transit/mine", "/cases/transit-departure", "/cases/transit-guarantee", "/cases/transit-enquiry",
];

// What the trusted-trader officer sees.
const TRUSTED = [
  "/trusted", "/tariff", "/tariff?q=orchids&code=06031300&origin=TH&scheme=ATIGA&value=1000000&currency=VND", "/cases/operator?stage=all",
  "/cases/benefit?stage=all", "/cases/near-miss?stage=all", "/cases/origin-rules", "/new/origin-rules/publish", "/new/operator/apply", "/cases/divergence?stage=all",
];

// What the analyst sees of targeting: the board, the editor empty, with tests and with faults, the parcels.
const TARGETING = [
  "/targeting", "/targeting/editor", "/targeting/editor?look0=departure&sense0=none&values0=XX&look1=listed-seller&values1=own&can=1&lane=red",
  "/targeting/editor?id=x&look0=value&least0=much", "/targeting/parcels", "/cases/referral?stage=all", "/cases/profile?stage=all",
  "/cases/consolidated?stage=all", "/cases/watch-list?stage=all", "/cases/office-capacity", "/new/office-capacity/say", "/cases/model?stage=all",
];

// Screens that stand behind the first line of a list.
const BEHIND = [
  ["/arrivals", "a.open"], ["/arrivals?stage=flagged", "a.open"], ["/exchange?stage=faulty", "a.open"],
  ["/exchange?stage=quarantined", "a.open"], ["/exchange?way=out", "a.open"], ["/agreements", "a.open"], ["/record", "a.open"],
  ["/cases/finding", "a.open"], ["/cases/certificate?stage=all", "a.open"], ["/cases/obligation?stage=all", "a.open"], ["/mirror", "table.list a.open"], ["/lanes", "table.ladder th a"],
  ["/transit", "a.open"], ["/transit/mine", "a.open"], ["/cases/transit-departure", "a.open"], ["/cases/transit-guarantee", "a.open"],
  ["/cases/transit-enquiry", "a.open"],
];

async function violations(page) {
  // The reader sees the page, not its last change.
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
  return found.violations.map((violation) => {
    const node = violation.nodes[0];
    const more = node.any[0]?.message ?? node.all[0]?.message ?? "";
    return `${new URL(page.url()).pathname}: ${violation.id} (${violation.nodes.length}) ${node.target.join(" ")} ${more}`;
  });
}

// No screen scrolls sideways as a whole.
async function tooWide(page) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return wide > window + 1 ? [`${new URL(page.url()).pathname}: ${wide} pixels wide in a window of ${window}`] : [];
}

export async function axeFindings(browser, language, { scheme, width }) {
  const look = { colorScheme: scheme, viewport: { width, height: 900 } };
  const stranger = await browser.fresh(look);
  await stranger.goto(`${browser.url}/language/${language}?back=/sign-in`);
  const found = await violations(stranger);
  await stranger.goto(`${browser.url}/check/document?text=abc`);
  found.push(...(await violations(stranger)), ...(await tooWide(stranger)));
  await stranger.context().close();
  const trusted = (await browser.person("trusted-trader-officer", look)).page;
  await trusted.goto(`${browser.url}/language/${language}?back=/`);
  for (const screen of TRUSTED) {
    await trusted.goto(browser.url + screen);
    found.push(...(await violations(trusted)), ...(await tooWide(trusted)));
  }
  await trusted.context().close();
  const analyst = (await browser.person("analyst", look)).page;
  await analyst.goto(`${browser.url}/language/${language}?back=/`);
  for (const screen of TARGETING) {
    const answer = await analyst.goto(browser.url + screen);
    if (answer.status() >= 400) found.push(`${screen}: ${answer.status()}`);
    found.push(...(await violations(analyst)), ...(await tooWide(analyst)));
  }
  await analyst.context().close();
  const { page } = await browser.person("exchange-officer", look);
  await page.goto(`${browser.url}/language/${language}?back=/`);
  for (const screen of SCREENS) {
    await page.goto(browser.url + screen);
    found.push(...(await violations(page)), ...(await tooWide(page)));
  }
  for (const [list, line] of BEHIND) {
    await page.goto(browser.url + list);
    const first = page.locator(line).first();
    if (!(await first.count())) continue;
    await page.goto(browser.url + (await first.getAttribute("href")));
    found.push(...(await violations(page)), ...(await tooWide(page)));
  }
  await page.context().close();
  must(found.length === 0, found.join("\n"));
}

// The screens of cooperation and steering, by who opens them.
const COOPERATION = {
  "exchange-officer": [
    "/board", "/rates", "/rooms", "/rooms/MEKONG-DRAGON", "/beside/requested/TH-TH-R-1", "/cases/request?stage=all",
    "/cases/requested/TH-TH-R-1", "/cases/contact", "/cases/dossier", "/cases/match-question?stage=all",
    "/cases/match-question/VN-Q-1", "/cases/match-meter?stage=all", "/cases/match-asked?stage=all", "/cases/match-set?stage=all",
    "/new/match-question/ask", "/cases/register-question?stage=all", "/cases/cargo-line?stage=all", "/cases/cargo-hit?stage=all",
    "/cases/period-check?stage=all", "/new/spontaneous-out/draft",
  ],
  coordinator: ["/rooms", "/rooms/MEKONG-DRAGON", "/cases/warning?stage=all", "/cases/take-back?stage=all", "/new/seizure/enter", "/new/warning/warn"],
  secretary: [
    "/commitments", "/brief", "/brief/TH", "/brief/LA", "/cases/meeting?stage=all", "/cases/meeting/DGC-33", "/delegates/DGC-33",
    "/cases/action?stage=all", "/cases/negotiation/ACDD-VN-CN", "/cases/issue?stage=all", "/new/meeting/plan",
  ],
  reviewer: ["/integrity", "/integrity?days=1", "/cases/concern?stage=all", "/cases/assessment?stage=all"],
};

export async function cooperationFindings(browser, language, { scheme, width }) {
  const found = [];
  for (const [role, screens] of Object.entries(COOPERATION)) {
    const { page } = await browser.person(role, { colorScheme: scheme, viewport: { width, height: 900 } });
    await page.goto(`${browser.url}/language/${language}?back=/`);
    for (const screen of screens) {
      const answer = await page.goto(browser.url + screen);
      if (answer.status() >= 400) found.push(`${screen}: ${answer.status()} for ${role}`);
      found.push(...(await violations(page)), ...(await tooWide(page)));
    }
    await page.context().close();
  }
  must(found.length === 0, found.join("\n"));
}
