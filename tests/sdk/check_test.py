"""The validator against plugins that pass and plugins that do not: for each check there is one in tests/abi/bad/ on which that
check fails and no other: among those of its group (--group), or among all."""

import argparse
import json
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

OPTIONS = None


def check(file, *more):
    """What `caveat plugin check` came to, on a machine that may be busy."""
    limit = () if "--time-limit" in more else ("--time-limit", "200")
    return subprocess.run([OPTIONS.build / "bin/caveat", "plugin", "check", file, *more, *limit], capture_output=True,
                          text=True, timeout=500, cwd=OPTIONS.source)


def outcomes(done):
    """outcome by check, and the reasons."""
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["schema"] == "caveat.plugin-check/1" and result["holds"] == (done.returncode == 0), result
    return {c["id"]: c["outcome"] for c in result["checks"]}, {c["id"]: c.get("reason", "") for c in result["checks"]}


class Built(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bad = OPTIONS.build / "tests/bad"
        listed = subprocess.run([OPTIONS.build / "bin/caveat", "plugin", "check", "--list"], capture_output=True, text=True)
        cls.checks = [line.split(":")[0] for line in listed.stdout.splitlines() if not line.startswith(" ")]


class Good(Built):
    def test_every_check_has_its_bad_plugin(self):
        self.assertGreaterEqual(len(self.checks), 29)
        for name in self.checks:
            self.assertTrue((self.bad / f"{name.replace('.', '_').replace('-', '_')}.so").exists(), name)

    def test_good_plugins_pass_everything(self):
        plugins = [self.bad / "good.so", *sorted((OPTIONS.build / "lib/caveat/plugins").glob("*.so"))]
        self.assertEqual(len(plugins), 5)
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda plugin: check(plugin, "--json"), plugins))
        for plugin, done in zip(plugins, results):
            with self.subTest(plugin.name):
                outcome, reasons = outcomes(done)
                # Only one of all has something for every check.
                accepted = {"passed"} if plugin.name == "good.so" else {"passed", "not-applicable"}
                self.assertLessEqual(set(outcome.values()), accepted, reasons)
                self.assertEqual(list(outcome), self.checks)

    def test_real_packs_are_tried_too(self):
        plugin = OPTIONS.build / "lib/caveat/plugins/contraindications.so"
        done = check(plugin, "--rules", "rules/microneedling", "--only", "load.bind", "--only", "output", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = check(self.bad / "output_wording.so", "--rules", "rules/nowhere", "--only", "load.bind")
        self.assertEqual(done.returncode, 1)
        self.assertIn("rules/nowhere", done.stdout)

    def test_a_seed_gives_the_same_again(self):
        one, same, other = (check(self.bad / "robustness_fuzz.so", "--only", "robustness.fuzz", "--seed", seed)
                            for seed in ("7", "7", "8"))
        self.assertEqual(one.stdout, same.stdout)
        self.assertNotEqual(one.stdout, other.stdout)
        self.assertIn("of the seed 7", one.stdout)
        self.assertIn("(seed 7)", one.stdout)

    def test_a_plugin_that_hangs_or_leaves_fails_its_check_alone(self):
        hangs = check(self.bad / "hangs.so", "--time-limit", "10", "--only", "load", "--json")
        outcome, reasons = outcomes(hangs)
        self.assertEqual([n for n, o in outcome.items() if o == "failed"], ["load.bind"])
        self.assertIn("did not come back within 10 seconds", reasons["load.bind"])
        self.assertIn("binding it to", reasons["load.bind"])
        self.assertEqual(outcome["load.sizes"], "not-run")
        outcome, reasons = outcomes(check(self.bad / "leaves.so", "--only", "load", "--json"))
        self.assertIn("ended the process with exit code 0", reasons["load.bind"])
        self.assertEqual(outcome["load.table"], "passed")

    def test_nothing_ran_is_not_well(self):
        # A plugin that is not pure has nothing to repeat, and nothing else was asked.
        done = check(self.bad / "good.so", "--only", "logic.repeat")
        self.assertEqual(done.returncode, 0, done.stdout)
        done = check(OPTIONS.build / "tests/plugins/not_pure/not_pure.so", "--only", "logic.repeat", "--json")
        self.assertEqual((done.returncode, list(outcomes(done)[0].values())), (1, ["not-applicable"]))

    def test_what_is_no_plugin_and_what_is_no_check(self):
        self.assertEqual(check("README.md").returncode, 3)
        self.assertEqual(check("nowhere.so").returncode, 3)
        self.assertEqual(check(OPTIONS.build / "tests/plugins/no_manifest/no_manifest.so").returncode, 3)
        for arguments, word in ((("--only", "logic.bach"), "logic.batch"), (("--seed", "x"), "--seed"),
                                (("--time-limit", "-1"), "--time-limit"), (("--time-limit", "9999999"), "--time-limit")):
            done = check(self.bad / "good.so", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(word, done.stderr)

    def test_the_table_says_what_failed_and_what_to_do(self):
        done = check(self.bad / "logic_monotone.so", "--only", "logic")
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r"^logic\.unknown +ok$")
        at = next(i for i, line in enumerate(lines) if line.startswith("logic.monotone"))
        self.assertRegex(lines[at], r"^logic\.monotone +FAILED$")
        self.assertIn("one more answer turns the check `differ`", done.stdout)
        self.assertIn("What to do: a missing answer was read as one", done.stdout)
        self.assertEqual(lines[-1], "6 checks: 5 passed, 1 failed (seed 1)")


class Bad(Built):
    def run_bad(self, name):
        tried = ("--only", OPTIONS.group) if OPTIONS.group else ()
        return name, check(self.bad / f"{name.replace('.', '_').replace('-', '_')}.so", "--json", *tried)

    def test_exactly_that_check_fails_on_it(self):
        # Most of them wait, for a plugin that sleeps or for a time limit.
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(self.run_bad, [name for name in self.checks if name.startswith(OPTIONS.group)]))
        self.assertTrue(results)
        for name, done in results:
            with self.subTest(name):
                outcome, reasons = outcomes(done)
                self.assertEqual(done.returncode, 1)
                failed = {n: reasons[n] for n, o in outcome.items() if o == "failed"}
                self.assertEqual(list(failed), [name], failed)
                self.assertTrue(failed[name])
                for other, result in outcome.items():
                    if result == "not-run":
                        self.assertIn("did not pass", reasons[other])


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("source", "build"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--group", default="")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], "-v", *rest])


if __name__ == "__main__":
    main()
