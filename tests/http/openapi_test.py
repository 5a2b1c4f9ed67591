"""The OpenAPI document is the service's own table: every operation of it is called and answers as it says, and what it does
not name is not answered to. schemathesis, where it is installed, tries the rest."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from client import Service  # noqa: E402

CAVEAT, SOURCE = sys.argv[1], Path(sys.argv[2])
METHODS = {"get", "post"}


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.service = Service(CAVEAT, SOURCE, "--audit", Path(folder.name) / "audit.db")
        cls.addClassCleanup(cls.service.__exit__)
        status, headers, body = cls.service.ask("GET", "/openapi.json")
        assert (status, headers["Content-Type"]) == (200, "application/json")
        cls.document = json.loads(body)

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield path, method, operation

    def resolve(self, reference):
        found = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def conforms(self, value, schema):
        """Whether a value has what a schema asks for, as far as the document's schemas go."""
        if "$ref" in schema:
            return self.conforms(value, self.resolve(schema["$ref"]))
        if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
            return False
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return False
        types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
        if not isinstance(value, types.get(schema.get("type"), object)):
            return False
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            return all(key in value for key in schema.get("required", ())) and all(
                self.conforms(value[key], inner) for key, inner in properties.items() if key in value)
        return not isinstance(value, list) or all(self.conforms(each, schema.get("items", {})) for each in value)

    def path_of(self, path):
        """A path with what stands for its variable: each service that is there."""
        if "{id}" not in path:
            return path
        services = json.loads(self.service.ask("GET", "/cds-services")[2])["services"]
        return path.replace("{id}", services[0]["id"])

    def test_it_is_of_the_form_that_openapi_has(self):
        self.assertEqual(self.document["openapi"], "3.1.0")
        self.assertEqual(set(self.document["info"]) & {"title", "version"}, {"title", "version"})
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        for path, method, operation in self.operations():
            self.assertIn(method, METHODS)
            self.assertTrue(operation["summary"])
            declared = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
            self.assertEqual(declared, set(re.findall(r"{(\w+)}", path)))
        for reference in re.findall(r'"\$ref":"([^"]+)"', json.dumps(self.document, separators=(",", ":"))):
            self.assertTrue(self.resolve(reference))

    def test_every_operation_is_answered_as_it_says(self):
        for path, method, operation in self.operations():
            for given, content in operation["responses"]["200"].get("content", {"": {}}).items():
                with self.subTest(f"{method} {path} as {given}"):
                    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
                    headers = {"Accept": given or "*/*"} | ({"Content-Type": "application/json"} if body else {})
                    status, answered, text = self.service.ask(method.upper(), self.path_of(path),
                                                              json.dumps(body) if body else None, headers)
                    self.assertEqual(status, 200, text)
                    self.assertEqual(answered.get("Content-Type", "").split(";")[0], given)
                    if "schema" in content:
                        self.assertTrue(self.conforms(json.loads(text), content["schema"]), text)

    def test_every_operation_that_takes_a_body_says_what_is_wrong_with_one(self):
        problem = {"$ref": "#/components/schemas/Problem"}
        for path, method, operation in self.operations():
            if "application/json" not in operation.get("requestBody", {}).get("content", {}):
                continue
            for wrong, status in (("{", 400), ("[]", 400), ("", 400)):
                with self.subTest(f"{method} {path} {wrong!r}"):
                    got, headers, text = self.service.ask(method.upper(), self.path_of(path), wrong,
                                                          {"Content-Type": "application/json"})
                    self.assertEqual((got, headers["Content-Type"]), (status, "application/problem+json"), text)
                    self.assertTrue(self.conforms(json.loads(text), problem), text)

    def test_other_methods_and_parameters_are_refused(self):
        for path, methods in self.document["paths"].items():
            for method in {"get", "post", "put", "delete", "patch"} - set(methods):
                with self.subTest(f"{method} {path}"):
                    status, headers, _ = self.service.ask(method.upper(), self.path_of(path))
                    self.assertEqual(status, 405)
                    for answered in methods:
                        self.assertIn(answered.upper(), headers["Allow"])
            for method in methods:
                self.assertEqual(self.service.ask(method.upper(), self.path_of(path) + "?nonsense=1")[0], 400)

    def test_schemathesis_finds_nothing_that_the_document_does_not_say(self):
        tool = shutil.which("schemathesis")
        if tool is None:
            self.skipTest("schemathesis (an extra, from PyPI) is not installed")
        ran = subprocess.run([tool, "run", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
                              "response_schema_conformance", "--max-examples", "20", "--seed", "1",
                              f"http://127.0.0.1:{self.service.port}/openapi.json"], capture_output=True, text=True, timeout=280)
        self.assertEqual(ran.returncode, 0, ran.stdout[-4000:])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
