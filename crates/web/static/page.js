// Live updates and keys. Without this file every page still works: it only saves reloading and reaching for the mouse.
"use strict";

const list = () => [...document.querySelectorAll("main a.open")];
const typing = (node) => node && node.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");

// --- keys ---

function move(step) {
  const links = list();
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  if (!next) return;
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

// A digit picks a verdict; with a verdict picked, a digit picks its reason and sends the form.
// In the queue a digit picks a link of the first consignment, or of the one somebody stands in.
function choose(value) {
  const near = document.activeElement && document.activeElement.closest("[data-choose]");
  const form = near || document.querySelector("[data-choose]");
  const button = form && form.querySelector(`button[data-digit='${value}']`);
  if (button) button.click();
  return !!form;
}

function digit(value) {
  if (choose(value)) return;
  const near = document.activeElement && document.activeElement.closest("[data-verdict]");
  const form = near || document.querySelector("[data-verdict]");
  if (!form) return;
  const picked = form.querySelector("input[name='with.verdict']:checked");
  const reason = picked && form.querySelector(`.reasons.${picked.value} button[data-digit='${value}']`);
  const verdict = form.querySelector(`input[data-digit='${value}']`);
  if (reason) reason.click();
  else if (!picked && verdict) { verdict.checked = true; verdict.focus(); }
}

function unpick() {
  for (const input of document.querySelectorAll("input[name='with.verdict']:checked")) input.checked = false;
}

document.addEventListener("keydown", (event) => {
  const help = document.getElementById("keys");
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === "Escape") { unpick(); document.activeElement.blur(); return; }
  if (typing(document.activeElement)) return;
  const arrows = document.activeElement && document.activeElement.matches("a.open, body");
  const keys = {
    j: () => move(1), k: () => move(-1), "?": () => help.showModal(),
    "/": () => { const field = document.querySelector("input[type=search]"); if (field) field.focus(); },
    u: () => { const up = document.querySelector("[data-up]"); if (up) location.assign(up.href); },
  };
  if (arrows) { keys.ArrowDown = keys.j; keys.ArrowUp = keys.k; }
  if (/^[0-9]$/.test(event.key)) { digit(event.key); return; }
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// One more line of a group, without asking the server: the last line again, empty, with the next number.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=more]");
  const last = button && [...button.parentElement.children].filter((node) => node.matches("[data-line]")).pop();
  if (!last) return;
  event.preventDefault();
  const number = [...button.parentElement.children].filter((node) => node.matches("[data-line]")).length;
  const start = `with.${button.value}.`;
  const line = last.cloneNode(true);
  const renamed = (name) => (name.startsWith(start) ? start + name.slice(start.length).replace(/^\d+/, number) : name);
  const dashed = start.slice(5).replaceAll(".", "-");
  const moved = (id) => id.replace(new RegExp(`(-${dashed})\\d+`), `$1${number}`);
  for (const node of line.querySelectorAll("[name], [id], [for], [list], [aria-describedby]")) {
    if (node.name) node.name = renamed(node.name);
    for (const attribute of ["id", "for", "list", "aria-describedby"]) {
      if (node.hasAttribute(attribute)) node.setAttribute(attribute, moved(node.getAttribute(attribute)));
    }
    if (node.matches("button[name=more]")) node.value = renamed(`with.${node.value}`).slice(5);
    else if (node.matches("input[type=checkbox]")) node.checked = false;
    else if (node.matches("input, textarea, select")) node.value = "";
    node.removeAttribute("aria-invalid");
  }
  for (const node of line.querySelectorAll(".trouble")) node.remove();
  const legend = line.querySelector("legend");
  legend.textContent = legend.textContent.replace(/\d+/, number + 1);
  button.before(line);
  line.querySelector("input, textarea, select").focus();
});

// --- forms that are judged while they are filled in ---

