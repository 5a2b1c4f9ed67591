"""The C interface's ABI is the recorded one: functions, their parameters, and every struct's layout. Compares the built
library with recorded.abi by abidiff (libabigail). A change on purpose is recorded anew:

    tests/c_api/abi_test.py LIBRARY HEADERS --record
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RECORDED, READ = Path(__file__).with_name("recorded.abi"), Path(__file__).with_name("abi.ini")
LIBRARY, HEADERS = sys.argv[1:3]
TROUBLE, CHANGED, INCOMPATIBLE = 1 | 2, 4, 8  # bits of abidiff's exit code


def dump(library, file):
    """The ABI of the C functions; nothing of the paths that it was built at."""
    subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-elf-needed", "--no-show-locs", "--drop-private-types",
                    "--suppressions", READ, "--headers-dir", HEADERS, "--out-file", file, library], check=True,
                   capture_output=True, timeout=120)


def compare(recorded, now):
    done = subprocess.run(["abidiff", recorded, now], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


class Abi(unittest.TestCase):
    def setUp(self):
        if not shutil.which("abidiff"):
            self.skipTest("abidiff is not installed (Debian: abigail-tools): the ABI was not compared")
        folder = tempfile.TemporaryDirectory(prefix="caveat-abi-")
        self.addCleanup(folder.cleanup)
        self.now, self.changed = Path(folder.name, "now.abi"), Path(folder.name, "changed.abi")
        dump(LIBRARY, self.now)

    def test_the_abi_is_the_recorded_one(self):
        code, report = compare(RECORDED, self.now)
        self.assertFalse(code & TROUBLE, report)
        self.assertFalse(code & INCOMPATIBLE, f"embedders that were built before break:\n{report}")
        self.assertFalse(code & CHANGED, f"what was added is not recorded ({Path(__file__).name} --record):\n{report}")

    def test_a_change_is_found(self):
        """As if the recorded ABI had been another one in one place."""
        text = RECORDED.read_text(encoding="utf-8")
        first = re.search(r" *<parameter type-id='[^']+' name='evaluation'/>\n", text).group()
        for what, old, new, bits in (
            ("a function gone", "caveat_evaluation_complete", "caveat_evaluation_whole", INCOMPATIBLE),
            ("a parameter gone", first, "", CHANGED),
            ("a struct of another size", "name='caveat_reading' size-in-bits='448'", "name='caveat_reading' size-in-bits='512'", CHANGED),
            ("another version of the symbols", "version='CAVEAT_0.1'", "version='CAVEAT_0.0'", INCOMPATIBLE),
        ):
            with self.subTest(what):
                self.assertIn(old, text)
                self.changed.write_text(text.replace(old, new), encoding="utf-8")
                code, report = compare(self.changed, self.now)
                self.assertTrue(code & bits, f"abidiff ended with {code}\n{report}")


if __name__ == "__main__":
    if "--record" in sys.argv:
        dump(LIBRARY, RECORDED)
    else:
        unittest.main(argv=sys.argv[:1], verbosity=0)
