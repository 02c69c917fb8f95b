// Checks a statement in the browser: signature, disclosures, bounds, and the issuer's status list. What stands behind the # of
// the address is the statement; it is never sent anywhere. Keys and lists come from /check/known, which is kept for when there is no line.

const place = document.getElementById("statement");
const words = JSON.parse(place.dataset.words);
const say = (key) => words[key] ?? key;

const bytesOf = (text) => {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw refused("credential-unreadable", "base64url");
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const jsonOf = (text) => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(text)));
  } catch {
    throw refused("credential-unreadable", "json");
  }
};
const refused = (code, seen) => Object.assign(new Error(code), { code, seen: String(seen).slice(0, 120) });
const issuerOf = (payload) => (typeof payload.issuer === "string" ? payload.issuer : payload.issuer?.id) ?? payload.iss ?? "";

// The head and payload of a token whose signature holds. One algorithm: what a token says of itself decides nothing.
async function signed(token, keys) {
  const parts = token.split(".");
  if (parts.length !== 3) throw refused("credential-unreadable", "no token");
  const [head, payload] = [jsonOf(parts[0]), jsonOf(parts[1])];
  if (head.alg !== "EdDSA" && head.alg !== "Ed25519") throw refused("credential-unreadable", head.alg);
  const issuer = issuerOf(payload);
  const named = head.kid?.includes("#") ? head.kid.split("#")[0] : issuer;
  const known = named === issuer ? (keys.get(issuer) ?? []) : [];
  if (!known.length) throw refused("credential-issuer-unknown", issuer);
  const covered = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  for (const jwk of known) {
    const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, { name: "Ed25519" }, false, ["verify"]);
    if (await crypto.subtle.verify("Ed25519", key, bytesOf(parts[2]), covered)) return { head, payload };
  }
  throw refused("credential-signature-wrong", issuer);
}

function within(payload, now) {
  const [from, until] = [[payload.validFrom, payload.nbf], [payload.validUntil, payload.exp]];
  const seconds = ([text, number]) => [text === undefined ? undefined : Date.parse(text) / 1000, number].filter((bound) => bound !== undefined);
  for (const bound of [...seconds(from), ...seconds(until)]) if (typeof bound !== "number" || Number.isNaN(bound)) throw refused("credential-unreadable", "bounds");
  for (const bound of seconds(from)) if (now < bound) throw refused("credential-not-yet-valid", new Date(bound * 1000).toISOString());
  for (const bound of seconds(until)) if (now > bound) throw refused("credential-expired", new Date(bound * 1000).toISOString());
}

// Every disclosure takes the place of its digest, and none may be left over (SD-JWT, RFC 9901).
async function opened(payload, disclosures) {
  const wrong = (why) => refused("credential-disclosure-wrong", why);
  if (payload._sd_alg !== undefined && payload._sd_alg !== "sha-256") throw wrong("_sd_alg");
  const shown = new Map();
  for (const disclosure of disclosures) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(disclosure)));
    const digest = btoa(String.fromCharCode(...hash)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    if (shown.has(digest)) throw wrong("one disclosure twice");
    shown.set(digest, jsonOf(disclosure));
  }
  const met = new Set();
  let keptBack = 0;
  const taken = (digest, length) => {
    if (met.has(digest)) throw wrong("one digest twice");
    met.add(digest);
    const parts = shown.get(digest);
    shown.delete(digest);
    if (!parts) keptBack += 1;
    else if (!Array.isArray(parts) || parts.length !== length) throw wrong("unreadable");
    return parts;
  };
  const walk = (value) => {
    if (Array.isArray(value)) {
      return value.flatMap((each) => {
        if (!each || typeof each !== "object" || Object.keys(each).join() !== "...") return [walk(each)];
        const parts = taken(each["..."], 2);
        return parts ? [walk(parts[1])] : [];
      });
    }
    if (!value || typeof value !== "object") return value;
    const result = {};
    for (const [name, each] of Object.entries(value)) if (name !== "_sd") result[name] = walk(each);
    for (const digest of value._sd ?? []) {
      const parts = taken(digest, 3);
      if (!parts) continue;
      if (typeof parts[1] !== "string" || ["_sd", "..."].includes(parts[1]) || Object.hasOwn(result, parts[1])) throw wrong("a member twice");
      result[parts[1]] = walk(parts[2]);
    }
    return result;
  };
  const result = walk(payload);
  if (shown.size) throw wrong("not one of the signed digests");
  return { result, keptBack };
}

