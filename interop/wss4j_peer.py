"""The WS-Security engine of Apache (WSS4J) as the other side, in every suite, encrypted and not: what it makes we accept
and receipt, what we make it accepts, and what is tampered with both refuse."""

import pathlib
import subprocess
import sys

PEER, JAVA, WORK = sys.argv[1], sys.argv[2:-1], pathlib.Path(sys.argv[-1])
SUITES = ("edelivery115", "edelivery2", "edelivery2-p256")
PAYLOAD = ("<Declaration>" + "bốn mươi kiện " * 700 + "</Declaration>").encode()
TAMPERINGS = {"a changed header": "header", "a changed part": "part", "no signature": "unsigned"}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip() or done.stderr.strip()


def ours(*arguments):
    return run(PEER, *arguments)


def theirs(*arguments):
    return run(*JAVA, *arguments)


def tampered(name, what):
    """Writes the message with one thing changed after it was signed, under the name `tampered`."""
    body = (WORK / f"{name}.body").read_bytes()
    match what:
        case "header":
            changed = body.replace(b"initiator</", b"Initiator</", 1)
        case "part":
            at = body.rstrip().rfind(b"\r\n--") - 20
            changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        case "unsigned":
            changed = body.replace(b"ds:Signature", b"ds:Seal")
    assert changed != body, what
    (WORK / "tampered.body").write_bytes(changed)
    (WORK / "tampered.type").write_text((WORK / f"{name}.type").read_text())


def whole(name):
    return (WORK / f"{name}.payload").read_bytes() == PAYLOAD


def cases(suite, sealing):
    (WORK / "payload.xml").write_bytes(PAYLOAD)
    code, said = ours("pack", str(WORK), "ours", sealing)
    yield f"our {sealing} message is made", code == 0, said
    code, said = theirs("open", str(WORK), "ours")
    yield "it is accepted by them, its payload whole", code == 0 and whole("ours"), said
    code, said = theirs("make", str(WORK), "theirs", sealing)
    yield f"their {sealing} message is made", code == 0, said
    code, said = ours("verify", str(WORK), "theirs", sealing)
    yield "it is accepted by us, its payload whole", code == 0 and whole("theirs"), said
    code, said = theirs("signal", str(WORK), "theirs")
    yield "and our receipt is signed as they like it", code == 0, said
    for named, what in TAMPERINGS.items():
        tampered("ours", what)
        code, said = theirs("open", str(WORK), "tampered")
        yield f"ours with {named} is refused by them", code == 1 and said.startswith("refused"), said
        tampered("theirs", what)
        code, said = ours("verify", str(WORK), "tampered", sealing)
        yield f"theirs with {named} is refused by us", code == 1 and "EBMS:01" in said, said


def main():
    failures = 0
    for suite in SUITES:
        code, said = ours("keys", str(WORK), suite)
        assert code == 0, said
        for sealing in ("clear", "sealed"):
            for claim, holds, said in cases(suite, sealing):
                failures += not holds
                print(f"{'ok  ' if holds else 'FAIL'} {suite}: {claim}" + ("" if holds else f": {said}"))
    print(f"WSS4J: {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
