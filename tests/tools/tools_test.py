"""tools/caveat, tools/test and tools/bootstrap, run in a copy of the tree's top with stand-ins for the programs that they
call. Each stand-in writes its name and arguments to a log."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(sys.argv[1])

STAND_INS = {
    "cmake": 'mkdir -p "build/$2"; touch "build/$2/build.ninja"; exit ${CMAKE_ENDS:-0}',
    # A build makes a command that tells its arguments, its folder and what it was given to read.
    "ninja": """
      echo "compiler output"
      [ -n "${NINJA_ENDS:-}" ] && exit "$NINJA_ENDS"
      mkdir -p "$2/bin"
      printf '#!/bin/bash\\nprintf "<%%s>" "$@"; pwd; cat; exit 7\\n' > "$2/bin/caveat"
      chmod +x "$2/bin/caveat" """,
    "ctest": 'echo "100% tests passed"; exit ${CTEST_ENDS:-0}',
    "dpkg-query": """
      shift 3
      for package; do [[ " $MISSING " == *" $package "* ]] && ends=1 || echo "$package installed"; done
      exit ${ends:-0}""",
    "apt-get": 'echo "much apt output"; exit ${APT_ENDS:-0}',
    "id": "echo 0",
}


class Tools(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="caveat-tools-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "a tree"
        shutil.copytree(SOURCE / "tools", self.root / "tools")
        shutil.copytree(SOURCE / ".ci", self.root / ".ci")
        shutil.copy(SOURCE / "CMakePresets.json", self.root)
        os.utime(self.root / "CMakePresets.json", (1, 1))
        self.log = self.folder / "log"
        self.log.touch()
        for name, script in STAND_INS.items():
            stand_in = self.folder / "bin" / name
            stand_in.parent.mkdir(exist_ok=True)
            stand_in.write_text(f'#!/bin/bash\necho "{name} $*" >> "{self.log}"\n{script}\n', encoding="utf-8")
            stand_in.chmod(0o755)

    def run_tool(self, *command, directory=None, given="", **environment):
        outer = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "MISSING": ""}
        return subprocess.run([self.root / command[0], *command[1:]], capture_output=True, text=True, timeout=60,
                              cwd=directory or self.folder, input=given, env=outer | environment)

    def calls(self, program):
        return [line for line in self.log.read_text(encoding="utf-8").splitlines() if line.startswith(f"{program} ")]

    def test_the_command_gets_arguments_folder_and_input_as_they_are(self):
        done = self.run_tool("tools/caveat", "evaluate", "a b", "", "*", directory="/usr", given="profile")
        self.assertEqual(done.stdout, "<evaluate><a b><><*>/usr\nprofile")
        self.assertEqual(done.returncode, 7)
        self.assertEqual(self.calls("ninja"), [f"ninja -C {self.root}/build/release product"])

    def test_only_the_first_run_configures_and_says_so(self):
        self.assertIn("configuring (preset release)", self.run_tool("tools/caveat").stderr)
        self.assertEqual(self.run_tool("tools/caveat").stderr, "")
        self.assertEqual(self.calls("cmake"), ["cmake --preset release"])

    def test_new_presets_configure_again(self):
        self.run_tool("tools/caveat")
        later = (self.root / "build/release/build.ninja").stat().st_mtime + 10
        os.utime(self.root / "CMakePresets.json", (later, later))
        self.run_tool("tools/caveat")
        self.assertEqual(len(self.calls("cmake")), 2)

    def test_the_command_works_through_a_link(self):
        (self.folder / "bin" / "caveat").symlink_to(self.root / "tools/caveat")
        done = subprocess.run(["caveat", "x"], capture_output=True, text=True, timeout=60, cwd="/usr",
                              env={"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "MISSING": ""}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stdout, "<x>/usr\n")

    def test_a_failed_build_is_shown_and_nothing_runs(self):
        self.run_tool("tools/caveat")  # an older command is there
        for tool in ("tools/caveat", "tools/test"):
            done = self.run_tool(tool, NINJA_ENDS="1")
            self.assertEqual((done.returncode, done.stdout), (4, ""))
            self.assertIn("compiler output", done.stderr)
            self.assertIn("build failed", done.stderr)
        self.assertEqual(self.calls("ctest"), [])

    def test_a_failed_configuration_is_shown_and_nothing_is_built(self):
        done = self.run_tool("tools/caveat", CMAKE_ENDS="1")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertEqual(self.calls("ninja"), [])

    def test_tests_end_with_the_summary_and_its_exit_code(self):
        done = self.run_tool("tools/test", "-R", "base.tri", CTEST_ENDS="8")
        self.assertEqual(done.returncode, 8)
        self.assertTrue(done.stdout.endswith("100% tests passed\n"))
        self.assertIn("--output-on-failure --no-tests=error", self.calls("ctest")[0])
        self.assertTrue(self.calls("ctest")[0].endswith(" -R base.tri"))
        self.assertEqual(self.calls("ninja"), [f"ninja -C {self.root}/build/release all"])

    def test_bootstrap_does_nothing_when_nothing_is_missing(self):
        done = self.run_tool("tools/bootstrap")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.calls("apt-get"), [])

    def test_bootstrap_installs_what_is_missing_and_says_it(self):
        done = self.run_tool("tools/bootstrap", MISSING="ninja-build catch2")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("installing ninja-build catch2\n", done.stderr)
        self.assertIn(" update", self.calls("apt-get")[0])
        self.assertTrue(self.calls("apt-get")[1].endswith("--no-install-recommends ninja-build catch2"))

    def test_bootstrap_shows_why_apt_failed_and_nothing_is_built(self):
        done = self.run_tool("tools/caveat", MISSING="catch2", APT_ENDS="100")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertIn("much apt output", done.stderr)
        self.assertEqual(self.calls("cmake"), [])

    def test_bootstrap_can_be_told_to_leave_the_machine_alone(self):
        self.assertEqual(self.run_tool("tools/bootstrap", MISSING="catch2", CAVEAT_NO_BOOTSTRAP="1").returncode, 0)
        self.assertEqual(self.calls("apt-get"), [])

    def test_ci_runs_both_presets_and_ends_with_the_summary(self):
        done = self.run_tool(".ci/run")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(done.stdout.endswith("100% tests passed\n"))
        self.assertEqual([c.split("/build/")[1].split()[0] for c in self.calls("ctest")], ["release", "asan"])

    def test_ci_fails_when_tests_do(self):
        self.assertEqual(self.run_tool(".ci/run", CTEST_ENDS="8").returncode, 1)
        self.assertEqual(len(self.calls("ctest")), 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[2:]])
