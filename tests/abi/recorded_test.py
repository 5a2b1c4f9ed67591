"""The plugin ABI is what it was recorded to be. tests/abi/recorded/1.N.abi holds every type of the header of that minor, as
abidw saw it; tests/abi/frozen/1.N/ the header itself. Today's header is as its own minor was recorded, and each minor only
adds to the one before.

    recorded_test.py … --record    writes today's, after a change that is meant: only ever for a minor that is not released
"""

import argparse
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as Xml
from pathlib import Path

import plugin_header

HERE = Path(__file__).parent
OPTIONS = None


def run(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120)


def must(*command):
    done = run(*command)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def types(xml):
    """name → size and members (name, offset, type as words) of every struct; and the functions' types in the same words."""
    root = Xml.fromstring(xml)
    by_id = {e.get("id"): e for e in root.iter() if e.get("id")}

    def words(type_id):
        element = by_id[type_id]
        inner = element.get("type-id")
        if element.tag == "pointer-type-def":
            return words(inner) + "*"
        if element.tag == "qualified-type-def":
            return "".join(f"{q} " for q in ("const", "volatile") if element.get(q) == "yes") + words(inner)
        if element.tag == "typedef-decl" and by_id[inner].tag in ("type-decl", "typedef-decl"):
            return words(inner)  # how a number is called is no matter; how wide it is, is
        if element.tag == "function-type":
            taken = ", ".join(words(p.get("type-id")) for p in element.findall("parameter"))
            return f"{words(element.find('return').get('type-id'))} ({taken})"
        if element.tag == "array-type-def":
            return f"{words(inner)}[{element.get('size-in-bits')}]"
        return f"{element.get('name')}:{element.get('size-in-bits')}" if element.tag == "type-decl" else element.get("name")

    found = {}
    for struct in root.iter("class-decl"):
        members = [(m.find("var-decl").get("name"), int(m.get("layout-offset-in-bits")), words(m.find("var-decl").get("type-id")))
                   for m in struct.findall("data-member")]
        if members:
            found[struct.get("name")] = (int(struct.get("size-in-bits")), members)
    found["the entry"] = (0, [("caveat_plugin_entry_fn", 0, next(
        words(t.get("type-id")) for t in root.iter("typedef-decl") if t.get("name") == "caveat_plugin_entry_fn"))])
    return found


def not_added(before, after):
    """What of `after` is not just an addition to `before`."""
    problems = []
    for name, (size, members) in types(before).items():
        new_size, new_members = types(after).get(name, (0, []))
        if new_members[:len(members)] != members:
            problems.append(f"{name}: its members are other ones")
        elif (new_size, new_members) != (size, members):
            if name not in plugin_header.GROWING:
                problems.append(f"{name}: it may not grow")
            elif new_members[len(members):] and new_members[len(members)][1] < size:
                problems.append(f"{name}: a member lies in what was padding")
    return problems


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="caveat-abi-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.header = (OPTIONS.sdk / "caveat/plugin.h").read_text(encoding="utf-8")
        cls.minor = int(re.search(r"#define CAVEAT_ABI_MINOR (\d+)u", cls.header).group(1))

    def library(self, name, header):
        """A library that uses every type of a header."""
        place = self.folder / name.replace(" ", "-")
        (place / "caveat").mkdir(parents=True, exist_ok=True)
        (place / "caveat/plugin.h").write_text(header, encoding="utf-8")
        must(OPTIONS.compiler, "-std=c11", f"-ffile-prefix-map={HERE}/=", "-g", "-O0", "-fPIC", "-shared", "-I", place, HERE / "recorded/types.c",
             "-o", place / "types.so")
        return place / "types.so"

    def abi(self, name, header):
        # Nothing of where and when it was made: the same types give the same record.
        return must("abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
                    "--type-id-style", "hash", self.library(name, header))

    def recorded(self, minor):
        return HERE / f"recorded/1.{minor}.abi"

    def test_every_struct_of_the_header_is_recorded(self):
        recorded = types(self.recorded(self.minor).read_text(encoding="utf-8"))
        for name in re.findall(r"^(?:typedef )?struct (caveat_\w+) {$", self.header, re.MULTILINE):
            self.assertIn(name, recorded)
        self.assertLessEqual(plugin_header.GROWING, set(recorded))

    def test_today_is_as_recorded(self):
        done = run("abidiff", self.recorded(self.minor), self.library("today", self.header))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_frozen_header_is_as_recorded(self):
        frozen = sorted((HERE / "frozen").iterdir())
        self.assertEqual(len(frozen), len(list((HERE / "recorded").glob("*.abi"))))
        for folder in frozen:
            text = (folder / "caveat/plugin.h").read_text(encoding="utf-8")
            done = run("abidiff", HERE / f"recorded/{folder.name}.abi", self.library(f"frozen-{folder.name}", text))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_minor_only_adds(self):
        for minor in range(self.minor):
            before, after = (self.recorded(m).read_text(encoding="utf-8") for m in (minor, minor + 1))
            self.assertEqual(not_added(before, after), [])

    def test_a_later_minor_is_an_addition_and_is_noticed(self):
        header = plugin_header.later(self.header)
        self.assertEqual(not_added(self.abi("today", self.header), self.abi("later", header)), [])
        self.assertNotEqual(run("abidiff", self.library("today", self.header), self.library("later", header)).returncode, 0)

    def test_a_break_is_caught(self):
        today, today_abi = self.library("today", self.header), self.abi("today", self.header)
        for name, change in plugin_header.BREAKS.items():
            with self.subTest(name):
                header = change(self.header)
                done = run("abidiff", today, self.library(name, header))
                self.assertEqual(done.returncode & 4, 4, done.stdout + done.stderr)  # bit 2: a change of the ABI
                self.assertNotEqual(not_added(today_abi, self.abi(name, header)), [])

    def test_constants_stay_what_they_were(self):
        today = plugin_header.constants(self.header)
        for folder in (HERE / "frozen").iterdir():
            frozen = plugin_header.constants((folder / "caveat/plugin.h").read_text(encoding="utf-8"))
            self.assertGreater(len(frozen), 30)
            self.assertGreaterEqual(today.pop("CAVEAT_ABI_MINOR", "9u"), frozen.pop("CAVEAT_ABI_MINOR"))
            self.assertEqual({n: today.get(n) for n in frozen}, frozen)
        changed = self.header.replace("#define CAVEAT_TRUE 2u", "#define CAVEAT_TRUE 1u")
        self.assertNotEqual(plugin_header.constants(changed), plugin_header.constants(self.header))

    def record(self):
        self.setUpClass()
        self.recorded(self.minor).write_text(self.abi("today", self.header), encoding="utf-8")


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--sdk", type=Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--record", action="store_true")
    OPTIONS, rest = parser.parse_known_args()
    if OPTIONS.record:
        Recorded("record").debug()
        return
    unittest.main(argv=[sys.argv[0], "-v", *rest])


if __name__ == "__main__":
    main()
