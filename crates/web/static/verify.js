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

// What a key goes with, and no other: what a token says of itself decides nothing.
const EDWARDS = { name: "Ed25519", verify: "Ed25519", tokens: ["EdDSA", "Ed25519"] };
const P256 = { name: { name: "ECDSA", namedCurve: "P-256" }, verify: { name: "ECDSA", hash: "SHA-256" }, tokens: ["ES256"] };
const ALGORITHMS = [...EDWARDS.tokens, ...P256.tokens];

function keyOf(jwk) {
  if (jwk?.kty === "OKP" && jwk.crv === "Ed25519") return { with: EDWARDS, form: "jwk", key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x } };
  if (jwk?.kty === "EC" && jwk.crv === "P-256") return { with: P256, form: "jwk", key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } };
  return undefined;
}

// A Multikey of Ed25519: base58 of its kind (ed 01) and its bytes.
function multikeyOf(text) {
  const bytes = text?.[0] === "z" && text.length <= 64 ? base58(text.slice(1)) : undefined;
  return bytes?.length === 34 && bytes[0] === 0xed && bytes[1] === 1 ? { with: EDWARDS, form: "raw", key: bytes.slice(2) } : undefined;
}

function base58(text) {
  const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const bytes = [];
  for (const letter of text) {
    let carry = letters.indexOf(letter);
    if (carry < 0) return undefined;
    for (let at = 0; at < bytes.length; at += 1) [bytes[at], carry] = [(carry + bytes[at] * 58) & 255, (carry + bytes[at] * 58) >> 8];
    for (; carry; carry >>= 8) bytes.push(carry & 255);
  }
  return Uint8Array.from([...text.match(/^1*/)[0].split("").map(() => 0), ...bytes.reverse()]);
}

// The keys of an issuer's document; where it says which are for assertions, the others are left out.
function keysOf(document) {
  const whole = (name) => (typeof name === "string" && name.startsWith("#") ? document.id + name : name);
  const named = document.assertionMethod?.map(whole);
  const methods = (document.verificationMethod ?? []).filter((method) => !named || named.includes(whole(method.id)));
  const own = (document.assertionMethod ?? []).filter((method) => typeof method === "object");
  return [...methods, ...own].map((method) => keyOf(method.publicKeyJwk) ?? multikeyOf(method.publicKeyMultibase)).filter((key) => key);
}

async function holds({ with: kind, form, key }, algorithm, signature, covered) {
  if (!kind.tokens.includes(algorithm)) return false;
  const imported = await crypto.subtle.importKey(form, key, kind.name, false, ["verify"]);
  return crypto.subtle.verify(kind.verify, imported, signature, covered);
}

async function expectSigned(issuer, method, keys, algorithm, signature, covered) {
  const named = method?.includes("#") ? method.split("#")[0] : issuer;
  const known = named === issuer ? (keys.get(issuer) ?? []) : [];
  if (!known.length) throw refused("credential-issuer-unknown", issuer);
  for (const key of known) if (await holds(key, algorithm, signature, covered)) return;
  throw refused("credential-signature-wrong", issuer);
}

function apart(token) {
  const parts = token.split(".");
  if (parts.length !== 3) throw refused("credential-unreadable", "no token");
  const [head, payload] = [jsonOf(parts[0]), jsonOf(parts[1])];
  if (!ALGORITHMS.includes(head.alg)) throw refused("credential-unreadable", head.alg);
  return { head, payload, signature: bytesOf(parts[2]), covered: new TextEncoder().encode(`${parts[0]}.${parts[1]}`) };
}

// The head and payload of a token whose signature holds.
async function signed(token, keys) {
  const { head, payload, signature, covered } = apart(token);
  await expectSigned(issuerOf(payload), head.kid, keys, head.alg, signature, covered);
  return { head, payload };
}

const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// JSON Canonicalization Scheme (RFC 8785): this language's own form of numbers and texts, members by their UTF-16 units.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!value || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

