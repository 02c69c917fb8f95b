// Statements both ways with foreign verifiers: @sd-jwt/sd-jwt-vc with its status lists, and jose for the plain token.
//
//   node peer.mjs OURS FOLDER      OURS is crates/ledger/examples/credential
//
// Theirs must believe what we issued, whole and in part, and refuse every changed one; ours must do the same with theirs.

import { createStatusList, statusListToken } from "./foreign.mjs";
import { digest, generateSalt } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { execFileSync } from "node:child_process";
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
const maker = new SDJwtVcInstance({
  hasher: digest,
  hashAlg: "sha-256",
  saltGenerator: generateSalt,
  signAlg: "EdDSA",
  signer: async (data) => sign(null, Buffer.from(data), pair.privateKey).toString("base64url"),
});
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
const judged = (name, statement) => {
  writeFileSync(at(name), statement);
  return JSON.parse(execFileSync(ours, ["check", at("foreign.json"), at("foreign.jwt"), at(name)], { encoding: "utf8" }));
};
const theirs = await issue(0);
const seen = judged("theirs.txt", theirs);
must(seen.outcome === "Valid" && seen.subject.exporter.address.city === "Bangkok" && seen.subject.lines.length === 2, "a foreign statement is believed, nested parts and all");
const few = judged("few.txt", await maker.present(theirs, { number: true }));
must(few.outcome === "Valid" && few.subject.number === "D-1" && few.subject.exporter.name === undefined && few.subject.lines.length === 1, "and in part");
must(judged("gone.txt", await issue(1)).outcome === "Invalid", "one its issuer took back is seen to be");
must(judged("rests.txt", await issue(2)).outcome === "Suspended", "one that rests as well");
must(judged("late.txt", await issue(0, { exp: Math.floor(Date.now() / 1000) - 5 })).code === "credential-expired", "one that ran out is refused");
const half = Math.floor(theirs.length / 3);
const letter = theirs[half] === "A" ? "B" : "A";
must(judged("changed.txt", theirs.slice(0, half) + letter + theirs.slice(half + 1)).code !== undefined, "a changed one is refused");
const other = JSON.parse(text("foreign.json"));
other.verificationMethod[0].publicKeyJwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
writeFileSync(at("foreign.json"), JSON.stringify(other));
must(judged("other.txt", theirs).code === "credential-signature-wrong", "another key's is refused");
console.log(`credential: ${cases} cases with @sd-jwt/sd-jwt-vc and jose, both ways`);

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
