// Statements both ways with foreign verifiers: @sd-jwt/sd-jwt-vc with its status lists and its holders' proofs, jose for the plain
// token, and canonicalize (RFC 8785) and @digitalbazaar/vc-bitstring-status-list for documents with their proof in them.
//
//   node peer.mjs OURS FOLDER      OURS is crates/ledger/examples/credential
//
// Theirs must believe what we issued, whole and in part, and refuse every changed one; ours must do the same with theirs.

import { createStatusList, multikey, secured, statusListToken } from "./foreign.mjs";
import { createCredential, createList } from "@digitalbazaar/vc-bitstring-status-list";
import { digest, generateSalt } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jwtVerify } from "jose";

const [ours, folder] = process.argv.slice(2);
const at = (name) => join(folder, name);
const text = (name) => readFileSync(at(name), "utf8").trim();
let cases = 0;
function must(holds, sentence) {
  if (!holds) throw new Error(`it does not hold that ${sentence}`);
  cases += 1;
}

execFileSync(ours, ["make", folder]);
const document = JSON.parse(text("did.json"));
const key = createPublicKey({ key: document.verificationMethod[0].publicKeyJwk, format: "jwk" });
const instance = (publicKey, list) =>
  new SDJwtVcInstance({
    hasher: digest,
    hashAlg: "sha-256",
    saltGenerator: generateSalt,
    verifier: async (data, signature) => verify(null, Buffer.from(data), publicKey, Buffer.from(signature, "base64url")),
    statusListFetcher: async () => list,
  });
const believes = async (statement) => {
  try {
    return (await instance(key, text("list.jwt")).verify(statement)).payload;
  } catch {
    return undefined;
  }
};

// Ours, judged by them.
const whole = await believes(text("valid.txt"));
must(whole?.credentialSubject.name === "Hòa Phát" && whole.credentialSubject.sites.length === 2, "a whole statement is believed");
const part = await believes(text("part.txt"));
must(part && part.credentialSubject.name === undefined && part.credentialSubject.code === "AEOVN0301234567", "a part is believed, without what was kept back");
must((await believes(text("revoked.txt"))) === undefined, "what was taken back is refused by its status list");
must((await believes(text("suspended.txt"))) === undefined, "what rests is refused by its status list");
// A disclosure that was changed is shown by nobody: the package leaves it out, where ours refuses the whole.
for (const name of readdirChanged()) {
  const seen = await believes(text(name));
  if (Number(name.match(/\d+/)[0]) < text("valid.txt").indexOf("~")) {
    must(seen === undefined, `${name}, changed in its token, is refused`);
    continue;
  }
  const shown = Object.entries(seen?.credentialSubject ?? {});
  const same = ([member, value]) => JSON.stringify(whole.credentialSubject[member]) === JSON.stringify(value);
  must(shown.every(same) && shown.length < Object.keys(whole.credentialSubject).length, `${name} does not show what was changed, and nothing else instead`);
}
const token = text("valid.txt").split("~")[0];
must((await jwtVerify(token, key, { algorithms: ["EdDSA"], issuer: document.id, typ: "vc+sd-jwt" })).payload.vct.endsWith("AuthorisedOperator"), "the plain token holds for jose");
must(await jwtVerify(text("expired.txt").split("~")[0], key).then(() => false, (error) => error.code === "ERR_JWT_EXPIRED"), "jose sees that a statement ran out");
must((await jwtVerify(text("list.jwt"), key, { typ: "statuslist+jwt" })).payload.status_list.bits === 2, "the status list holds for jose");