// A document with its proof in it (data integrity, eddsa-jcs-2022), without that proof once it holds.
async function proved(text, keys, now) {
  const unreadable = (seen) => refused("credential-unreadable", seen);
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw unreadable("json");
  }
  const proofs = [document.proof].flat();
  if (proofs.length !== 1 || !proofs[0]) throw unreadable("proof");
  const { proofValue, ...proof } = proofs[0];
  if (proof.type !== "DataIntegrityProof" || proof.cryptosuite !== "eddsa-jcs-2022" || proof.proofPurpose !== "assertionMethod") throw unreadable(proof.cryptosuite);
  if (proof.previousProof) throw unreadable("previousProof");
  within({ validUntil: proof.expires }, now);
  delete document.proof;
  if (proof["@context"] !== undefined) {
    const [whole, first] = [document["@context"], proof["@context"]].map((context) => [context].flat());
    if (first.some((each, at) => canonical(each) !== canonical(whole[at] ?? null))) throw unreadable("@context");
    document["@context"] = proof["@context"];
  }
  const covered = Uint8Array.from([...(await sha256(canonical(proof))), ...(await sha256(canonical(document)))]);
  const signature = (proofValue?.[0] === "z" && proofValue.length <= 128 && base58(proofValue.slice(1))) || new Uint8Array();
  await expectSigned(issuerOf(document), proof.verificationMethod, keys, "EdDSA", signature, covered);
  return document;
}

// Whether whoever shows a statement proved to be the holder it names (key binding, RFC 9901).
async function holder(payload, covered, proof, now) {
  const wrong = (seen) => refused("credential-holder-wrong", seen);
  if (!proof) return payload.cnf ? "unproved" : undefined;
  const key = keyOf(payload.cnf?.jwk);
  if (!key) throw wrong("cnf");
  const token = apart(proof);
  if (token.head.typ !== "kb+jwt") throw wrong(token.head.typ);
  if (!(await holds(key, token.head.alg, token.signature, token.covered))) throw wrong("signature");
  const { sd_hash: hash, aud, nonce, iat } = token.payload;
  if (hash !== base64url(await sha256(covered))) throw wrong("sd_hash");
  if (typeof aud !== "string" || typeof nonce !== "string" || typeof iat !== "number" || iat > now + 60) throw wrong("iat");
  return "proved";
}

function within(payload, now) {
  const [from, until] = [[payload.validFrom, payload.issuanceDate, payload.nbf], [payload.validUntil, payload.expirationDate, payload.exp]];
  const seconds = (bounds) => bounds.filter((bound) => bound !== undefined).map((bound) => (typeof bound === "string" ? Date.parse(bound) / 1000 : bound));
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
    const digest = base64url(await sha256(disclosure));
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

const unpacked = async (packed, form) => new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream(form))).arrayBuffer());

// How the statement at this place of its issuer's list stands; undefined where no list of the issuer's is here.
async function standing(issuer, status, lists, keys, now) {
  for (const list of lists) {
    try {
      const isDocument = list.startsWith("{");
      const { head, payload } = isDocument ? { head: {}, payload: await proved(list, keys, now) } : await signed(list, keys);
      if (issuerOf(payload) !== issuer) continue;
      within(payload, now);
      if (head.typ === "statuslist+jwt" && payload.sub === status.uri) {
        const bytes = await unpacked(bytesOf(payload.status_list.lst), "deflate");
        const [bits, each] = [payload.status_list.bits, 8 / payload.status_list.bits];
        const byte = bytes[Math.floor(status.idx / each)];
        return byte === undefined ? undefined : { value: (byte >> ((status.idx % each) * bits)) & ((1 << bits) - 1), at: payload.iat };
      }
      const { type, statusPurpose: purpose, encodedList: packed } = payload.credentialSubject ?? {};
      const set = { revocation: 1, suspension: 2 }[purpose];
      if (type !== "BitstringStatusList" || payload.id !== status.statusListCredential || !set || packed?.[0] !== "u") continue;
      const index = Number(status.statusListIndex);
      const byte = (await unpacked(bytesOf(packed.slice(1)), "gzip"))[Math.floor(index / 8)];
      return byte === undefined ? undefined : { value: byte & (0x80 >> index % 8) ? set : 0 };
    } catch {
      // A list that cannot be believed says nothing.
    }
  }
  return undefined;
}

