"""`caveat serve` as its clients and its operator see it: HTTP, signals, exit codes."""

import http.client
import json
import signal
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from client import AT, JSON, PREGNANT, Service, exchange, read_all, rules_with, run, status_of  # noqa: E402

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])


class Served(unittest.TestCase):
    """One service for all of these."""

    @classmethod
    def setUpClass(cls):
        cls.service = Service(CAVEAT, SOURCE)
        cls.addClassCleanup(cls.service.__exit__)

    def test_it_says_where_it_records_and_listens(self):
        self.assertRegex(self.service.said[0], r"^recording into /.*/caveat/audit(-\d+)?\.db$")
        self.assertEqual(self.service.said[-1], f"listening on http://127.0.0.1:{self.service.port}")

    def test_it_says_that_nothing_is_recorded(self):
        with Service(CAVEAT, SOURCE, "--no-audit") as service:
            self.assertIn("warning: evaluations are not recorded", service.said[0])
            self.assertEqual(service.evaluate()[0], 200)

    def test_an_evaluation_is_that_of_the_command(self):
        status, headers, body = self.service.evaluate()
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        shown = run(CAVEAT, SOURCE, "evaluate", "-", "--format", "json", "--at", AT, given=PREGNANT)
        self.assertEqual(body + "\n", shown.stdout)

    def test_one_connection_serves_many_requests(self):
        connection = self.service.connect()
        self.addCleanup(connection.close)
        for _ in range(50):
            status, _, body = exchange(connection, "POST", f"/v1/evaluations?at={AT}", PREGNANT, JSON)
            self.assertEqual((status, json.loads(body)["disposition"]), (200, "refer"))
            self.assertEqual(exchange(connection, "GET", "/nowhere")[0], 404)

    def test_requests_that_are_sent_together_are_answered_in_turn(self):
        with self.service.raw() as sock:
            head = b"GET /%s HTTP/1.1\r\nHost: x\r\n%s\r\n"
            sock.sendall(head % (b"healthz", b"") + head % (b"nowhere", b"") + head % (b"v1/packs", b"Connection: close\r\n"))
            answer = read_all(sock)
        self.assertEqual([status_of(part) for part in answer.split(b"HTTP/1.1 ")[1:] for part in [b"HTTP/1.1 " + part]],
                         [200, 404, 200])

    def test_head_has_the_same_head_and_no_body(self):
        got, head = self.service.ask("GET", "/v1/packs"), self.service.ask("HEAD", "/v1/packs")
        self.assertEqual((head[0], head[2]), (200, ""))
        for name in ("Content-Length", "Content-Type", "Cache-Control"):
            self.assertEqual(head[1][name], got[1][name])
        self.assertRegex(got[1]["Date"], r"^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$")

    def test_a_body_may_come_in_chunks(self):
        pieces = (PREGNANT[i:i + 7].encode() for i in range(0, len(PREGNANT), 7))
        status, _, body = self.service.ask("POST", f"/v1/evaluations?at={AT}", pieces, JSON)
        self.assertEqual((status, body), (200, self.service.evaluate()[2]))

    def test_a_client_may_wait_for_leave_to_send_its_body(self):
        with self.service.raw() as sock:
            sock.sendall(b"POST /v1/evaluations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
                         b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(PREGNANT))
            self.assertEqual(sock.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            sock.sendall(PREGNANT.encode())
            self.assertEqual(status_of(read_all(sock)), 200)

    def test_what_is_not_http_is_refused(self):
        post = b"POST /v1/evaluations HTTP/1.1\r\nHost: x\r\n"
        for request, status in {
            b"nonsense\r\n\r\n": 400,
            b"GET / HTTP/1.1\r\n\r\n": 400,  # no Host
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": 400,
            b"GET / HTTP/1.1\r\nHost : x\r\n\r\n": 400,
            b"GET / HTTP/2.0\r\nHost: x\r\n\r\n": 400,
            b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n": 400,
            b"GET nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": 400,
            post + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 400,
            post + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx": 400,
            post + b"Content-Length: -1\r\n\r\n": 400,
            post + b"Transfer-Encoding: gzip\r\n\r\n": 400,
            post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n": 400,
            post + b"Expect: much\r\n\r\n": 417,
            post + b"Content-Length: 99999999\r\n\r\n": 413,
            b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 431,
            b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20000 + b"\r\n\r\n": 431,
        }.items():
            with self.subTest(request[:60]), self.service.raw() as sock:
                sock.sendall(request)
                answer = read_all(sock)  # until it closes: what is not understood ends the connection
                self.assertEqual(status_of(answer), status)
                self.assertIn(b"application/problem+json", answer)

    def test_a_large_body_is_refused_without_losing_the_answer(self):
        connection = self.service.connect()
        self.addCleanup(connection.close)
        status, _, body = exchange(connection, "POST", "/v1/evaluations", b"x" * 4_500_000, JSON)
        self.assertEqual((status, json.loads(body)["type"]), (413, "urn:caveat:problem:too-large"))

    def test_old_clients_are_answered_and_left(self):
        with self.service.raw() as sock:
            sock.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            self.assertEqual(status_of(read_all(sock)), 200)


class Operated(unittest.TestCase):
    def test_sigterm_lets_requests_be_answered_and_ends_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Service(CAVEAT, SOURCE) as service, service.raw() as idle, service.raw() as busy:
                idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(status_of(idle.recv(65536)), 200)
                busy.sendall(b"POST /v1/evaluations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                             b"Content-Length: %d\r\n\r\n" % len(PREGNANT))
                service.ask("GET", "/healthz")  # by now the head has been read
                service.send(number)
                self.assertEqual(idle.recv(100), b"")  # idle ones are closed at once
                with self.assertRaises(OSError):
                    service.ask("GET", "/healthz")
                busy.sendall(PREGNANT.encode())
                answer = read_all(busy)
                self.assertEqual(status_of(answer), 200)
                self.assertIn(b"Connection: close", answer)
                self.assertEqual(service.process.wait(30), 0)

    def test_sighup_loads_again_and_keeps_what_is_in_force_when_it_cannot(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = rules_with(folder)
            with Service(CAVEAT, SOURCE, "--rules", rules, "--wording", SOURCE / "rules/wording") as service:
                tired = json.dumps({"facts": {"tired": True}})

                def disposition():
                    return json.loads(service.evaluate(tired)[2])["disposition"]

                self.assertEqual(disposition(), "refer")
                rules_with(folder, condition="not tired")
                service.send(signal.SIGHUP)
                self.assertEqual(service.next_line(), "reloaded")
                self.assertEqual(disposition(), "no-contraindication-found")
                rules_with(folder, condition="tirred")
                service.send(signal.SIGHUP)
                self.assertIn("unknown-name", service.next_line())
                self.assertIn("not reloaded: what was in force stays", iter(service.next_line, None))
                self.assertEqual(disposition(), "no-contraindication-found")
                self.assertEqual(service.end(), 0)

    def test_sighup_reads_the_configuration_again(self):
        with tempfile.TemporaryDirectory() as folder:
            rules_with(folder)
            configuration = Path(folder) / "caveat.toml"
            base = f'[packs]\nfolders = ["rules"]\nwording = "{SOURCE}/rules/wording"\n[limits]\nprofile_facts = 1\n'
            off = '[[disable]]\nrule = "small/tired"\nreason = "a reason"\nperson = "a person"\ndate = 2026-10-01\n'
            configuration.write_text(base, encoding="utf-8")
            with Service(CAVEAT, SOURCE, "--config", configuration) as service:
                tired = json.dumps({"facts": {"tired": True}})
                self.assertEqual(json.loads(service.evaluate(tired)[2])["disposition"], "refer")
                self.assertEqual(service.evaluate(json.dumps({"facts": {"tired": True, "b": 1}}))[0], 400)
                configuration.write_text(base + off, encoding="utf-8")
                service.send(signal.SIGHUP)
                self.assertEqual(service.next_line(), "reloaded")
                evaluation = json.loads(service.evaluate(tired)[2])
                self.assertEqual((evaluation["complete"], evaluation["disabled"][0]["person"]), (False, "a person"))
                configuration.write_text(base + "[disable]\n", encoding="utf-8")
                service.send(signal.SIGHUP)
                while service.next_line() != "not reloaded: what was in force stays":
                    pass
                self.assertEqual(json.loads(service.evaluate(tired)[2])["disabled"], evaluation["disabled"])
                self.assertEqual(service.end(), 0)

    def test_the_configuration_bounds_and_guards_it(self):
        with tempfile.TemporaryDirectory() as folder:
            configuration = Path(folder) / "caveat.toml"
            configuration.write_text('[server]\norigins = ["https://ehr.example.org"]\n[server.limits]\nbody_bytes = 1024\n',
                                     encoding="utf-8")
            with Service(CAVEAT, SOURCE, "--config", configuration) as service:
                self.assertEqual(service.evaluate(json.dumps({"id": "x" * 2000, "facts": {}}))[0], 413)
                _, headers, _ = service.ask("GET", "/cds-services", headers={"Origin": "https://ehr.example.org"})
                self.assertEqual(headers["Access-Control-Allow-Origin"], "https://ehr.example.org")
                _, headers, _ = service.ask("GET", "/cds-services", headers={"Origin": "https://other.example.org"})
                self.assertNotIn("Access-Control-Allow-Origin", headers)
            configuration.write_text('[server]\norigin = []\n[[server.client]]\niss = "a"\nkeys = "none.json"\n', encoding="utf-8")
            for command in (("serve", "--port", "0"), ("facts",)):
                refused = run(CAVEAT, SOURCE, *command, "--config", configuration)
                self.assertEqual(refused.returncode, 2)
                self.assertIn("did you mean `origins`?", refused.stderr)
                self.assertIn("no `base_url`", refused.stderr)

    def test_reloading_under_load_fails_no_request(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = rules_with(folder)
            with Service(CAVEAT, SOURCE, "--rules", rules, "--wording", SOURCE / "rules/wording") as service:
                seen, done = set(), threading.Event()

                def client():
                    connection = service.connect()
                    while not done.is_set():
                        status, _, body = exchange(connection, "POST", "/v1/evaluations", '{"facts":{"tired":true}}', JSON)
                        seen.add((status, json.loads(body).get("disposition")))
                    connection.close()

                clients = [threading.Thread(target=client) for _ in range(4)]
                for each in clients:
                    each.start()
                try:
                    for turn in range(10):
                        rules_with(folder, condition="tired" if turn % 2 else "not tired")
                        service.send(signal.SIGHUP)
                        self.assertEqual(service.next_line(), "reloaded")
                finally:
                    done.set()
                    for each in clients:
                        each.join()
                self.assertEqual(seen, {(200, "refer"), (200, "no-contraindication-found")})

    def test_exit_codes(self):
        with tempfile.TemporaryDirectory() as folder, Service(CAVEAT, SOURCE) as service:
            wording = ("--wording", SOURCE / "rules/wording")
            for options, code, said in (
                (["--port", "x"], 2, "--port is `x`"),
                (["--port", "65536"], 2, "--port is `65536`"),
                (["--port", service.port], 2, "cannot-listen"),
                (["--bind", "somewhere", "--allow-insecure"], 2, "no IPv4 or IPv6 address"),
                (["--bind", "0.0.0.0"], 2, "without encryption and authentication"),
                (["--bind", "::"], 2, "without encryption and authentication"),
                (["--lang", "xx"], 2, "--lang is `xx`"),
                (["--no-audit", "--audit", folder + "/audit.db"], 2, "--no-audit is said together"),
                (["--no-audit", "--keep-profiles"], 2, "--no-audit is said together"),
                (["--rules", folder + "/none"], 3, "no such folder of rules"),
                (["--rules", rules_with(folder, status="draft"), *wording], 3, "draft-pack"),
            ):
                with self.subTest(options):
                    ended = run(CAVEAT, SOURCE, "serve", *options)
                    self.assertEqual(ended.returncode, code, ended.stderr)
                    self.assertIn(said, ended.stderr)

    def test_what_is_refused_can_be_allowed(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = rules_with(folder, status="draft")
            with Service(CAVEAT, SOURCE, "--rules", rules, "--wording", SOURCE / "rules/wording", "--allow-drafts", "--bind",
                         "0.0.0.0", "--allow-insecure") as service:
                self.assertEqual(json.loads(service.ask("GET", "/v1/packs")[2])["packs"][0]["status"], "draft")
        with Service(CAVEAT, SOURCE, "--bind", "::1") as service:
            connection = http.client.HTTPConnection("::1", service.port, timeout=60)
            self.assertEqual(exchange(connection, "GET", "/healthz")[0], 200)
            connection.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
