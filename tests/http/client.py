"""A client's side of the service, from the standard library: starts the built command, and speaks HTTP with it."""

import http.client
import json
import os
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

AT = "2026-11-22T10:00:00Z"
PREGNANT = json.dumps({"id": "p-1", "facts": {"pregnant": True}})
JSON = {"Content-Type": "application/json"}


STATE = tempfile.TemporaryDirectory(prefix="caveat-state-")  # where services record that are not told where


def environment(state=STATE.name):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CAVEAT_") and k != "STATE_DIRECTORY"}
    return kept | {"XDG_STATE_HOME": str(state)}


class Service:
    """`caveat serve` on a free port, ended at the latest when the block ends."""

    def __init__(self, caveat, source, *options, port="0", state=STATE.name):
        self.process = subprocess.Popen([caveat, "serve", "--port", port, *map(str, options)], cwd=source,
                                        env=environment(state), stderr=subprocess.PIPE, text=True)
        self.said = []
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.port = None
        while self.port is None and (line := self.next_line()) is not None:
            ready = re.fullmatch(r"listening on (https?)://(?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0):(\d+)", line)
            if ready:
                self.port = int(ready.group(2))

    def _read(self):
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(60)
        self.process.stderr.close()

    def send(self, number):
        self.process.send_signal(number)

    def next_line(self, seconds=60):
        """The next line of standard error; None when it has ended. A line that does not come is an error."""
        line = self.lines.get(timeout=seconds)
        if line is not None:
            self.said.append(line)
        return line

    def end(self, number=signal.SIGTERM, seconds=60):
        """The exit code after a signal."""
        self.send(number)
        return self.process.wait(seconds)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, target, body=None, headers=None):
        """One request on a connection of its own: (status, headers, body)."""
        connection = self.connect()
        try:
            return exchange(connection, method, target, body, headers)
        finally:
            connection.close()

    def evaluate(self, profile=PREGNANT, more=""):
        return self.ask("POST", f"/v1/evaluations?at={AT}{more}", profile, JSON)

    def raw(self):
        """A bare socket."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)


def exchange(connection, method, target, body=None, headers=None):
    connection.request(method, target, body=body, headers=headers or {})
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read().decode()


def read_all(sock):
    """Everything until the other side closes."""
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def status_of(answer):
    """The status of a raw answer; None when there is none."""
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(match.group(1)) if match else None


def run(caveat, source, *arguments, given=None, state=STATE.name):
    return subprocess.run([caveat, *map(str, arguments)], cwd=source, env=environment(state), capture_output=True, text=True,
                          timeout=60, input=given)


def rules_with(folder, status="active", condition="tired"):
    """A folder of rules with one small pack."""
    pack = Path(folder) / "rules/small"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.toml").write_text(f"""[pack]
id = "small"
version = "1.0.0"
status = "{status}"
requires.plugins = ["caveat.contraindications"]
title = "A small pack"
defer_to = "nurse"
deferral = "A nurse decides."

[[source]]
id = "leaflet"
title = "A leaflet"

[fact.tired]
type = "boolean"
label = "Tiredness"
ask = "Are you tired?"

[[contraindication]]
id = "tired"
when = "{condition}"
title = "Tiredness"
says = "People who are tired are asked to speak to the nurse."
cite = "leaflet"
""", encoding="utf-8")
    return pack.parent
