"""A service that a site has configured: clients that show tokens, a FHIR server, a log, limits. Keys are made by openssl."""

import base64
import http.client
import http.server
import json
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from client import JSON, PREGNANT, Service, exchange, run  # noqa: E402

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])
BASE, ISS = "https://cds.example.org", "https://ehr.example.org"
HOOK = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "p-1"}}


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, input=given).stdout


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An EC key on P-384."""

    def __init__(self, folder, kid):
        self.file, self.kid = Path(folder) / f"{kid}.pem", kid
        self.file.write_bytes(openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout"))
        point = openssl("ec", "-in", self.file, "-pubout", "-outform", "DER")[-96:]
        self.public = {"kty": "EC", "crv": "P-384", "kid": kid, "x": encoded(point[:48]), "y": encoded(point[48:])}

    def sign(self, data):
        """The signature as a token has it: two numbers of 48 bytes, which openssl writes as DER."""
        der = openssl("dgst", "-sha384", "-sign", self.file, given=data)
        out, at = b"", 2 if der[1] < 0x80 else 3
        for _ in range(2):
            size = der[at + 1]
            out += int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(48, "big")
            at += 2 + size
        return out


def token(key, path, number=[0]):
    number[0] += 1
    now = int(time.time())
    claims = {"iss": ISS, "aud": BASE + path, "iat": now, "exp": now + 300, "jti": f"t-{number[0]}"}
    parts = [encoded(json.dumps(each).encode()) for each in ({"alg": "ES384", "kid": key.kid, "typ": "JWT"}, claims)]
    return ".".join([*parts, encoded(key.sign(".".join(parts).encode()))])


def all_said(service):
    """What a service that has ended said on standard error."""
    for _ in iter(service.next_line, None):
        pass
    return "\n".join(service.said)


class Records(http.server.BaseHTTPRequestHandler):
    """A FHIR server with one patient, who has an open wound."""

    def do_GET(self):
        answer = {"resourceType": "Bundle", "type": "searchset", "entry": []}
        if self.path == "/r4/Patient/p-1":
            answer = {"resourceType": "Patient", "id": "p-1"}
        elif self.path.startswith("/r4/Condition"):
            answer["entry"] = [{"resource": {
                "resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p-1"},
                "recordedDate": time.strftime("%Y-%m-%d", time.gmtime()),
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "125643001"}]}}}]
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Configured(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = Key(self.folder, "first")

    def configure(self, text):
        file = self.folder / "caveat.toml"
        file.write_text(text, encoding="utf-8")
        return file

    def name_keys(self, *keys):
        (self.folder / "ehr.json").write_text(json.dumps({"keys": [key.public for key in keys]}))

    def client_table(self):
        return f'''[server]
base_url = "{BASE}"
[[server.client]]
iss = "{ISS}"
keys = "ehr.json"
'''

    def status(self, service, shown, path="/cds-services"):
        return service.ask("GET", path, headers={"Authorization": f"Bearer {shown}"} if shown else {})[0]

    def test_clients_show_tokens_and_their_keys_are_read_again(self):
        self.name_keys(self.key)
        file = self.configure(self.client_table())
        with Service(CAVEAT, SOURCE, "--config", file, "--log-level", "trace") as service:
            shown = token(self.key, "/cds-services")
            self.assertEqual(self.status(service, shown), 200)
            self.assertEqual(self.status(service, shown), 401)  # once
            self.assertEqual(self.status(service, None), 401)
            self.assertEqual(self.status(service, token(self.key, "/v1/packs")), 401)
            self.assertEqual(self.status(service, token(self.key, "/v1/packs"), "/v1/packs"), 200)
            self.assertEqual(self.status(service, None, "/healthz"), 200)
            second = Key(self.folder, "second")
            other = token(second, "/cds-services")
            self.assertEqual(self.status(service, other), 401)
            self.name_keys(second)
            service.send(signal.SIGHUP)
            self.assertIn("reloaded", iter(service.next_line, None))
            self.assertEqual(self.status(service, other), 200)  # it was refused, and so not used
            self.assertEqual(self.status(service, token(self.key, "/cds-services")), 401)
            self.assertEqual(service.end(), 0)
            said = all_said(service)
            for secret in (shown, other, shown.split(".")[2]):
                self.assertNotIn(secret, said)

    def test_what_a_call_left_out_is_fetched_and_what_is_answered_is_recorded(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Records) as records:
            records.asked = []
            thread = threading.Thread(target=records.serve_forever)
            thread.start()
            try:
                url = f"http://127.0.0.1:{records.server_address[1]}/r4"
                file = self.configure(f'[server]\nfhir_servers = ["{url}"]\n[server.fetch]\ntime_ms = 60000\n')
                call = HOOK | {"fhirServer": url, "fhirAuthorization": {
                    "access_token": "a-secret", "token_type": "Bearer", "expires_in": 300, "scope": "x", "subject": "y"}}
                log = self.folder / "audit.db"
                with Service(CAVEAT, SOURCE, "--config", file, "--audit", log, "--log-level", "trace") as service:
                    status, _, body = service.ask("POST", "/cds-services/microneedling-patient-view", json.dumps(call), JSON)
                    self.assertEqual(status, 200, body)
                    topics = [card["source"]["topic"]["code"] for card in json.loads(body)["cards"]]
                    self.assertIn("microneedling/open-wound", topics)
                    elsewhere = json.dumps(call | {"fhirServer": "http://127.0.0.1:1/r4"})
                    status, _, body = service.ask("POST", "/cds-services/microneedling-patient-view", elsewhere, JSON)
                    self.assertEqual((status, json.loads(body)["resourceType"]), (412, "OperationOutcome"))
                    self.assertEqual(service.end(), 0)
                    self.assertNotIn("a-secret", all_said(service))
            finally:
                records.shutdown()
                thread.join()
        self.assertEqual({shown for _, shown in records.asked}, {"Bearer a-secret"})
        listed = run(CAVEAT, SOURCE, "audit", "list", "--audit", log, "--format", "json")
        self.assertEqual(listed.stdout.count('"type": "evaluation"') + listed.stdout.count('"type":"evaluation"'), 1,
                         listed.stdout)

    def test_with_tls_and_clients_it_may_be_reached(self):
        self.name_keys(self.key)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out",
                self.folder / "cert.pem")
        reached = ["--bind", "0.0.0.0", "--tls-certificate", self.folder / "cert.pem", "--tls-key", self.folder / "key.pem"]
        with Service(CAVEAT, SOURCE, *reached, "--config", self.configure(self.client_table())) as service:
            context = ssl.create_default_context(cafile=self.folder / "cert.pem")
            connection = http.client.HTTPSConnection("127.0.0.1", service.port, timeout=60, context=context)
            self.addCleanup(connection.close)
            path = "/v1/evaluations"
            self.assertEqual(exchange(connection, "POST", path, PREGNANT, JSON)[0], 401)
            shown = {"Authorization": f"Bearer {token(self.key, path)}"}
            self.assertEqual(exchange(connection, "POST", path, PREGNANT, JSON | shown)[0], 200)
            self.assertEqual(service.end(), 0)
        ended = run(CAVEAT, SOURCE, "serve", "--port", "0", *reached)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("without encryption and authentication", ended.stderr)

    def test_limits_hold_and_mistakes_are_said(self):
        with Service(CAVEAT, SOURCE, "--config", self.configure("[limits]\nprofile_facts = 1\n")) as service:
            self.assertEqual(service.evaluate()[0], 200)
            self.assertEqual(service.evaluate(json.dumps({"facts": {"pregnant": True, "age": 34}}))[0], 400)
        (self.folder / "ehr.json").write_text("{}")
        for text, said in (('[server]\nfhir_servers = ["http://fhir.example.org"]\n', "bad-address"),
                           ('[server]\nbase_url = "cds.example.org"\n', "bad-address"),
                           (self.client_table(), "bad-keys"), ("[server]\norigin = []\n", "did you mean `origins`")):
            with self.subTest(text):
                ended = run(CAVEAT, SOURCE, "serve", "--port", "0", "--config", self.configure(text))
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertIn(said, ended.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
