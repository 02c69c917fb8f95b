// What foreign libraries make: status lists, and documents with their proof in them (eddsa-jcs-2022).

import canonicalize from "canonicalize";
import { encode } from "base58-universal";
import { StatusList, createHeaderAndPayload } from "@sd-jwt/jwt-status-list";
import { createHash, sign } from "node:crypto";

export const createStatusList = (places) => new StatusList([...places, ...Array(61).fill(0)], 2);

export function statusListToken(list, uri, issuer, key) {
  const now = Math.floor(Date.now() / 1000);
  const { header, payload } = createHeaderAndPayload(list, { iss: issuer, sub: uri, iat: now, exp: now + 600 }, { alg: "EdDSA", typ: "statuslist+jwt" });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const covered = `${part(header)}.${part(payload)}`;
  return `${covered}.${sign(null, Buffer.from(covered), key).toString("base64url")}`;
}

export const multikey = (key) => `z${encode(Buffer.concat([Buffer.from([0xed, 0x01]), Buffer.from(key.export({ format: "jwk" }).x, "base64url")]))}`;

export function secured(document, verificationMethod, key) {
  const proof = { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022", proofPurpose: "assertionMethod", created: "2026-01-01T00:00:00Z", verificationMethod, "@context": document["@context"] };
  const digest = (value) => createHash("sha256").update(canonicalize(value)).digest();
  const proofValue = `z${encode(sign(null, Buffer.concat([digest(proof), digest(document)]), key))}`;
  return { ...document, proof: { ...proof, proofValue } };
}
