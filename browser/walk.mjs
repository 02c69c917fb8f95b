// Walks the gate officer's path through a running node with a real browser, then looks at every screen for what people
// with keyboards, screen readers, small screens or no script would miss.
//
//   node walk.mjs URL PASSWORD          (or SAMPAN_URL and SAMPAN_PASSWORD; {role} in the password is replaced)
//
// The node must have a consignment with an open finding, as `sampan demo` and `cargo run -p web --example harbour` leave one.
// CHROMIUM names the browser; it is never downloaded. Exit 0: everything holds. 1: something does not; it is named.

import { decideByKey, fillForm, findParty, openAnyDesk, openGap, readLane, writeProfile } from "./analyst.mjs";
import { axeFindings, cooperationFindings } from "./axe.mjs";
import * as cooperation from "./cooperation.mjs";
import { arrivalsStayInPlace, concludeInTwoClicks, inspect, keysHelp, openRedLine, refusedPurpose, withoutScript } from "./officer.mjs";
import { start } from "./browser.mjs";
import { boardByClock, declareWhileJudged, enquiryOpens, hasMovements, journeyOverCountries } from "./transit.mjs";
import { askTariff, benefitWithoutGoods, drawDown, phoneChecks, readDesk, takeIn } from "./trusted.mjs";

const url = (process.argv[2] ?? process.env.SAMPAN_URL ?? "http://127.0.0.1:8701").replace(/\/$/, "");
const password = process.argv[3] ?? process.env.SAMPAN_PASSWORD ?? "{role}-password";

const browser = await start(url, password);
const failures = [];

async function claim(sentence, check) {
  const began = Date.now();
  try {
    await check();
    console.log(`ok      ${sentence} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures.push(sentence);
    console.log(`FAILED  ${sentence}\n        ${String(error.message ?? error).split("\n").slice(0, 12).join("\n        ")}`);
  }
}

try {
  const officer = await browser.person("gate-officer");
  await claim("a list refreshes in place when somebody else acts", () => arrivalsStayInPlace(browser, officer));
  await claim("a red line opens by keyboard and shows both sides", () => openRedLine(officer));
  await claim("what a partner said is not shown for a purpose the term forbids", () => refusedPurpose(browser, officer.page.url()));
  await claim("the keys are shown and lead where they say", () => keysHelp(officer));
  await claim("an inspection is ordered and its result entered", () => inspect(officer));
  await claim("every finding is concluded in two clicks or two keys, and the giver is told", () => concludeInTwoClicks(officer));
  if (await hasMovements(browser, officer)) {
    await claim("open movements stand by their clocks, overdue ones first and in red", () => boardByClock(browser, officer));
    await claim("a movement opens with its offices, its timeline and its guarantee", () => journeyOverCountries(browser, officer));
    await claim("what did not arrive is looked for, and the officer can act on it", () => enquiryOpens(browser));
    await claim("a declaration is judged beside its fields while it is typed, and lodged", () => declareWhileJudged(browser));
  } else {
    console.log("skipped  transit: no movement is open on this node");
  }
  const analyst = await browser.person("analyst");
  await claim("one key decides each doubtful link", () => decideByKey(analyst));
  await claim("every desk has its list and its cases", () => openAnyDesk(analyst));
  await claim("a gap in the mirror opens down to declarations", () => openGap(analyst));
  await claim("a lane shows its coverage, its quality and their numbers", () => readLane(analyst));
  await claim("a party is found by part of its name", () => findParty(analyst, process.env.SAMPAN_PARTY ?? "Phu Quy"));
  await claim("a form keeps what was filled in and says what is wrong beside it", () => fillForm(browser));
  await claim("a profile is tried while it is written, and the parcels of a night stand on their board", () => writeProfile(browser));
  const trusted = await browser.person("trusted-trader-officer");
  let taken = "";
  await claim("the gap list, near misses and benefit report open down to consignments", () => readDesk(trusted));
  await claim("a consignment opens to the trusted-trader officer without its goods", () => benefitWithoutGoods(trusted));
  await claim("a trusted trader is taken in by two people", async () => { taken = await takeIn(browser, trusted); });
  await claim("a phone checks its statement, also without a line, and sees when it rests", () => phoneChecks(browser, trusted, taken));
  await claim("a certificate shows who drew on it, and double use", () => drawDown(analyst));
  await claim("the tariff finds by words and says what a line owes", () => askTariff(trusted));
  if (process.env.SAMPAN_COOPERATION !== "no") {
    const exchange = await browser.person("exchange-officer");
    await claim("exchange officer: what we owe and are owed, and what a published rate can mean", () => cooperation.board(exchange));
    await claim("exchange officer: a request from Thailand is taken on and a unit asked", () => cooperation.answerThailand(exchange));
    await claim("exchange officer: a second person clears an answer", () => cooperation.secondPerson(browser, exchange));
    await claim("exchange officer: a final answer waits for the unit and goes by a second person", () => cooperation.finalAnswer(browser, exchange));
    await claim("exchange officer: a box is asked about without being shown", () => cooperation.askWithoutShowing(exchange));
    const coordinator = await browser.person("coordinator");
    await claim("coordinator: the room of an operation", () => cooperation.room(coordinator));
    await claim("coordinator: a seizure form says what is missing", () => cooperation.seizure(coordinator));
    await claim("a warning is born of a finding in one step", () => cooperation.warnFromFinding(analyst));
    const secretary = await browser.person("secretary");
    await claim("secretary: the board, the late opinion, the lane that waits", () => cooperation.commitments(secretary));
    await claim("secretary: the brief opens and prints", () => cooperation.brief(secretary));
    await claim("secretary: the meeting, its lists and its calendar", () => cooperation.meeting(secretary));
    for (const language of ["vi", "en"]) {
      for (const width of [1400, 420]) {
        await claim(`no screen of cooperation has an accessibility violation (${language}, ${width} px)`, () =>
          cooperationFindings(browser, language, { scheme: "light", width }));
      }
    }
  }
  await claim("everything can be read and done without script", () => withoutScript(browser));
  for (const language of ["vi", "en"]) {
    for (const look of [{ scheme: "light", width: 1400 }, { scheme: "dark", width: 1400 }, { scheme: "light", width: 390 }]) {
      await claim(`no screen has an accessibility violation (${language}, ${look.scheme}, ${look.width} px)`, () =>
        axeFindings(browser, language, look));
    }
  }
  await claim("nothing was asked of another site, and no page complained", async () => {
    if (browser.complaints.length) throw new Error([...new Set(browser.complaints)].join("\n"));
  });
} finally {
  await browser.close();
}
console.log(failures.length ? `${failures.length} claims failed` : "all claims hold");
process.exit(failures.length ? 1 : 0);
