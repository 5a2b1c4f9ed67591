"""The SDK's headers compile as every standard that they promise, without a warning, with the compiler of the build and with
every other that is present."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from shutil import which

import plugin_header

HERE = Path(__file__).parent
SDK, C_COMPILER, CPP_COMPILER = (Path(sys.argv[1]).absolute(), *sys.argv[2:4])

WARNINGS = ("-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror")
C = (C_COMPILER, ("c11", "c17"), ("header.c",), ("gcc", "clang"))
CPP = (CPP_COMPILER, ("c++17", "c++20"), ("header.cpp", "wrapper.cpp", "testing.cpp"), ("g++", "clang++"))
VERSIONS = ("", *(f"-{n}" for n in range(11, 22)))


def compilers(own, names):
    """The build's compiler and others, each once however many names it has."""
    found = [own, *filter(None, (which(name + version) for name in names for version in VERSIONS))]
    return sorted({str(Path(path).resolve()): path for path in reversed(found)}.values())


class Headers(unittest.TestCase):
    def problem(self, compiler, standard, source, *more):
        command = [compiler, f"-std={standard}", *WARNINGS, "-fsyntax-only", f"-I{SDK}/include", f"-I{SDK}/cpp", *more, source]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=HERE / "header").stderr

    def test_every_standard_and_compiler(self):
        for own, standards, sources, names in (C, CPP):
            used = compilers(own, names)
            for absent in (n for n in names if not any(Path(u).name.startswith(n) for u in used)):
                print(f"no {absent} here: the header was not tried with it", file=sys.stderr)
            for compiler in used:
                for standard in standards:
                    for source in sources:
                        with self.subTest(f"{compiler} -std={standard} {source}"):
                            self.assertEqual(self.problem(compiler, standard, source), "")

    def test_another_layout_does_not_compile(self):
        header = (SDK / "include/caveat/plugin.h").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory(prefix="caveat-header-") as folder:
            changed = Path(folder, "caveat/plugin.h")
            changed.parent.mkdir()
            changed.write_text(plugin_header.replace_once(header, "  uint64_t set;           /* choices */\n", ""), encoding="utf-8")
            self.assertIn("the layout of the Caveat plugin ABI", self.problem(C_COMPILER, "c11", changed))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[4:]])
