"""TLS, with a certificate made on the spot: what is spoken, what is refused, and how the certificate is renewed."""

import http.client
import json
import signal
import ssl
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from client import AT, JSON, PREGNANT, Service, exchange, read_all, run  # noqa: E402

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])


def make_certificate(folder, name="localhost"):
    folder = Path(folder)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
                    "-out", folder / "cert.pem"], check=True, capture_output=True)
    return ["--tls-certificate", folder / "cert.pem", "--tls-key", folder / "key.pem"]


class Tls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.options = make_certificate(self.folder)

    def connect(self, service, **limits):
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        for name, value in limits.items():
            setattr(context, name, value)
        return http.client.HTTPSConnection("127.0.0.1", service.port, timeout=60, context=context)

    def test_requests_are_answered_over_tls_alone(self):
        with Service(CAVEAT, SOURCE, *self.options) as service:
            self.assertEqual(service.said[-1], f"listening on https://127.0.0.1:{service.port}")
            connection = self.connect(service)
            self.addCleanup(connection.close)
            for _ in range(3):
                status, _, body = exchange(connection, "POST", f"/v1/evaluations?at={AT}", PREGNANT, JSON)
                self.assertEqual((status, json.loads(body)["disposition"]), (200, "refer"))
            self.assertIn(connection.sock.version(), ("TLSv1.2", "TLSv1.3"))
            status, _, _ = exchange(connection, "POST", "/v1/evaluations", b"x" * 4_500_000, JSON)
            self.assertEqual(status, 413)
            with service.raw() as plain:  # plain HTTP is no handshake
                plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertNotIn(b"200", read_all(plain))
            again = self.connect(service)
            self.addCleanup(again.close)
            self.assertEqual(exchange(again, "GET", "/healthz")[0], 200)
            self.assertEqual(service.end(), 0)

    def test_old_versions_are_refused(self):
        with Service(CAVEAT, SOURCE, *self.options) as service:
            connection = self.connect(service)
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                old.minimum_version = ssl.TLSVersion.TLSv1
                old.maximum_version = ssl.TLSVersion.TLSv1_1
            old.set_ciphers("ALL:@SECLEVEL=0")
            with service.raw() as sock, self.assertRaises((ssl.SSLError, ConnectionError)):
                old.wrap_socket(sock)
            self.assertEqual(exchange(connection, "GET", "/healthz")[0], 200)
            connection.close()

    def test_a_renewed_certificate_is_taken_at_sighup(self):
        def subject():
            connection = self.connect(service)
            self.assertEqual(exchange(connection, "GET", "/healthz")[0], 200)
            found = dict(pair[0] for pair in connection.sock.getpeercert()["subject"])["commonName"]
            connection.close()
            return found

        with Service(CAVEAT, SOURCE, *self.options) as service:
            self.assertEqual(subject(), "localhost")
            make_certificate(self.folder, "renewed")
            service.send(signal.SIGHUP)
            self.assertEqual(service.next_line(), "reloaded")
            self.assertEqual(subject(), "renewed")
            (self.folder / "key.pem").write_text("no key", encoding="utf-8")
            service.send(signal.SIGHUP)
            self.assertIn("bad-certificate", service.next_line())
            self.assertEqual(subject(), "renewed")

    def test_what_is_no_certificate_is_refused(self):
        other = self.folder / "other"
        other.mkdir()
        make_certificate(other)
        cert, key = self.folder / "cert.pem", self.folder / "key.pem"
        for options in (["--tls-certificate", cert], ["--tls-key", key],
                        ["--tls-certificate", self.folder / "none", "--tls-key", key],
                        ["--tls-certificate", cert, "--tls-key", self.folder / "none"],
                        ["--tls-certificate", cert, "--tls-key", cert],
                        ["--tls-certificate", cert, "--tls-key", other / "key.pem"]):
            with self.subTest(options):
                ended = run(CAVEAT, SOURCE, "serve", "--port", "0", *options)
                self.assertEqual(ended.returncode, 2, ended.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
