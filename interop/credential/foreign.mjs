// A status list made by a foreign library.

import { StatusList, createHeaderAndPayload } from "@sd-jwt/jwt-status-list";
import { sign } from "node:crypto";

export const createStatusList = (places) => new StatusList([...places, ...Array(61).fill(0)], 2);

export function statusListToken(list, uri, issuer, key) {
  const now = Math.floor(Date.now() / 1000);
  const { header, payload } = createHeaderAndPayload(list, { iss: issuer, sub: uri, iat: now, exp: now + 600 }, { alg: "EdDSA", typ: "statuslist+jwt" });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const covered = `${part(header)}.${part(payload)}`;
  return `${covered}.${sign(null, Buffer.from(covered), key).toString("base64url")}`;
}
