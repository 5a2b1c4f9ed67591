"""The format's page is enough: verify() below was made from docs/formats/audit.md alone, with nothing of Caveat. It agrees
with `caveat audit verify` on a log that is whole and on logs that are not."""

import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])


def verify(file, key_file, anchor_file):
    """What does not hold, in words; empty when all holds."""
    key = bytes.fromhex(Path(key_file).read_text().removeprefix("caveat.audit.key/1 ").strip())
    anchor = json.loads(Path(anchor_file).read_text())

    def digest(content):
        return "sha256:" + hashlib.sha256(content).hexdigest()

    def keyed(purpose, text):
        return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    contents = dict(database.execute("SELECT digest, bytes FROM content"))
    wrong = [f"content {name}" for name, content in contents.items() if digest(content) != name]
    previous, hashes, needed = "sha256:" + "0" * 64, {}, set()
    for expected, (sequence, body, mac) in enumerate(database.execute("SELECT * FROM record ORDER BY sequence"), 1):
        record = json.loads(body)
        canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if (sequence, record["sequence"], body, record["previous"]) != (expected, expected, canonical, previous):
            wrong.append(f"record {sequence}")
        previous = hashes[sequence] = digest(body.encode())
        if mac != keyed("caveat.audit.record", previous):
            wrong.append(f"seal {sequence}")
        if (record["type"] == "log") != (sequence == 1):
            wrong.append(f"type {sequence}")
        if sequence == 1 and (record["key"] != keyed("caveat.audit.key", "")[:32] or record["log"] != anchor["log"]):
            wrong.append("key or anchor of another log")
        if record["type"] == "evaluation":
            needed.add(record["context"])
    for context in [json.loads(contents[name]) for name in needed & contents.keys()]:
        needed |= {context["lexicons"]} | {pack["digest"] for pack in context["packs"]}
    for listing in [contents[name] for name in needed & contents.keys() if b"\0" in contents[name]]:
        needed |= {line.split(b"\0")[1].decode() for line in listing.splitlines()}
    if hashes.get(anchor["sequence"]) != anchor["hash"]:
        wrong.append("anchor")
    return wrong + sorted(needed - contents.keys())


def caveat(*arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CAVEAT_")}
    return subprocess.run([CAVEAT, *map(str, arguments)], cwd=SOURCE, env=environment, capture_output=True, text=True, timeout=60)


class ByHand(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="caveat-audit-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.log = self.folder / "audit.db"
        profiles = sorted(SOURCE.glob("examples/profiles/*"))
        done = caveat("evaluate", *profiles, "--at", "2026-11-22T10:00:00Z", "--audit", self.log)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.records = len(profiles) + 1

    def both(self):
        """What our own program and the other one find."""
        files = [self.log, f"{self.log}.key", f"{self.log}.anchor"]
        theirs = caveat("audit", "verify", "--audit", self.log, "--format", "json")
        ours = verify(*files)
        self.assertIn(theirs.returncode, (0, 1), theirs.stderr)
        self.assertEqual(theirs.returncode == 0, not ours, f"{theirs.stdout}\n{ours}")
        return ours

    def tamper(self, *statements):
        database = sqlite3.connect(self.log)
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        for _, sql in triggers:
            database.execute(sql)
        database.commit()
        database.close()

    def test_a_log_that_is_whole(self):
        self.assertEqual(self.both(), [])

    def test_logs_that_are_not(self):
        whole = self.log.read_bytes()
        for statement in (
            "UPDATE record SET body = replace(body, '\"complete\":true', '\"complete\":false') WHERE sequence = 3",
            f"DELETE FROM record WHERE sequence = {self.records}",
            "DELETE FROM record WHERE sequence = 2",
            "UPDATE record SET mac = '00' WHERE sequence = 2",
            "DELETE FROM content WHERE rowid = 3",
            "UPDATE content SET bytes = x'00' WHERE rowid = 2",
        ):
            with self.subTest(statement):
                self.tamper(statement)
                self.assertNotEqual(self.both(), [])
            self.log.write_bytes(whole)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
