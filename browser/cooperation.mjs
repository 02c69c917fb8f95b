// The first hours of those who cooperate, one step a function: the exchange officer, the coordinator of an operation, the secretary.

import { must } from "./browser.mjs";

const path = (page) => new URL(page.url()).pathname;
const go = (page, address) => page.goto(new URL(address, page.url()).href);
const field = (page, act, name) => page.locator(`#act-${act}-${name.replaceAll(".", "-")}`);

// Opens an act's form where it stands folded.
async function unfold(page, act) {
  const form = page.locator(`form:has(input[name=act][value=${act}])`);
  must(await form.count(), `the act ${act} has its form`);
  const folded = page.locator("details:not([open])", { has: form });
  if (await folded.count()) await folded.first().locator("summary").first().click();
  return form;
}

async function take(page, act) {
  const form = await unfold(page, act);
  const empty = await form.locator(":invalid").evaluateAll((all) => all.map((one) => one.name).filter(Boolean));
  must(!empty.length, `the form of ${act} is not filled in: ${empty}`);
  await Promise.all([page.waitForNavigation(), form.locator("button:not([name=more])").last().click()]);
}

// 07:30 what we owe, what they owe us; every figure opens.
export async function board({ page }) {
  await go(page, "/board");
  must(await page.locator("a.open[href*='requested/TH-TH-R-1']").count(), "Thailand's request is on the board");
  await go(page, "/rates");
  const text = await page.locator("main").innerText();
  must(/12/.test(text) && /9/.test(text) && /75/.test(text), "the published 12, 9 and 2 are shown as three quarters");
}

// 07:50 a new request from Thailand: acknowledged, taken on, a unit asked to find out.
export async function answerThailand({ page }) {
  await go(page, "/beside/requested/TH-TH-R-1");
  must(path(page).startsWith("/beside/"), "the request stands beside our own record");
  await go(page, "/cases/requested/TH-TH-R-1");
  if (await page.locator("form:has(input[name=act][value=acknowledge])").count()) await take(page, "acknowledge");
  must(await page.locator(".told.done").count(), "it is acknowledged");
  await take(page, "accept");
  must(await page.locator(".told.done").count(), "it is taken on");
  await unfold(page, "assign");
  await field(page, "assign", "unit").fill("Quang Tri");
  await field(page, "assign", "task").fill("Find the entry and the weighing slip");
  const due = field(page, "assign", "due");
  if (await due.count()) await due.fill("2030-01-01T09:00");
  await take(page, "assign");
  must(await page.locator(".told.done").count(), "a sub-task goes to the unit");
  await go(page, "/cases/subtask?stage=all");
  must(await page.locator("tr", { hasText: "Quang Tri" }).count(), "the sub-task is in the unit's list");
}

// 08:10 what somebody drafted, the same person does not clear. A final answer would wait for the unit, so it is an interim one.
export async function secondPerson(browser, { page }) {
  await draft(page, "interim", "400 were declared and 400 weighed");
  await take(page, "clear");
  must(await page.locator("a[href='/codes/second-person-needed']").count(), "the same person does not clear it");
  await clearedByAnother(browser);
}

async function draft(page, kind, text) {
  await go(page, "/cases/requested/TH-TH-R-1");
  await unfold(page, "answer");
  await field(page, "answer", "answer.kind").selectOption(kind);
  await field(page, "answer", "answer.text").fill(text);
  for (const [name, value] of [["answer.grade.source", "a"], ["answer.grade.content", "1"]]) {
    const choice = field(page, "answer", name);
    if (await choice.count()) await choice.selectOption(value);
  }
  await take(page, "answer");
}

async function clearedByAnother(browser) {
  const director = (await browser.person("director")).page;
  await go(director, "/cases/requested/TH-TH-R-1");
  await take(director, "clear");
  must(await director.locator(".told.done").count(), "a second person does");
  const stands = await director.locator("h1").innerText();
  await director.context().close();
  return stands;
}

// 10:30 the final answer waits for the unit; the unit reports, it is drafted, and a second person lets it go.
export async function finalAnswer(browser, { page }) {
  await draft(page, "final", "400 were declared and 400 weighed at the gate");
  must(await page.locator("a[href='/codes/subtasks-open']").count(), "a final answer waits for the unit");
  const gate = (await browser.person("gate-officer")).page;
  await go(gate, "/cases/subtask");
  await gate.locator("a.open").first().click();
  await unfold(gate, "report");
  await field(gate, "report", "report.text").fill("Weighing slip 2291: 400 cartons");
  await take(gate, "report");
  must(await gate.locator(".told.done").count(), "the unit reports");
  await gate.context().close();
  await draft(page, "final", "400 were declared and 400 weighed at the gate");
  must(await page.locator(".told.done").count(), "the final answer is drafted");
  const stands = await clearedByAnother(browser);
  must(/Answered|trả lời/.test(stands), `the request is answered: ${stands}`);
}

