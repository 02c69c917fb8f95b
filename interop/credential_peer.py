"""Statements both ways with the reference implementation of SD-JWT (PyPI `sd-jwt`), holders' proofs among them, and documents
with their proof in them, signed by PyPI `apsig` (eddsa-jcs-2022).

    credential_peer.py OURS FOLDER     OURS is crates/ledger/examples/credential
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from apsig import ProofSigner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwcrypto.jwk import JWK
from multiformats import multibase, multicodec
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

ours, folder = sys.argv[1], Path(sys.argv[2])
cases = 0


def must(holds, sentence):
    global cases
    if not holds:
        raise SystemExit(f"credential: it does not hold that {sentence}")
    cases += 1


def believed(text, key):
    try:
        return SDJWTVerifier(text, lambda issuer, header: key).get_verified_payload()
    except Exception:
        return None


subprocess.run([ours, "make", folder], check=True)
document = json.loads((folder / "did.json").read_text())
key = JWK(**document["verificationMethod"][0]["publicKeyJwk"])
statement = (folder / "valid.txt").read_text().strip()

whole = believed(statement, key)
must(whole and whole["credentialSubject"]["name"] == "Hòa Phát", "a whole statement is believed")
part = believed((folder / "part.txt").read_text().strip(), key)
must(part and "name" not in part["credentialSubject"], "a part is believed")
subject = whole["credentialSubject"]
for place in range(3, len(statement), 37):
    if statement[place] in "~.":
        continue
    changed = statement[:place] + ("A" if statement[place] != "A" else "B") + statement[place + 1 :]
    seen = believed(changed, key)
    if place < statement.index("~"):
        must(seen is None, f"a token changed at {place} is refused")
        continue
    # A disclosure that was changed is shown by nobody: the reference leaves it out instead of refusing the whole.
    shown = (seen or {}).get("credentialSubject", {})
    left_out = shown != subject and all(subject.get(name) == value for name, value in shown.items())
    must(left_out, f"a disclosure changed at {place} is not shown, and nothing else instead")
must(believed(statement, JWK.generate(kty="OKP", crv="Ed25519")) is None, "another key's is refused")

ISSUER = "did:web:ministry.example"


def known(method):
    """The issuer's document with this one key."""
    method = {"id": f"{ISSUER}#k", **method}
    (folder / "foreign.json").write_text(json.dumps({"id": ISSUER, "verificationMethod": [method]}))


def judged(text, *asked):
    (folder / "theirs.txt").write_text(text)
    command = [ours, "check", folder / "foreign.json", "-", folder / "theirs.txt", *asked]
    answer = subprocess.run(command, capture_output=True)
    seen = json.loads(answer.stdout)
    must(answer.returncode == (0 if seen.get("outcome") == "Stands" else 1), "the exit tells the outcome")
    return seen


def changed_anywhere(text, step, *asked):
    for place in range(2, len(text), step):
        if text[place] not in "~.":
            changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
            must("code" in judged(changed, *asked), f"theirs changed at {place} is refused")


claims = {
    "iss": ISSUER,
    "vct": "certificate",
    "nbf": int(time.time()) - 60,
    SDObj("number"): "D-1",
    "lines": [SDObj({"hs": "847170"}), {"hs": "847150"}],
}
for algorithm, made in [("EdDSA", {"kty": "OKP", "crv": "Ed25519"}), ("ES256", {"kty": "EC", "crv": "P-256"})]:
    theirs, holder = JWK.generate(**made), JWK.generate(**made)
    known({"publicKeyJwk": json.loads(theirs.export_public())})
    issued = SDJWTIssuer(claims, theirs, sign_alg=algorithm).sd_jwt_issuance
    seen = judged(issued)
    must(seen.get("outcome") == "Stands" and seen["subject"]["number"] == "D-1" and len(seen["subject"]["lines"]) == 2, f"theirs is believed, {algorithm}")
    changed_anywhere(issued, 31)

    bound = SDJWTIssuer(claims, theirs, holder, sign_alg=algorithm).sd_jwt_issuance
    asked = ("https://customs.example", "n-0S6")

    def shown(holder_key=holder, audience=asked[0], nonce=asked[1], statement=bound):
        presentation = SDJWTHolder(statement)
        presentation.create_presentation({"number": True}, nonce, audience, holder_key, sign_alg=algorithm)
        return presentation.sd_jwt_presentation

    seen = judged(shown(), *asked)
    must(seen.get("outcome") == "Stands" and seen["subject"]["number"] == "D-1", f"its holder is believed, {algorithm}")
    must(judged(bound).get("outcome") == "Stands", "what names a holder is read without a proof where none is asked for")
    must(judged(bound, *asked)["code"] == "credential-holder-unproved", "and not where one is")
    must(judged(shown(nonce="old"), *asked)["code"] == "credential-holder-wrong", "a proof for another occasion is refused")
    must(judged(shown(audience="https://other.example"), *asked)["code"] == "credential-holder-wrong", "one for another reader as well")
    must(judged(shown(holder_key=JWK.generate(**made)), *asked)["code"] == "credential-holder-wrong", "and another's key")
    proof = shown().rsplit("~", 1)[1]
    other = SDJWTIssuer({**claims, SDObj("number"): "D-2"}, theirs, holder, sign_alg=algorithm).sd_jwt_issuance
    must(judged(other + proof, *asked)["code"] == "credential-holder-wrong", "a proof made over another statement is refused")
    changed_anywhere(shown(), 61, *asked)

secret = ed25519.Ed25519PrivateKey.generate()
raw = secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
known({"type": "Multikey", "publicKeyMultibase": multibase.encode(multicodec.wrap("ed25519-pub", raw), "base58btc")})
context = ["https://www.w3.org/ns/credentials/v2"]
document = {
    "@context": context,
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "CertificateOfOrigin"],
    "issuer": {"id": ISSUER, "name": "Bộ Công Thương"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"number": "D-1", "kilograms": 12.5, "lines": [{"hs": "847170", "goods": "Ổ cứng \u20ac \U0001F4BE"}]},
}
options = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod", "verificationMethod": f"{ISSUER}#k", "created": "2026-01-01T00:00:00Z"}


def secured(more=None, **changed):
    return ProofSigner(secret).sign(json.loads(json.dumps({**document, **(more or {})})), {**options, **changed})


seen = judged(json.dumps(secured(), ensure_ascii=False))
must(seen.get("outcome") == "Stands" and seen["subject"]["kilograms"] == 12.5, "a document with its proof in it is believed")
must(judged(json.dumps(secured({"credentialStatus": {"type": "StatusList2021Entry"}})))["outcome"] == "status unknown", "one whose status is of a kind not read is of unknown status")
must(judged(json.dumps(secured(cryptosuite="eddsa-jcs-2022", proofPurpose="authentication")))["code"] == "credential-unreadable", "a proof for another purpose is refused")
for name, value in [("validFrom", "2025-12-31T23:59:59Z"), ("id", "urn:uuid:2"), ("issuer", ISSUER), ("credentialSubject", {"number": "D-2"}), ("more", 1)]:
    changed = {**secured(), name: value}
    must(judged(json.dumps(changed))["code"] == "credential-signature-wrong", f"one whose {name} was changed is refused")
print(f"credential: {cases} cases with sd-jwt (reference implementation) and apsig, both ways")
