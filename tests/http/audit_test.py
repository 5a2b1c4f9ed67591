"""No answer leaves before its record is on the disk: recording, killing, full disks, logs that cannot be written."""

import hashlib
import hmac
import http.client
import json
import random
import resource
import signal
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from client import AT, JSON, Service, exchange, run  # noqa: E402

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])
WANTED = 1000  # evaluations recorded while the service is killed
SEED = 20261122


def profile(number):
    return json.dumps({"id": f"p-{number}", "facts": {"pregnant": number % 2 == 0}})


class Client(threading.Thread):
    """Evaluates one profile after another until the service is gone; remembers what was answered."""

    def __init__(self, service, numbers):
        super().__init__()
        self.service, self.numbers, self.answered = service, numbers, []

    def run(self):
        connection = self.service.connect()
        try:
            for number in self.numbers:
                status, _, body = exchange(connection, "POST", f"/v1/evaluations?at={AT}", profile(number), JSON)
                if status == 200:
                    self.answered.append(json.loads(body)["id"])
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()


class Audit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "audit.db"

    def recorded(self):
        """The keyed digests of all evaluations that the log holds."""
        exported = run(CAVEAT, SOURCE, "audit", "export", "--audit", self.log)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        records = [json.loads(line).get("record", {}) for line in exported.stdout.splitlines()]
        return [record["evaluation"] for record in records if record.get("type") == "evaluation"]

    def digest(self, evaluation):
        key = bytes.fromhex((self.log.parent / "audit.db.key").read_text().split()[1])
        return hmac.new(key, b"caveat.audit.evaluation\0" + evaluation.encode(), hashlib.sha256).hexdigest()

    def assert_whole(self):
        verified = run(CAVEAT, SOURCE, "audit", "verify", "--audit", self.log)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_what_is_answered_is_recorded(self):
        with Service(CAVEAT, SOURCE, "--audit", self.log) as service:
            self.assertEqual(len(service.said), 1, service.said)  # no warning that nothing is recorded
            status, _, body = service.evaluate()
            self.assertEqual(status, 200)
            for accept in ("text/html", "application/fhir+json"):
                self.assertEqual(service.ask("POST", f"/v1/evaluations?at={AT}", profile(1), JSON | {"Accept": accept})[0], 200)
            self.assertEqual(service.evaluate("{}", "&explain=none")[0], 200)
            self.assertEqual(service.evaluate("{")[0], 400)  # nothing was evaluated
            self.assertEqual(service.end(), 0)
        found = self.recorded()
        self.assertEqual(len(found), 4)
        self.assertEqual(found[0], self.digest(json.loads(body)["id"]))
        self.assert_whole()

    def test_a_service_records_unless_it_is_told_not_to(self):
        """Into a log of the account's own, one for each service that runs at the time."""
        state = self.log.parent / "state"
        folder = state / "caveat"
        with Service(CAVEAT, SOURCE, state=state) as one, Service(CAVEAT, SOURCE, state=state) as two:
            self.assertEqual(one.said[0], f"recording into {folder}/audit.db")
            self.assertEqual(two.said[0], f"recording into {folder}/audit-2.db")
            for service in (one, two):
                self.assertEqual(service.evaluate()[0], 200)
            one.process.kill()
            one.process.wait()
            with Service(CAVEAT, SOURCE, state=state) as next_one:  # takes up the log that was left
                self.assertEqual(next_one.said[0], f"recording into {folder}/audit.db")
                self.assertEqual(next_one.evaluate()[0], 200)
                self.assertEqual(next_one.end(), 0)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        for name, records in (("audit.db", 2), ("audit-2.db", 1)):
            self.log = folder / name
            self.assertEqual(len(self.recorded()), records)
            self.assert_whole()

    def test_without_a_place_to_record_it_does_not_start(self):
        state = self.log.parent / "file"
        state.write_text("not a folder")
        ended = run(CAVEAT, SOURCE, "serve", "--port", "0", state=state)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertIn("no-audit-folder", ended.stderr)
        self.assertNotIn("listening", ended.stderr)

    def test_killing_the_service_loses_nothing_that_was_answered(self):
        random.seed(SEED)
        answered, number, rounds = [], 0, 0
        while len(answered) < WANTED:
            rounds += 1
            self.assertLess(rounds, 60, f"{len(answered)} answers in so many rounds")
            with Service(CAVEAT, SOURCE, "--audit", self.log) as service:
                clients = [Client(service, range(number + i * 10_000, number + (i + 1) * 10_000)) for i in range(4)]
                number += 40_000
                for client in clients:
                    client.start()
                time.sleep(random.uniform(0.02, 0.4))
                service.send(signal.SIGKILL)
                for client in clients:
                    client.join()
                    answered += client.answered
        found = set(self.recorded())
        lost = [each for each in answered if self.digest(each) not in found]
        self.assertEqual(lost, [], f"seed {SEED}, {rounds} rounds")
        self.assert_whole()
        print(f"{len(answered)} answers, {len(found)} records, {rounds} kills")

    def test_a_disk_that_fails_shows_nothing_and_a_restart_goes_on(self):
        with Service(CAVEAT, SOURCE, "--audit", self.log) as service:
            self.assertEqual(service.evaluate()[0], 200)
            full = sum(each.stat().st_size for each in self.log.parent.iterdir() if each.name.startswith("audit.db"))
            _, most = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (full, most))
            for number in range(2000):
                status, headers, body = service.evaluate(profile(number))
                if status != 200:
                    break
            self.assertEqual((status, headers["Content-Type"]), (503, "application/problem+json"))
            self.assertEqual(json.loads(body)["type"], "urn:caveat:problem:not-recorded")
            self.assertNotIn("disposition", body)
            self.assertEqual(service.ask("GET", "/readyz")[0], 503)
            self.assertEqual(service.ask("GET", "/healthz")[0], 200)
            self.assertIn("\ncaveat_unrecorded_total 1\n", service.ask("GET", "/metrics")[2])
            # What reached the disk is open: the log refuses until it is opened anew.
            resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (most, most))
            self.assertEqual(service.evaluate(profile(number))[0], 503)
            self.assertEqual(service.end(), 0)
        with Service(CAVEAT, SOURCE, "--audit", self.log) as service:
            self.assertEqual(service.ask("GET", "/readyz")[0], 200)
            self.assertEqual(service.evaluate(profile(number))[0], 200)
            self.assertEqual(service.end(), 0)
        self.assert_whole()
        self.assertGreaterEqual(len(self.recorded()), number + 2)

    def test_a_log_that_cannot_be_written_ends_it_before_it_listens(self):
        folder, corrupt = self.log.parent / "folder", self.log.parent / "corrupt.db"
        folder.mkdir()
        corrupt.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
        for log in (folder, corrupt, self.log.parent / "none/audit.db"):
            with self.subTest(log.name):
                ended = run(CAVEAT, SOURCE, "serve", "--port", "0", "--audit", log)
                self.assertIn(ended.returncode, (2, 4), ended.stderr)
                self.assertNotIn("listening", ended.stderr)

    def test_two_services_do_not_share_a_log(self):
        with Service(CAVEAT, SOURCE, "--audit", self.log):
            second = run(CAVEAT, SOURCE, "serve", "--port", "0", "--audit", self.log)
            self.assertEqual(second.returncode, 2, second.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