// Whether a partner holds the same box is found out before anything is shown.
export async function askWithoutShowing({ page }) {
  await go(page, "/new/match-question/ask");
  await field(page, "ask", "partner").selectOption("TH");
  await field(page, "ask", "kind").selectOption("container");
  await field(page, "ask", "values").fill("MSCU7654329\nAAAU0000000");
  await field(page, "ask", "purpose").selectOption("investigation");
  await Promise.all([page.waitForNavigation(), page.locator("form.act button.main").click()]);
  must(path(page).startsWith("/cases/match-question/"), "the question has its case");
  await page.locator("h1 .badge, h1 span", { hasText: "Answered" }).first().waitFor({ timeout: 30_000 }).catch(() => {});
  await page.reload();
  const said = await page.locator("main").innerText();
  must(said.includes("MSCU7654329") && said.includes("Answered"), "what both hold is shown");
}

// 07:30 one operation: map or figures, warnings out, silence.
export async function room({ page }) {
  await go(page, "/rooms");
  await page.locator("a[href*='MEKONG-DRAGON']").first().click();
  must(path(page).startsWith("/rooms/"), "the room opens");
  const text = await page.locator("main").innerText();
  must(/63-4821|TEMU1234565/.test(text), "the warnings of the operation are there");
}

// 08:00 a seizure form is refused by validation, then taken.
export async function seizure({ page }) {
  await go(page, "/new/seizure/enter");
  await page.evaluate(() => document.querySelectorAll("[required]").forEach((one) => one.removeAttribute("required")));
  await page.locator("form.act button.main").click();
  must(await page.locator(".field.wrong .trouble").count(), "what is missing stands beside its field");
}

// 08:15 a new warning from a finding: the form is filled in, the finding is named.
export async function warnFromFinding({ page }) {
  await go(page, "/arrivals?stage=flagged");
  await page.locator("a.open").first().click();
  const link = page.locator("a[href^='/new/warning/warn']").first();
  must(await link.count(), "a finding offers to warn a partner");
  await link.click();
  must((await field(page, "warn", "born_of").inputValue()).startsWith("finding/"), "the finding is named");
  must((await field(page, "warn", "warning.text").inputValue()).length > 10, "its sentence is there");
  await field(page, "warn", "warning.operation").fill("MEKONG-DRAGON");
  await field(page, "warn", "warning.pack").selectOption("drugs");
  await field(page, "warn", "warning.carriage.vehicle").fill("51C-999.99");
  await field(page, "warn", "warning.carriage.eta").fill("2030-01-01T18:00");
  await Promise.all([page.waitForNavigation(), page.locator("form.act button.main").click()]);
  must(path(page).startsWith("/cases/warning/"), `the warning went: ${path(page)}`);
  must(await page.locator("section[aria-labelledby=related] tr", { hasText: /finding/i }).count(), "it is tied to its finding");
}

// 07:30 the board: overdue by forum, the ministry's opinion, the gate lane that waits.
export async function commitments({ page }) {
  await go(page, "/commitments");
  must(await page.locator("a.open").count(), "there are commitments");
  await go(page, "/cases/negotiation/ACDD-VN-CN");
  const text = await page.locator("main").innerText();
  must(/Huu Nghi/.test(text), "the gate lane that waits is named");
  must(/Ministry of Foreign Affairs/.test(text), "and whose opinion is missing");
}

// 08:00 the brief writes itself; a figure opens its cases; the paper is a PDF.
export async function brief({ page }) {
  await go(page, "/brief/TH");
  const figure = page.locator("table.brief td.number a").first();
  const count = Number((await figure.innerText()).replaceAll(/\D/g, ""));
  const paper = await page.locator("a[href^='/brief-paper/']").getAttribute("href");
  await figure.click();
  must(path(page).startsWith("/cases/"), "a figure opens what it counts");
  const rows = await page.locator("a.open").count();
  must(rows === Math.min(count, rows) && (count > 50 || rows === count), `the figure says ${count} and opens ${rows}`);
  const printed = await page.request.get(new URL(paper, page.url()).href, { timeout: 120_000 });
  must(printed.ok() && (await printed.body()).subarray(0, 5).toString() === "%PDF-", "the paper is a PDF");
}

// 118 delegates, 25 sessions; a list with a fault is not taken, one without is; the calendar is one.
export async function meeting({ page }) {
  await go(page, "/cases/meeting/DGC-33");
  const text = await page.locator("main").innerText();
  must(/118/.test(text) && /25/.test(text), "118 delegates and 25 sessions are there");
  await page.locator("a[href='/delegates/DGC-33']").click();
  const give = async (table) => {
    const file = { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(table) };
    await page.setInputFiles("#file", file);
    await Promise.all([page.waitForNavigation(), page.locator("form button.main").click()]);
  };
  await give("badge,name,party\n,Head of delegation,NZ\n");
  must(await page.locator("a[href='/codes/value-missing']").count(), "a list with a fault says where");
  await give(`badge,name,party\nNZ-${Date.now()},Head of delegation,NZ\n`);
  must(path(page) === "/cases/meeting/DGC-33" && (await page.locator(".told.done").count()), "a whole list is taken");
  const calendar = await page.request.get(new URL("/meeting-calendar/DGC-33", page.url()).href);
  const events = (await calendar.text()).split("BEGIN:VEVENT").length - 1;
  must(events === 26, `the calendar has the meeting and its sessions: ${events}`);
}
