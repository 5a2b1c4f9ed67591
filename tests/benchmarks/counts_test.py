"""The counts that the benchmarks compare: the reference's on profiles worked out by hand, and the engine's against them."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BIN = Path(sys.argv[2]) / "bin"

RULES = {
    "a": {"op": "is", "fact": "a"},
    "not a": {"op": "not", "of": [{"op": "is", "fact": "a"}]},
    "a and b": {"op": "and", "of": [{"op": "is", "fact": "a"}, {"op": "is", "fact": "b"}]},
    "a or not b": {"op": "or", "of": [{"op": "is", "fact": "a"}, {"op": "not", "of": [{"op": "is", "fact": "b"}]}]},
    "age < 18": {"op": "<", "fact": "age", "value": 18},
    "hours >= 6.5": {"op": ">=", "fact": "hours", "value": 6.5},
    "skin = II": {"op": "=", "fact": "skin", "value": "II"},
    "skin in I, III": {"op": "in", "fact": "skin", "values": ["I", "III"]},
}
# Of each profile, what every rule is by Kleene's tables: met (1), not met (0), undetermined (.), in the order above.
PROFILES = [
    ({}, "........"),
    ({"a": True}, "10.1...."),
    ({"a": False}, "010....."),
    ({"b": False}, "..01...."),
    ({"a": False, "b": True, "age": 18, "hours": 6.5, "skin": "III"}, "01000101"),
    ({"a": True, "b": True, "age": 17, "hours": 6.0, "skin": "II"}, "10111010"),
]


def reference(folder, *profiles):
    told = subprocess.run([BIN / "bench_reference", folder, *profiles], check=True, stdout=subprocess.PIPE, timeout=60)
    return json.loads(told.stdout)


class Counts(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="caveat-benchmarks-")
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)

    def test_the_reference_is_kleene(self):
        rules = [{"id": name, "kind": "x", "when": when} for name, when in RULES.items()]
        (self.folder / "workload.json").write_text(json.dumps({"facts": [], "rules": rules}), encoding="utf-8")
        lines = [json.dumps({"id": "p", "facts": facts}) for facts, _ in PROFILES]
        (self.folder / "cohort.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for profiles in (6, 4):
            columns = list(zip(*(outcomes for _, outcomes in PROFILES[:profiles])))
            told = reference(self.folder, str(profiles))
            self.assertEqual(told["profiles"], profiles)
            self.assertEqual(told["met"], [column.count("1") for column in columns])
            self.assertEqual(told["undetermined"], [column.count(".") for column in columns])
        # A missing `a` read as false makes `not a` met for the profiles that say nothing of it.
        self.assertEqual(reference(self.folder)["met_if_absent_is_false"][1], 4)

    def test_a_seed_gives_the_same_workload_however_many_profiles_follow(self):
        for name, profiles in (("few", 5), ("many", 50)):
            subprocess.run([BIN / "bench_workload", self.folder / name, "40", str(profiles), "7"], check=True, timeout=60)
        few, many = ((self.folder / name / "cohort.ndjson").read_text(encoding="utf-8") for name in ("few", "many"))
        self.assertEqual(many.splitlines()[:5], few.splitlines())
        self.assertEqual(*((self.folder / name / "workload.json").read_bytes() for name in ("few", "many")))

    def test_the_engine_counts_as_the_reference(self):
        for rules, profiles in (("18", "400"), ("100", "100")):
            subprocess.run([BIN / "bench_workload", self.folder / rules, rules, profiles], check=True, timeout=60)
            work = self.folder / rules
            told = subprocess.run([BIN / "bench_engine", "evaluate", work / "pack", work / "cohort.ndjson", profiles],
                                  check=True, stdout=subprocess.PIPE, input=b"again\n", timeout=60)
            found, right = json.loads(told.stdout.splitlines()[-1]), reference(work)
            self.assertEqual(len(right["met"]), int(rules))
            for counted in ("profiles", "met", "undetermined"):
                self.assertEqual(found[counted], right[counted])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
