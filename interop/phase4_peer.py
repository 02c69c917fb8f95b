"""phase4, the AS4 implementation, on a socket of its own: in every suite, both ways, each of signed, sealed, uncompressed,
of several parts, ping, and tampered with. What phase4 sends arrives at a listener here, is proved by our side, and our
signed receipt goes back on the same connection; what we send phase4 takes, and our side proves its receipt."""

import http.client
import pathlib
import subprocess
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

OURS, JAVA, WORK = sys.argv[1], sys.argv[2:-1], pathlib.Path(sys.argv[-1])
SUITES = ("edelivery115", "edelivery2", "edelivery2-p256")
PAYLOAD = ("<Declaration>" + "bốn mươi kiện " * 700 + "</Declaration>").encode()
# What varies: sealed, compressed, parts.
SHAPES = {
    "signed": ("clear", "gzip", 1),
    "signed and sealed": ("sealed", "gzip", 1),
    "uncompressed": ("clear", "plain", 1),
    "uncompressed and sealed": ("sealed", "plain", 1),
    "of three parts": ("clear", "gzip", 3),
    "of three parts and sealed": ("sealed", "gzip", 3),
}
TAMPERINGS = {"a changed header": "header", "a changed part": "part", "no signature": "unsigned"}


def ours(suite, command, *arguments):
    done = subprocess.run([OURS, command, str(WORK / suite), *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip() or done.stderr.strip()


def tampered(body, what):
    """The message with one thing changed after signing."""
    match what:
        case "header":
            changed = body.replace(b"conversation-1", b"conversation-2", 1)
        case "part":
            at = body.rstrip().rfind(b"\r\n--") - 20
            changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        case "unsigned":
            changed = body.replace(b"ds:Signature", b"ds:Seal")
    assert changed != body, what
    return changed


class Door(HTTPServer):
    """Our side's address: takes one message at a time, proves it and answers."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Knock)
        self.suite, self.sealing, self.change, self.said = "", "clear", None, (2, "nothing came")


class Knock(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        door = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.chunks()
        body = tampered(body, door.change) if door.change else body
        place = WORK / door.suite
        (place / "theirs.type").write_text(self.headers["Content-Type"])
        (place / "theirs.body").write_bytes(body)
        (place / "theirs.receipt").unlink(missing_ok=True)
        door.said = ours(door.suite, "verify", "theirs", door.sealing)
        receipt = place / "theirs.receipt"
        answer = receipt.read_bytes() if receipt.exists() else b""
        self.send_response(200 if answer else 400)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def chunks(self):
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def log_message(self, *_):
        pass


class Phase4:
    """The other side in a process of its own."""

    def __init__(self):
        self.process = subprocess.Popen([*JAVA, str(WORK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline().split()
        assert said[:1] == ["listening"], said
        self.port = int(said[1])

    def ask(self, method, path, body=None, content_type="application/octet-stream"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Content-Type": content_type} if body is not None else {})
        answer = connection.getresponse()
        whole = answer.read()
        connection.close()
        return answer.headers.get("Content-Type", ""), whole

    def delivered(self):
        count, parts, *_ = self.ask("GET", "/delivered")[1].decode().split(" ")
        return int(count), int(parts)

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


def post(phase4, suite, change=None):
    """Our packed message to phase4, and its answer before our judge: exit code and what it says."""
    place = WORK / suite
    body = (place / "ours.body").read_bytes()
    body = tampered(body, change) if change else body
    content_type, signal = phase4.ask("POST", f"/{suite}/as4", body, (place / "ours.type").read_text())
    (place / "signal.type").write_text(content_type)
    (place / "signal.body").write_bytes(signal)
    return ours(suite, "receipt", "ours", "signal")


def ours_to_them(phase4, suite):
    for named, (sealing, form, parts) in SHAPES.items():
        before, _ = phase4.delivered()
        code, said = ours(suite, "pack", "ours", sealing, form, str(parts))
        code, said = post(phase4, suite) if code == 0 else (code, said)
        yield f"ours {named} is receipted by them, the receipt proved by us", code == 0, said
        after, carried = phase4.delivered()
        whole = all(phase4.ask("GET", f"/payload?n={each}")[1] == PAYLOAD for each in range(parts))
        yield "delivered once, every payload whole", (after, carried) == (before + 1, parts) and whole, (before, after, carried)
    before, _ = phase4.delivered()
    ours(suite, "ping", "ours")
    code, said = post(phase4, suite)
    yield "our ping is receipted by them and not delivered", code == 0 and phase4.delivered()[0] == before, said
    for sealing in ("clear", "sealed"):
        for named, change in TAMPERINGS.items():
            before, _ = phase4.delivered()
            ours(suite, "pack", "ours", sealing, "gzip", "1")
            code, said = post(phase4, suite, change)
            refused = code != 0 and phase4.delivered()[0] == before
            yield f"ours {sealing} with {named} is not receipted and not delivered", refused, said


def sent(phase4, door, suite, **wanted):
    """Has phase4 send; gives what it says of our answer, and what our judge said of its message."""
    door.suite, door.sealing = suite, "sealed" if "sealed" in wanted else "clear"
    door.change, door.said = wanted.pop("change", None), (2, "nothing came")
    query = urllib.parse.urlencode({"to": f"http://127.0.0.1:{door.server_port}/as4", **wanted})
    theirs = phase4.ask("POST", f"/{suite}/send?{query}", PAYLOAD)[1].decode()
    return theirs, *door.said


def theirs_to_us(phase4, door, suite):
    place = WORK / suite
    for named, (sealing, form, parts) in SHAPES.items():
        wanted = {"parts": parts} | ({"sealed": ""} if sealing == "sealed" else {}) | ({"gzip": ""} if form == "gzip" else {})
        theirs, code, said = sent(phase4, door, suite, **wanted)
        yield f"theirs {named} is accepted by us", code == 0, said
        files = [place / ("theirs.payload" if each == 0 else f"theirs-{each}.payload") for each in range(parts)]
        yield "every payload whole", all(file.read_bytes() == PAYLOAD for file in files), ""
        yield "and our receipt by them, digest for digest", theirs == "receipt, digests equal", theirs
    theirs, code, said = sent(phase4, door, suite, ping="")
    yield "their ping is receipted by us", code == 0 and theirs == "receipt, digests equal", (theirs, said)
    for sealed in ({}, {"sealed": ""}):
        for named, change in TAMPERINGS.items():
            _, code, said = sent(phase4, door, suite, gzip="", change=change, **sealed)
            yield f"theirs {'sealed' if sealed else 'clear'} with {named} is refused by us", code == 1 and "EBMS:01" in said, said


def main():
    failures = cases = 0
    for suite in SUITES:
        (WORK / suite).mkdir(exist_ok=True)
        code, said = ours(suite, "keys", suite)
        assert code == 0, said
        (WORK / suite / "payload.xml").write_bytes(PAYLOAD)
    door = Door()
    threading.Thread(target=door.serve_forever, daemon=True).start()
    phase4 = Phase4()
    try:
        for suite in SUITES:
            for each in (ours_to_them(phase4, suite), theirs_to_us(phase4, door, suite)):
                for claim, holds, said in each:
                    failures, cases = failures + (not holds), cases + 1
                    print(f"{'ok  ' if holds else 'FAIL'} {suite}: {claim}" + ("" if holds else f": {said}"), flush=True)
    finally:
        phase4.end()
    print(f"phase4: {failures} failures in {cases} cases")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
