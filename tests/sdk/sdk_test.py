"""The SDK installed alone into a prefix that is then moved, and the projects that `caveat plugin new` writes: built against
it with nothing else, tested by themselves, and used by the command."""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None
TIME = "2026-11-22T10:00:00Z"


def attempt(*command, where=None):
    """Nothing of the build may leak into what is found."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAVEAT_", "CMAKE_", "LD_LIBRARY", "NINJA"))}
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=500, env=kept, cwd=where)


def run(*command, where=None):
    """The output of a command that has to succeed."""
    done = attempt(*command, where=where)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    """What the parts share; each part is a test of its own (CMakeLists.txt)."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="caveat-sdk-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        run("cmake", "--install", OPTIONS.build, "--component", "sdk", "--prefix", cls.folder / "first")
        cls.prefix = cls.folder / "moved elsewhere"  # a space, and not where it was installed
        (cls.folder / "first").rename(cls.prefix)
        cls.caveat = OPTIONS.build / "bin/caveat"

    def new(self, name, *more):
        """A project in a folder of its own."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        run(self.caveat, "plugin", "new", name, *more, where=place)
        return place / name

    def run_readme(self, project, done_already=()):
        """The commands of a README's shell block, as they stand: only where the SDK and the command are is put in. What ctest
        does too need not be done again."""
        text = (project / "README.md").read_text(encoding="utf-8")
        block = re.search(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL).group(1)
        self.assertIn("caveat plugin check", block)
        if "plugin_check" in done_already:
            block = re.sub(r"^caveat plugin check.*\n", "", block, flags=re.MULTILINE)
        setting = (f"PREFIX={shlex.quote(str(self.prefix))}\nPATH={shlex.quote(str(self.caveat.parent))}:$PATH\n"
                   f"export CC={OPTIONS.c_compiler} CXX={OPTIONS.cpp_compiler}\n"
                   'export CFLAGS="-Wall -Wextra -Werror" CXXFLAGS="-Wall -Wextra -Werror"\n')
        return run("bash", "-euc", setting + block.replace("=PREFIX", '="$PREFIX"'), where=project)

    def check_project(self, name, *more):
        """What `plugin new` writes, by its own README: built without a warning, tested by itself and by the validator."""
        project = self.new(name, *more)
        for path in project.rglob("*"):
            self.assertNotIn("template", str(path.relative_to(project)))
            if path.is_file():
                for own_name in ("caveat-template", "caveat_template", "CaveatTemplate"):
                    self.assertNotIn(own_name, path.read_text(encoding="utf-8"), path)
        said = self.run_readme(project, done_already=("plugin_check",))
        for test in ("plugin_test", "plugin_rules", "plugin_check"):
            self.assertRegex(said, rf"{test} .*Passed")
        self.assertIn("0 failed", said)
        self.assertIn("REFER TO A PROFESSIONAL", said)
        evaluation = json.loads(run(self.caveat, "evaluate", "profile.toml", "--plugins", "build", "--rules", "rules",
                                    "--at", TIME, "--format", "json", where=project))
        self.assertEqual((evaluation["disposition"], evaluation["complete"]), ("refer", True))
        self.assertEqual(len(evaluation["advisories"]), 2, evaluation)
        note = evaluation["advisories"][1]
        self.assertIn("Mean of two readings: 107.5", json.dumps(note))


class Cpp(Installed):
    def test_a_new_plugin_in_cpp(self):
        self.check_project("vaccine-intervals")


class C(Installed):
    def test_a_new_plugin_in_c(self):
        self.check_project("my_second2", "--lang", "c")


class Rust(Installed):
    def test_a_new_plugin_in_rust(self):
        if not shutil.which("cargo"):
            self.skipTest("no cargo here: the template for Rust was not tried")
        said = self.run_readme(self.new("rust-first", "--lang", "rust"))
        self.assertIn("0 failed", said)
        self.assertIn("REFER TO A PROFESSIONAL", said)

    def test_rust_lays_structs_out_as_c_does(self):
        if not shutil.which("rustc"):
            self.skipTest("no rustc here: the layout of the ABI in Rust was not compared")
        header = (OPTIONS.source / "sdk/include/caveat/plugin.h").read_text(encoding="utf-8")
        structs = {name: re.findall(r"\*?\(?\*?(\w+)(?:\)\([^;]*?\))?;", re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL))
                   for name, body in re.findall(r"^(?:typedef )?struct caveat_(\w+) {\n(.*?)^}", header, re.MULTILINE | re.DOTALL)}
        self.assertEqual(len(structs), 19)
        self.assertEqual(structs["outcome"], ["met", "not_met", "failed"])
        c_lines, rust_lines = [], []
        for name, members in structs.items():
            c_lines.append(f'printf("{name} %zu\\n", sizeof(caveat_{name}));')
            rust_lines.append(f'println!("{name} {{}}", std::mem::size_of::<caveat::{name.capitalize()}>());')
            for member in members:
                c_lines.append(f'printf("{name}.{member} %zu\\n", offsetof(caveat_{name}, {member}));')
                rust_lines.append(f'println!("{name}.{member} {{}}", std::mem::offset_of!(caveat::{name.capitalize()}, r#{member}));')
        place = Path(tempfile.mkdtemp(dir=self.folder))
        constants = re.findall(r"^#define (CAVEAT_(?:ABI_)?([A-Z_]+)) (\d+)u", header, re.MULTILINE)
        for name, _, _ in constants:
            c_lines.append(f'printf("{name} %u\\n", {name});')
            rust_lines.append(f'println!("{name} {{}}", caveat::{name[len("CAVEAT_"):]});')
        (place / "c.c").write_text("#include <caveat/plugin.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(c_lines) +
                                   "\nreturn 0; }\n", encoding="utf-8")
        caveat_rs = OPTIONS.source / "sdk/template/rust/src/caveat.rs"
        (place / "r.rs").write_text(f'#[path = "{caveat_rs}"]\nmod caveat;\nfn main() {{\n' + "\n".join(rust_lines) + "\n}\n",
                                    encoding="utf-8")
        run(OPTIONS.c_compiler, "-I", OPTIONS.source / "sdk/include", place / "c.c", "-o", place / "c")
        run("rustc", "--edition", "2021", place / "r.rs", "-o", place / "r")
        self.assertEqual(run(place / "c"), run(place / "r"))


class Example(Installed):
    def test_the_worked_example(self):
        project = self.folder / "write_a_plugin"
        shutil.copytree(OPTIONS.source / "examples/write_a_plugin", project)
        said = self.run_readme(project)
        self.assertIn("6 cases, 0 failed", said)
        self.assertIn("REFER TO A PROFESSIONAL", said)
        self.assertIn("Measles, mumps and rubella vaccine was given lately.", said)
        readme = (project / "README.md").read_text(encoding="utf-8")
        for file in project.rglob("*"):
            if file.suffix in (".toml", ".cpp") and file.parent == project and file.name != "profile.toml":
                self.assertIn(f"({file.name})", readme)


class Alone(Installed):
    def test_the_sdk_stands_alone(self):
        installed = {str(p.relative_to(self.prefix)) for p in self.prefix.rglob("*") if p.is_file()}
        for file in ("include/caveat/plugin.h", "include/caveat/plugin.hpp", "include/caveat/testing.hpp",
                     "share/caveat/template/cpp/plugin.cpp"):
            self.assertIn(file, installed)
        tops = {"/".join(Path(p).parts[:2]) for p in installed}
        self.assertLessEqual(tops, {"include/caveat", "lib/cmake", "share/caveat", "share/doc"})
        for path in (self.prefix / "lib/cmake").rglob("*.cmake"):
            text = path.read_text(encoding="utf-8")
            self.assertNotIn(str(OPTIONS.build), text, path)
            self.assertNotIn(str(OPTIONS.source), text, path)

    def test_names_that_other_tools_know(self):
        for name in ("test", "all"):
            project = self.new(name)
            run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")

    def refused(self, *arguments, where):
        before = sorted(where.rglob("*"))
        done = attempt(self.caveat, "plugin", "new", *arguments, where=where)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(sorted(where.rglob("*")), before)
        return done.stderr

    def test_what_is_refused(self):
        place = Path(tempfile.mkdtemp(dir=self.folder))
        for name in ("", "Doses", "2doses", "doses-", "do--ses", "-doses", "../doses", "do/ses", "doses.so", "döses", "a" * 41):
            with self.subTest(name):
                message = self.refused("--", name, where=place)
                self.assertIn("is no name for a plugin", message)
                self.assertIn("small letters, digits", message)
        self.assertIn("cpp", self.refused("doses", "--lang", "cobol", where=place))
        (place / "doses").mkdir()
        (place / "doses/mine.txt").write_text("mine", encoding="utf-8")
        self.assertIn("already", self.refused("doses", where=place))
        (place / "a-file").write_text("mine", encoding="utf-8")
        self.assertIn("already", self.refused("a-file", where=place))

    def test_a_whole_installation_has_its_templates(self):
        prefix = self.folder / "whole"
        run("cmake", "--install", OPTIONS.build, "--prefix", prefix)
        moved = prefix.rename(self.folder / "whole and moved")
        place = Path(tempfile.mkdtemp(dir=self.folder))
        run(moved / "bin/caveat", "plugin", "new", "doses", where=place)
        self.assertTrue((place / "doses/plugin.cpp").exists())
        shutil.rmtree(moved / "share/caveat/template")
        done = attempt(moved / "bin/caveat", "plugin", "new", "more-doses", where=place)
        self.assertEqual(done.returncode, 3)
        self.assertIn("component `sdk`", done.stderr)
        self.assertFalse((place / "more-doses").exists())


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("source", "build"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("c-compiler", "cpp-compiler"):
        parser.add_argument(f"--{name}", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], "-v", *rest])


if __name__ == "__main__":
    main()