// Theirs, judged by us.
const pair = generateKeyPairSync("ed25519");
const issuer = "did:web:ministry.example";
writeFileSync(at("foreign.json"), JSON.stringify({ id: issuer, verificationMethod: [{ id: `${issuer}#k1`, publicKeyJwk: pair.publicKey.export({ format: "jwk" }) }] }));
const list = createStatusList([0, 1, 2]);
writeFileSync(at("foreign.jwt"), statusListToken(list, "https://ministry.example/list", issuer, pair.privateKey));
// A holder's or issuer's signature: Ed25519 as it is, P-256 in the form of tokens.
const signer = (key) => async (data) => sign(key.asymmetricKeyType === "ec" ? "sha256" : null, Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
const instanceOf = (signAlg, issuerKey, holderKey) =>
  new SDJwtVcInstance({ hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt, signAlg, signer: signer(issuerKey), kbSignAlg: "ES256", kbSigner: holderKey && signer(holderKey) });
const maker = instanceOf("EdDSA", pair.privateKey);
const issue = (idx, more = {}) =>
  maker.issue(
    {
      iss: issuer,
      vct: "https://ministry.example/certificate-of-origin",
      nbf: Math.floor(Date.now() / 1000) - 60,
      status: { status_list: { idx, uri: "https://ministry.example/list" } },
      number: "D-1",
      exporter: { name: "Siam Electronics", address: { city: "Bangkok", country: "TH" } },
      lines: [{ hs: "847170" }, { hs: "847150" }],
      ...more,
    },
    { _sd: ["number"], exporter: { _sd: ["name"], address: { _sd: ["city"] } }, lines: { _sd: [0] } },
  );
const judged = (name, statement, asked = [], status = "foreign.jwt") => {
  writeFileSync(at(name), statement);
  const answer = spawnSync(ours, ["check", at("foreign.json"), status === "-" ? "-" : at(status), at(name), ...asked], { encoding: "utf8" });
  const told = JSON.parse(answer.stdout);
  must(answer.status === (told.outcome === "Stands" ? 0 : 1), "the exit tells the outcome");
  return told;
};
const theirs = await issue(0);
const seen = judged("theirs.txt", theirs);
must(seen.outcome === "Stands" && seen.subject.exporter.address.city === "Bangkok" && seen.subject.lines.length === 2, "a foreign statement is believed, nested parts and all");
const few = judged("few.txt", await maker.present(theirs, { number: true }));
must(few.outcome === "Stands" && few.subject.number === "D-1" && few.subject.exporter.name === undefined && few.subject.lines.length === 1, "and in part");
must(judged("gone.txt", await issue(1)).outcome === "TakenBack", "one its issuer took back is seen to be");
must(judged("rests.txt", await issue(2)).outcome === "Suspended", "one that rests as well");
must(judged("late.txt", await issue(0, { exp: Math.floor(Date.now() / 1000) - 5 })).code === "credential-expired", "one that ran out is refused");
const half = Math.floor(theirs.length / 3);
const letter = theirs[half] === "A" ? "B" : "A";
must(judged("changed.txt", theirs.slice(0, half) + letter + theirs.slice(half + 1)).code !== undefined, "a changed one is refused");
const other = JSON.parse(text("foreign.json"));
other.verificationMethod[0].publicKeyJwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
writeFileSync(at("foreign.json"), JSON.stringify(other));
must(judged("other.txt", theirs).code === "credential-signature-wrong", "another key's is refused");

// A status list nobody can believe: what has its place there is of unknown status, and never taken to stand.
writeFileSync(at("foreign.json"), JSON.stringify({ id: issuer, verificationMethod: [{ id: `${issuer}#k1`, publicKeyJwk: pair.publicKey.export({ format: "jwk" }) }] }));
const listText = text("foreign.jwt");
writeFileSync(at("broken.jwt"), listText.slice(0, -3) + (listText.at(-3) === "A" ? "B" : "A") + listText.slice(-2));
const unknown = judged("unknown.txt", theirs, [], "broken.jwt");
must(unknown.outcome === "status unknown" && unknown.list.code === "credential-signature-wrong", "with a list that was changed its status is unknown");
must(judged("unknown.txt", theirs, [], "-").outcome === "status unknown", "and without a list");

// Issuers and holders with P-256.
const [curve, holder] = [0, 1].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
writeFileSync(at("foreign.json"), JSON.stringify({ id: issuer, verificationMethod: [{ id: `${issuer}#k2`, publicKeyJwk: curve.publicKey.export({ format: "jwk" }) }] }));
const bound = instanceOf("ES256", curve.privateKey, holder.privateKey);
const given = await bound.issue({ iss: issuer, vct: "certificate", number: "D-9", cnf: { jwk: holder.publicKey.export({ format: "jwk" }) } }, { _sd: ["number"] });
const asked = ["https://customs.example", "n-0S6_WzA2Mj"];
const present = (aud = asked[0], nonce = asked[1], iat = Math.floor(Date.now() / 1000), by = bound) => by.present(given, { number: true }, { kb: { payload: { aud, nonce, iat } } });
const held = judged("held.txt", await present(), asked, "-");
must(held.outcome === "Stands" && held.subject.number === "D-9", "an issuer with P-256 and its holder are believed");
must(judged("held.txt", given, asked, "-").code === "credential-holder-unproved", "a holder who proves nothing is seen");
must(judged("held.txt", await present(asked[0], "other"), asked, "-").code === "credential-holder-wrong", "a proof for another occasion is refused");
must(judged("held.txt", await present("https://other.example"), asked, "-").code === "credential-holder-wrong", "one for another reader");
must(judged("held.txt", await present(...asked, Math.floor(Date.now() / 1000) - 3600), asked, "-").code === "credential-holder-wrong", "an old one");
const thief = instanceOf("ES256", curve.privateKey, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
must(judged("held.txt", await present(...asked, undefined, thief), asked, "-").code === "credential-holder-wrong", "and another's key");

// Documents with their proof in them, and the status lists that go with them.
writeFileSync(at("foreign.json"), JSON.stringify({ id: issuer, verificationMethod: [{ id: `${issuer}#k3`, type: "Multikey", publicKeyMultibase: multikey(pair.publicKey) }] }));
const address = "https://ministry.example/bits";
const bits = await createList({ length: 131072 });
bits.setStatus(94567, true);
const statusList = { ...(await createCredential({ id: address, list: bits, statusPurpose: "revocation" })), issuer };
writeFileSync(at("bits.json"), JSON.stringify(secured(statusList, `${issuer}#k3`, pair.privateKey)));
const paper = (index, more = {}) => ({
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  type: ["VerifiableCredential", "CertificateOfOrigin"],
  issuer,
  validFrom: "2026-01-01T00:00:00Z",
  credentialSubject: { number: "D-1", "\ud83d\ude00": 1, "\ufb33": [1e21, 0.000001, 1e-7, 333333333.33333329, -0], goods: "Ổ cứng\u000f" },
  credentialStatus: { type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: String(index), statusListCredential: address },
  ...more,
});
const signedPaper = (index, more) => JSON.stringify(secured(paper(index, more), `${issuer}#k3`, pair.privateKey));
must(judged("paper.json", signedPaper(7), [], "bits.json").outcome === "Stands", "a document is believed that its list leaves standing");
must(judged("paper.json", signedPaper(94567), [], "bits.json").outcome === "TakenBack", "one that its list takes back is seen");
must(judged("paper.json", signedPaper(7), [], "-").outcome === "status unknown", "without its list its status is unknown");
must(judged("paper.json", signedPaper(7).replace("D-1", "D-2"), [], "bits.json").code === "credential-signature-wrong", "a changed document is refused");
must(judged("paper.json", signedPaper(7, { validUntil: "2026-02-01T00:00:00Z" }), [], "bits.json").code === "credential-expired", "one that ran out is refused");
console.log(`credential: ${cases} cases with @sd-jwt/sd-jwt-vc, jose, canonicalize and vc-bitstring-status-list, both ways`);

// Ours with one letter changed at every fifth place of the token and of each disclosure.
function readdirChanged() {
  const statement = text("valid.txt");
  const names = [];
  for (let place = 0; place < statement.length; place += 29) {
    if (statement[place] === "~" || statement[place] === ".") continue;
    const changed = statement.slice(0, place) + (statement[place] === "A" ? "B" : "A") + statement.slice(place + 1);
    names.push(`changed-${place}.txt`);
    writeFileSync(at(names.at(-1)), changed);
  }
  return names;
}