// How the statement at this place of its issuer's list stands; undefined where no list of the issuer's is here.
async function standing(issuer, status, lists, keys, now) {
  for (const token of lists) {
    try {
      const { head, payload } = await signed(token, keys);
      if (head.typ !== "statuslist+jwt" || payload.sub !== status.uri || payload.iss !== issuer) continue;
      within(payload, now);
      const packed = new Blob([bytesOf(payload.status_list.lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
      const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
      const [bits, each] = [payload.status_list.bits, 8 / payload.status_list.bits];
      const byte = bytes[Math.floor(status.idx / each)];
      return byte === undefined ? undefined : { value: (byte >> ((status.idx % each) * bits)) & ((1 << bits) - 1), at: payload.iat };
    } catch {
      // A list that cannot be believed says nothing.
    }
  }
  return undefined;
}

async function check(text) {
  const known = await (await fetch("/check/known")).json();
  const keys = new Map();
  for (const document of known.issuers) {
    const methods = (document.verificationMethod ?? []).map((method) => method.publicKeyJwk).filter((jwk) => jwk?.crv === "Ed25519");
    keys.set(document.id, [...(keys.get(document.id) ?? []), ...methods]);
  }
  const now = Math.floor(Date.now() / 1000);
  const [token, ...rest] = text.trim().split("~");
  const { payload } = await signed(token, keys);
  within(payload, now);
  const { result, keptBack } = await opened(payload, rest.filter((part) => part));
  const status = payload.status?.status_list;
  const stands = status ? await standing(issuerOf(payload), status, known.lists, keys, now) : { value: 0 };
  return { result, keptBack, stands, names: known.names ?? {} };
}

const common = ["@context", "id", "type", "issuer", "iss", "vct", "nbf", "exp", "iat", "jti", "status", "cnf", "validFrom", "validUntil", "_sd_alg"];

function flat(before, value, facts) {
  for (const [name, each] of Object.entries(value)) {
    const label = (before ? `${before} · ` : "") + (words[`statement-field.${name}`] ?? name);
    if (Array.isArray(each) && each.some((one) => one && typeof one === "object")) each.forEach((one, number) => flat(`${label} ${number + 1}`, one, facts));
    else if (Array.isArray(each)) facts.push([label, each.join(", ")]);
    else if (each && typeof each === "object") flat(label, each, facts);
    else if (each !== null) facts.push([label, String(each)]);
  }
}

const moment = (text) => new Date(text).toLocaleString(place.dataset.language);

function shown({ result, keptBack, stands, names }) {
  const key = stands === undefined ? "unlisted" : { 0: "holds", 2: "suspended" }[stands.value] ?? "taken-back";
  const tone = { holds: "good", suspended: "wait", unlisted: "wait" }[key] ?? "bad";
  const issuer = issuerOf(result);
  const kind = (result.type ?? []).find?.((one) => one !== "VerifiableCredential") ?? result.vct ?? "";
  const facts = [
    [say("statement.kind"), words[`statement-kind.${kind}`] ?? kind],
    [say("statement.issuer"), names[issuer] ? `${names[issuer]} (${issuer})` : issuer],
    [say("statement.from"), moment(result.validFrom ?? result.nbf * 1000)],
  ];
  if (result.validUntil ?? result.exp) facts.push([say("statement.until"), moment(result.validUntil ?? result.exp * 1000)]);
  flat("", result.credentialSubject ?? Object.fromEntries(Object.entries(result).filter(([name]) => !common.includes(name))), facts);
  if (keptBack) facts.push([say("statement.kept-back"), String(keptBack)]);
  if (stands?.at) facts.push([say("statement.list-of"), moment(stands.at * 1000)]);
  draw(tone, say(`statement.${key}`), say(`statement.${key}-meaning`), facts);
}

function draw(tone, title, meaning, facts) {
  const element = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className: className ?? "" });
  const heading = element("h2", "", "verdict");
  heading.append(element("span", title, `badge ${tone}`));
  const list = element("dl", "", "pairs");
  for (const [name, value] of facts) {
    const pair = document.createElement("div");
    pair.append(element("dt", name), element("dd", value));
    list.append(pair);
  }
  place.replaceChildren(heading, element("p", meaning), list);
  place.dataset.result = tone;
}

async function run(text) {
  document.getElementById("text").value = text;
  try {
    shown(await check(text));
  } catch (error) {
    if (!error.code || typeof error.code !== "string") draw("wait", say("statement.unable"), say("statement.unable-meaning"), []);
    else draw("bad", say(`code.${error.code}.title`), say(`code.${error.code}.meaning`), error.seen ? [[say("statement.seen"), error.seen]] : []);
  }
}

document.getElementById("statement-form").addEventListener("submit", (event) => {
  event.preventDefault();
  run(document.getElementById("text").value);
});
const carried = () => { if (location.hash.length > 1) run(decodeURIComponent(location.hash.slice(1))); };
window.addEventListener("hashchange", carried);
carried();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/check/worker.js").catch(() => {});