// The places where a payload says how it stands; one that cannot be read is one no list answers for.
function places(payload) {
  const token = payload.status === undefined ? [] : [payload.status?.status_list ?? {}];
  const isRead = (entry) => entry?.type === "BitstringStatusListEntry" && (entry.statusSize ?? 1) === 1 && /^\d+$/.test(entry.statusListIndex);
  return [...token, ...[payload.credentialStatus ?? []].flat().map((entry) => (isRead(entry) ? entry : {}))];
}

// The worst of what all its places say: taken back, unknown, suspended, standing.
async function worst(payload, lists, keys, now) {
  const all = [];
  for (const place of places(payload)) all.push(await standing(issuerOf(payload), place, lists, keys, now));
  const rank = (one) => (one === undefined ? 2 : { 0: 0, 2: 1 }[one.value] ?? 3);
  return all.length ? all.sort((left, right) => rank(right) - rank(left))[0] : { value: 0 };
}

async function check(text) {
  const known = await (await fetch("/check/known")).json();
  const keys = new Map();
  for (const document of known.issuers) keys.set(document.id, [...(keys.get(document.id) ?? []), ...keysOf(document)]);
  const now = Math.floor(Date.now() / 1000);
  const names = known.names ?? {};
  if (text.trim().startsWith("{")) {
    const result = await proved(text, keys, now);
    within(result, now);
    return { result, keptBack: 0, stands: await worst(result, known.lists, keys, now), names };
  }
  const [token, ...rest] = text.trim().split("~");
  const proof = rest.pop() ?? "";
  const { head, payload } = await signed(token, keys);
  if (["statuslist+jwt", "kb+jwt"].includes(head.typ)) throw refused("credential-unreadable", head.typ);
  within(payload, now);
  const { result, keptBack } = await opened(payload, rest.filter((part) => part));
  const shownBy = await holder(result, text.trim().slice(0, text.trim().length - proof.length), proof, now);
  return { result, keptBack, stands: await worst(payload, known.lists, keys, now), names, shownBy };
}

const common = ["@context", "id", "type", "issuer", "iss", "vct", "nbf", "exp", "iat", "jti", "status", "credentialStatus", "cnf", "validFrom", "validUntil", "issuanceDate", "expirationDate", "_sd_alg"];

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

function shown({ result, keptBack, stands, names, shownBy }) {
  const key = stands === undefined ? "unlisted" : { 0: "holds", 2: "suspended" }[stands.value] ?? "taken-back";
  const tone = { holds: "good", suspended: "wait", unlisted: "wait" }[key] ?? "bad";
  const issuer = issuerOf(result);
  const kind = (result.type ?? []).find?.((one) => one !== "VerifiableCredential") ?? result.vct ?? "";
  const facts = [
    [say("statement.kind"), words[`statement-kind.${kind}`] ?? kind],
    [say("statement.issuer"), names[issuer] ? `${names[issuer]} (${issuer})` : issuer],
    [say("statement.from"), moment(result.validFrom ?? result.issuanceDate ?? result.nbf * 1000)],
  ];
  const until = result.validUntil ?? result.expirationDate ?? (result.exp && result.exp * 1000);
  if (until) facts.push([say("statement.until"), moment(until)]);
  flat("", result.credentialSubject ?? Object.fromEntries(Object.entries(result).filter(([name]) => !common.includes(name))), facts);
  if (shownBy) facts.push([say("statement.holder"), say(`statement.holder-${shownBy}`)]);
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
