"""The Debian packages: what is in them, what they ask for, and that the examples build against them. Unpacked into a folder
always; installed by apt into a clean Debian when CAVEAT_CLEAN_ROOT is set (needs root, the network, and some minutes)."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None
TIME = "2026-11-22T10:00:00Z"
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"


def run(*command, environment=None, timeout=500):
    """The output of a command that has to succeed; nothing of the build leaks into what it finds."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAVEAT_", "CMAKE_", "PKG_CONFIG", "LD_LIBRARY"))}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=timeout,
                          env=kept | (environment or {}))
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="caveat-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        run("cpack", "--config", Path(OPTIONS.build, "CPackConfig.cmake"), "-B", cls.folder / "out")
        cls.packages = {path.name.split("_")[0]: path for path in (cls.folder / "out").glob("*.deb")}
        cls.root = cls.folder / "root"
        for package in cls.packages.values():
            run("dpkg-deb", "--extract", package, cls.root)
        cls.profile = Path(OPTIONS.source, "examples/profiles/first-visit.toml")

    def contents(self, package):
        listed = run("dpkg-deb", "--contents", self.packages[package])
        return {re.split(r"\s+", line, maxsplit=5)[5].split(" -> ")[0].removeprefix("./") for line in listed.splitlines()}

    def field(self, package, name):
        return run("dpkg-deb", "--field", self.packages[package], name).strip()

    def test_there_are_four(self):
        self.assertEqual(sorted(self.packages), ["caveat", "caveat-sdk", "libcaveat", "libcaveat-dev"])
        for package in self.packages:
            self.assertEqual(self.field(package, "Version"), OPTIONS.version)
            self.assertIn(f"usr/share/doc/{package}/copyright", self.contents(package))

    def test_each_file_is_in_its_package(self):
        soname = f"usr/lib/libcaveat.so.{'.'.join(OPTIONS.version.split('.')[:2])}"
        expected = {
            "caveat": ["usr/bin/caveat", "usr/share/bash-completion/completions/caveat"],
            "libcaveat": [soname, "usr/lib/caveat/caveat-plugin-worker", "usr/lib/caveat/plugins/contraindications.so",
                          "usr/share/caveat/rules/microneedling/pack.toml", "usr/share/caveat/rules/wording/en.toml"],
            "libcaveat-dev": ["usr/lib/libcaveat.so", "usr/lib/libcaveat.a", "usr/include/caveat/caveat.h",
                              "usr/include/caveat/caveat.hpp", "usr/include/caveat/audit.hpp",
                              "usr/lib/cmake/caveat/caveatConfig.cmake", "usr/lib/pkgconfig/caveat.pc"],
            "caveat-sdk": ["usr/include/caveat/plugin.h", "usr/lib/cmake/CaveatSDK/CaveatSDKConfig.cmake"],
        }
        contents = {package: {f for f in self.contents(package) if not f.endswith("/")} for package in self.packages}
        for package, files in expected.items():
            for file in files:
                self.assertIn(file, contents[package], package)
                self.assertEqual([p for p in contents if file in contents[p]], [package])
        every = [file for files in contents.values() for file in files]
        self.assertEqual(len(every), len(set(every)), "a file is in two packages")
        self.assertNotIn(soname, contents["libcaveat-dev"])

    def test_nothing_that_is_installed_is_left_out(self):
        prefix = self.folder / "whole"
        run("cmake", "--install", OPTIONS.build, "--prefix", prefix)
        installed = {str(p.relative_to(prefix)) for p in prefix.rglob("*") if not p.is_dir()}
        packed = {str(p.relative_to(self.root / "usr")) for p in (self.root / "usr").rglob("*") if not p.is_dir()}
        self.assertEqual(installed - packed, set())

    def test_dependencies_come_from_what_is_linked(self):
        depends = self.field("libcaveat", "Depends")
        for library in ("libc6", "libsqlite3-0", "libssl3", "libicu72", "libsodium23", "libseccomp2"):
            self.assertIn(library, depends)
        self.assertNotIn("-dev", depends)
        self.assertIn(f"libcaveat (= {OPTIONS.version})", self.field("caveat", "Depends"))
        self.assertIn("libexpected-dev", self.field("libcaveat-dev", "Depends"))
        self.assertEqual(self.field("caveat-sdk", "Depends"), "")

    def test_the_standard_plugins_keep_their_bytes(self):
        for plugin in Path(OPTIONS.build, "lib/caveat/plugins").glob("*.so"):
            self.assertEqual((self.root / "usr/lib/caveat/plugins" / plugin.name).read_bytes(), plugin.read_bytes())

    def test_the_examples_build_against_what_was_unpacked(self):
        usr = self.root / "usr"
        for example in ("embed_c", "embed_cpp"):
            build = self.folder / example
            run("cmake", "-S", Path(OPTIONS.source, "examples", example), "-B", build, "-G", "Ninja",
                f"-DCMAKE_PREFIX_PATH={usr}", f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}")
            run("cmake", "--build", build)
            said = run(build / example, usr / "share/caveat/rules", usr / "lib/caveat/plugins", self.profile, TIME)
            self.assertIn("disposition: insufficient-information\n", said)
        said = run(usr / "bin/caveat", "evaluate", self.profile, "--at", TIME, "--format", "json")
        self.assertIn('"disposition":"insufficient-information"', said)

    def test_a_clean_debian(self):
        """As a stranger has it: a minimal Debian, apt, the packages, and the examples built in there."""
        if not os.environ.get("CAVEAT_CLEAN_ROOT"):
            self.skipTest("set CAVEAT_CLEAN_ROOT=1 to install the packages into a clean Debian (root, network, minutes)")
        debian = self.folder / "debian"
        for mounted in ("sys", "proc"):  # whatever happens, nothing is deleted that is mounted there
            self.addCleanup(subprocess.run, ["umount", "--quiet", str(debian / mounted)], capture_output=True)
        run("debootstrap", "--variant=minbase", SUITE, debian, MIRROR, timeout=3600)
        run("mount", "-t", "proc", "proc", debian / "proc")
        for path in self.packages.values():
            shutil.copy(path, debian / "tmp")
        for example in ("embed_c", "embed_cpp", "embed_ctypes", "profiles"):
            shutil.copytree(Path(OPTIONS.source, "examples", example), debian / "srv" / example)

        def inside(script):
            return run("chroot", debian, "/bin/sh", "-euc", script, environment={"DEBIAN_FRONTEND": "noninteractive"},
                       timeout=3600)

        debs = " ".join(f"/tmp/{path.name}" for path in self.packages.values())
        inside(f"apt-get -q update; apt-get -qy install --no-install-recommends {debs}")
        profile = "/srv/profiles/first-visit.toml"
        self.assertIn("MORE ANSWERS ARE NEEDED", inside(f"caveat evaluate {profile} --at {TIME}"))
        inside("apt-get -qy install --no-install-recommends g++ cmake make pkg-config python3")
        data = "/usr/share/caveat/rules /usr/lib/caveat/plugins"
        for example in ("embed_c", "embed_cpp"):
            inside(f"cmake -S /srv/{example} -B /tmp/{example} && cmake --build /tmp/{example}")
            said = inside(f"/tmp/{example}/{example} {data} {profile} {TIME}")
            self.assertIn("disposition: insufficient-information\n", said)
        inside(f"cc -std=c11 /srv/embed_c/main.c -o /tmp/by-pc $(pkg-config --cflags --libs caveat) && /tmp/by-pc {data} {profile} {TIME}")
        inside(f"python3 /srv/embed_ctypes/evaluate.py libcaveat.so.0.1 {data} {profile} {TIME}")


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("source", "build", "version", "compiler"):
        parser.add_argument(f"--{name}", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], "-v", *rest])


if __name__ == "__main__":
    main()