// Only fields somebody has been in are spoken about; what is still to come is no fault yet.
function judged(form) {
  const touched = new Set();
  let [wait, asked] = [0, 0];
  const ask = async () => {
    const turn = ++asked;
    const answer = await fetch(form.dataset.judge, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (!answer.ok || turn !== asked) return;
    const says = new Map();
    for (const fault of (await answer.json()).faults) says.set(fault.field, [...(says.get(fault.field) || []), fault.says]);
    for (const name of touched) {
      const field = form.elements[name];
      const told = document.getElementById(`${field.id}-wrong`);
      const wrong = (says.get(name) || []).slice(0, 3).join(" ");
      if (told.textContent !== wrong) told.textContent = wrong;
      told.hidden = wrong === "";
      if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    }
  };
  const note = (event) => {
    if (!event.target.name || !document.getElementById(`${event.target.id}-wrong`)) return;
    touched.add(event.target.name);
    clearTimeout(wait);
    wait = setTimeout(() => ask().catch(() => {}), 400);
  };
  form.addEventListener("input", note);
  form.addEventListener("focusout", note);
}
for (const form of document.querySelectorAll("form[data-judge]")) judged(form);

// --- a form that is tried while it is filled in ---

for (const form of document.querySelectorAll("form[data-try]")) {
  let wait = 0;
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
      const answer = await fetch(`${form.action}?${asked}`, { headers: { "x-live": "1" }, redirect: "manual" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of document.querySelectorAll("[data-live]")) {
        const next = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
        if (next) old.replaceWith(next);
      }
      const [kept, next] = [document, fresh].map((page) => page.querySelector("form[data-keep]"));
      if (kept && next) kept.replaceWith(next);
      else if (next) document.getElementById("main").append(next);
      else if (kept) kept.remove();
      history.replaceState(null, "", `${form.action}?${asked}`);
    }, 350);
  });
}

// --- live updates ---

// Whether somebody is in the middle of something there: a field with the cursor, an open form, a picked verdict.
function busy(node) {
  if (node.contains(document.activeElement) && typing(document.activeElement)) return true;
  if ([...node.querySelectorAll("input:not([type=hidden])")].some((input) =>
    input.type === "radio" ? input.checked : input.value !== input.defaultValue)) return true;
  if ([...node.querySelectorAll("textarea, select")].some((field) => field.value !== (field.defaultValue ?? ""))) return true;
  return !!node.querySelector("details.waive[open], details.act[open]");
}

// Act ids and form tokens differ on every drawing; what people see is compared without them.
const shown = (node) => node.innerHTML.replace(/ value="[^"]*"/g, "").replace(/ open=""/g, "");

function flash(node) {
  node.classList.remove("flash");
  void node.offsetWidth;
  node.classList.add("flash");
}

// Rows are matched by their ids: unchanged ones stay as they are, with focus and selection.
function mergeRows(old, fresh) {
  const known = new Map([...old.children].map((row) => [row.id, row]));
  for (const [place, row] of [...fresh.children].entries()) {
    let kept = known.get(row.id);
    known.delete(row.id);
    if (!kept) { kept = row; flash(kept); }
    else if (shown(kept) !== shown(row) && !busy(kept)) {
      const focused = kept.contains(document.activeElement);
      kept.className = row.className;
      kept.innerHTML = row.innerHTML;
      if (focused && kept.querySelector("a.open")) kept.querySelector("a.open").focus({ preventScroll: true });
      flash(kept);
    }
    if (old.children[place] !== kept) old.insertBefore(kept, old.children[place] || null);
  }
  for (const gone of known.values()) if (!busy(gone)) gone.remove();
}

function mergePage(fresh) {
  const anchor = document.activeElement !== document.body ? document.activeElement : null;
  const before = anchor && anchor.getBoundingClientRect().top;
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!next || shown(old) === shown(next) || busy(old)) continue;
    if (old.tagName === "TBODY" && next.tagName === "TBODY") mergeRows(old, next);
    else { old.replaceWith(next); flash(next); }
  }
  // The row somebody stands on stays where it is on the screen.
  if (anchor && anchor.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - before);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { "x-live": "1" }, redirect: "manual" });
  if (answer.ok) mergePage(new DOMParser().parseFromString(await answer.text(), "text/html"));
  // The session is over: the sign-in page brings back here.
  else if (answer.type === "opaqueredirect" && !busy(document.body)) location.reload();
}

let [waiting, last] = [0, 0];
function soon() {
  if (waiting) return;
  const rest = Math.max(700, last + 3000 - Date.now());
  waiting = setTimeout(() => { waiting = 0; last = Date.now(); refresh().catch(() => {}); }, rest);
}

// A change matters here where its case is shown, or where the page lists its desk.
function changed({ data }) {
  const desks = document.getElementById("main").dataset.desks.split(" ");
  const shownHere = [...document.querySelectorAll("[data-case]")].some((node) => node.dataset.case === data);
  if (data === "*" || shownHere || desks.includes(data.split("/")[0])) soon();
}

if (document.body.dataset.events && document.querySelector("[data-live]")) {
  new EventSource(document.body.dataset.events).addEventListener("changed", changed);
  // Countdowns move on even where nothing changes.
  setInterval(() => { if (!document.hidden) soon(); }, 60000);
}
