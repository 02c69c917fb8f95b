"""The Python package `as4` as the other side: what it signs we accept, what we sign it accepts, and what is tampered
with both refuse. Its stock interface encrypts always; the sign-only cases use its own parser with encryption off."""

import pathlib
import subprocess
import sys

import as4
from as4 import peppol
from as4.profiles.peppol import message as peppol_message
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from email.parser import BytesParser
from email.policy import default

PEER, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
US, THEM = "POP000001", "POP000002"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
DOCUMENT = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice"
    "##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
)
INVOICE = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><x>'
    + "bốn mươi kiện " * 700
    + "</x></Invoice>"
).encode()


TAMPERINGS = {"a changed header": "header", "a changed part": "part", "no signature": "unsigned"}


def ours(*arguments):
    """Runs our side; gives its exit code and what it says."""
    done = subprocess.run([PEER, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def load(name):
    certificate = x509.load_pem_x509_certificate((WORK / f"{name}.pem").read_bytes())
    key = serialization.load_pem_private_key((WORK / f"{name}.key").read_bytes(), None)
    return certificate, key


class ClearMessage(peppol.PeppolAS4Profile.message_class()):
    """The package's message with unencrypted parts taken as they are."""

    @classmethod
    def get_decrypted_data(cls, parse_context, security, mime_attachments):
        if security.encrypted_key is None:
            return dict(mime_attachments)
        return super().get_decrypted_data(parse_context, security, mime_attachments)


class ClearProfile(peppol.PeppolAS4Profile):
    """The package's profile with parts of any media type."""

    @classmethod
    def get_profile_name(cls):
        return "clear"

    @classmethod
    def message_class(cls):
        return ClearMessage

    @classmethod
    def unpack_message(cls, payload):
        whole = BytesParser(policy=default).parsebytes(payload)
        if not whole.is_multipart():
            return whole.get_payload(decode=True), {}
        root, *parts = whole.iter_parts()
        named = {str(part["content-id"]).strip().strip("<>"): part.get_payload(decode=True) for part in parts}
        return root.get_payload(decode=True), named


class Peer:
    """The package with its keys, and ours pinned."""

    def __init__(self):
        self.our_certificate, our_key = load("ours")
        self.certificate, key = load("theirs")
        private = as4.AS4LocalPrivateKey(key)
        self.party = peppol.create_peppol_internal_party(
            party_id=THEM, certificate=self.certificate, private_key=private
        )
        self.us = peppol.create_peppol_external_party(party_id=US, certificate=self.our_certificate)

    def build(self, sealing):
        """A message to us: its content type, its body, and the package's own record of what it signed."""
        captured = []
        encrypt = peppol_message.CipherHandler.encrypt_payload

        def capturing(payload):
            captured.append(payload)
            return encrypt(payload)

        peppol_message.CipherHandler.encrypt_payload = capturing
        try:
            message = peppol.build_peppol_message(
                payload=INVOICE,
                local_party=self.party,
                remote_party=self.us,
                sender="9932:9999999999",
                recipient="9932:1111111111",
                sender_country_id="VN",
                document_type_identifier_scheme="busdox-docid-qns",
                document_type_identifier_value=DOCUMENT,
                process_identifier=PROCESS,
            )
        finally:
            peppol_message.CipherHandler.encrypt_payload = encrypt
        plain = next(iter(message.decrypted_data.values()))
        if sealing == "clear":
            security = message.soap_envelope.header.security
            security.encrypted_key, security.encrypted_data = None, []
            security.binary_security_tokens = security.binary_security_tokens[1:]
            message.mime_attachments = {name: captured[0] for name in message.mime_attachments}
        body, boundary = message.get_request_data()
        return message.get_http_headers(boundary)["Content-Type"], body, message, plain

    def parse(self, content_type, body, sealing, profile=None):
        """What the package makes of a message of ours. Its stock profile splits off one part only."""
        policy = as4.SecurityPolicy(
            signer_resolver=as4.pinned_certificates(self.our_certificate), encrypt_required=sealing == "sealed"
        )
        profile = profile or (peppol.PeppolAS4Profile if sealing == "sealed" else ClearProfile)
        exchange = peppol.PeppolReceivingExchange(profile=profile, local_party=self.party)
        return exchange.receive(
            request_headers={"Content-Type": content_type}, request_body=body, security_policy=policy
        )


def keep(name, content_type, body):
    (WORK / f"{name}.type").write_text(content_type)
    (WORK / f"{name}.body").write_bytes(body)


def theirs_to_us(peer, sealing):
    content_type, body, message, plain = peer.build(sealing)
    keep("theirs", content_type, body)
    code, said = ours("verify", str(WORK), "theirs", sealing)
    yield f"their {sealing} message is accepted by us", code == 0, said
    yield "with its payload whole", (WORK / "theirs.payload").read_bytes() == plain, ""
    receipt = peppol.parse_peppol_receipt((WORK / "theirs.receipt").read_bytes(), peer.our_certificate)
    receipt.verify_non_repudiation(message.signed_references)
    yield "and our receipt by them", receipt.success, ""
    yield from (refusal_by_us(peer, sealing, named) for named in TAMPERINGS)


def refusal_by_us(peer, sealing, named):
    content_type, body, _, _ = peer.build(sealing)
    keep("tampered", content_type, tampered(body, TAMPERINGS[named]))
    code, said = ours("verify", str(WORK), "tampered", sealing)
    return f"their {sealing} message with {named} is refused by us", code == 1 and "EBMS:01" in said, said


def ours_to_them(peer, sealing):
    (WORK / "payload.xml").write_bytes(peer.build(sealing)[3])
    code, said = ours("pack", str(WORK), "ours", sealing)
    content_type, body = (WORK / "ours.type").read_text(), (WORK / "ours.body").read_bytes()
    received = peer.parse(content_type, body, sealing)
    yield f"our {sealing} message is accepted by them", code == 0 and received.successful, said or received.errors
    seen = next(iter(received.message.decrypted_data.values()))
    yield "with its payload whole", seen == (WORK / "payload.xml").read_bytes(), ""
    headers, signal = received.build_signal()
    keep("signal", headers["Content-Type"], signal)
    code, said = ours("receipt", str(WORK), "ours", "signal")
    yield "and their receipt by us", code == 0, said
    keep("signal", headers["Content-Type"], signal.replace(received.message_id.encode(), b"another@x"))
    code, said = ours("receipt", str(WORK), "ours", "signal")
    yield "but not when it is changed", code == 1 and "EBMS:0101" in said, said
    for named, what in TAMPERINGS.items():
        refused = peer.parse(content_type, tampered(body, what), sealing)
        yield f"our {sealing} message with {named} is refused by them", not refused.successful, ""
        headers, signal = refused.build_signal()
        keep("signal", headers["Content-Type"], signal)
        code, said = ours("receipt", str(WORK), "ours", "signal")
        yield "and we read their refusal", code == 1 and "peer: EBMS:" in said, said


SHAPES = {"of three parts": ("gzip", 3), "uncompressed": ("plain", 1), "of three uncompressed parts": ("plain", 3)}


def shapes_of_ours(peer, sealing):
    """Our messages of other shapes, and our ping. The package itself sends one compressed document and no ping."""
    document = peer.build(sealing)[3]
    (WORK / "payload.xml").write_bytes(document)
    for named, (form, parts) in SHAPES.items():
        code, said = ours("pack", str(WORK), "ours", sealing, form, str(parts))
        yield from receipted_by_them(peer, sealing, f"our {sealing} message {named}", [document] * parts)
    code, said = ours("ping", str(WORK), "ours")
    content_type, body = (WORK / "ours.type").read_text(), (WORK / "ours.body").read_bytes()
    refused = peer.parse(content_type, body, "clear", ClearProfile)
    seen = [error.error_code for error in refused.errors]
    yield "our ping is read by them and refused for its want of a document: the package knows no test service", seen == ["EBMS:0003"], seen


def receipted_by_them(peer, sealing, named, documents):
    content_type, body = (WORK / "ours.type").read_text(), (WORK / "ours.body").read_bytes()
    received = peer.parse(content_type, body, sealing, ClearProfile)
    yield f"{named} is accepted by them", received.successful, received.errors
    if not received.successful:
        return
    yield "with every payload whole", list(received.message.decrypted_data.values()) == documents, ""
    headers, signal = received.build_signal()
    keep("signal", headers["Content-Type"], signal)
    code, said = ours("receipt", str(WORK), "ours", "signal")
    yield "and their receipt by us", code == 0, said


def tampered(body, what):
    """The message with one thing changed after signing."""
    match what:
        case "header":
            changed = body.replace(b"9932:1111111111", b"9932:2222222222", 1)
        case "part":
            at = body.rstrip().rfind(b"\r\n--") - 20
            changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        case "unsigned":
            changed = body.replace(b"ds:Signature", b"ds:Seal")
    assert changed != body, what
    return changed


def main():
    code, said = ours("keys", str(WORK))
    assert code == 0, said
    peer, failures = Peer(), 0
    for direction in (theirs_to_us, ours_to_them, shapes_of_ours):
        for sealing in ("sealed", "clear"):
            for claim, holds, said in direction(peer, sealing):
                failures += not holds
                print(f"{'ok  ' if holds else 'FAIL'} {claim}" + ("" if holds else f": {said}"))
    print(f"as4 (PyPI): {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
