"""Installs into an empty prefix, moves it, and uses what is there as another project would: examples/embed_cpp built with
find_package and with pkg-config, the command run from its new place, and the library's symbols counted."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None
TIME = "2026-11-22T10:00:00Z"


def run(*command, environment=None):
    """The outputs of a command that has to succeed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=500,
                          env=clean_environment(environment or {}))
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def clean_environment(more):
    """Nothing of the build may leak into what is found."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAVEAT_", "CMAKE_", "PKG_CONFIG", "LD_LIBRARY"))}
    return kept | more


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="caveat-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        run("cmake", "--install", OPTIONS.build, "--prefix", cls.folder / "first")
        cls.prefix = cls.folder / "moved elsewhere"  # a space, and not where it was installed
        (cls.folder / "first").rename(cls.prefix)
        cls.flags = [f"-fsanitize={OPTIONS.sanitize}"] if OPTIONS.sanitize else []
        cls.profile = Path(OPTIONS.source, "examples/profiles/first-visit.toml")

    def embedded(self, program):
        """What the embedded engine says of the first visit; its plugins and rules are the installed ones."""
        return run(program, self.prefix / "share/caveat/rules", self.prefix / "lib/caveat/plugins", self.profile, TIME)

    def embedded_c(self, program):
        """The same by the C interface, recorded in a log of its own."""
        log = Path(tempfile.mkdtemp(dir=self.folder)) / "audit.db"
        output = run(program, self.prefix / "share/caveat/rules", self.prefix / "lib/caveat/plugins", self.profile, TIME, log)
        self.assertIn("holds: 2 records", run(self.prefix / "bin/caveat", "audit", "verify", "--audit", log))
        return output

    def check_embedded(self, output):
        self.assertIn("disposition: insufficient-information\n", output)
        self.assertIn("microneedling/pregnancy-or-breastfeeding (undetermined)", output)

    def test_everything_is_there(self):
        for path in ("bin/caveat", "lib/libcaveat.so", f"lib/libcaveat.so.{OPTIONS.version}", "lib/libcaveat.a",
                     "lib/caveat/caveat-plugin-worker", "include/caveat/caveat.hpp", "include/caveat/caveat.h",
                     "lib/cmake/caveat/caveatConfig.cmake", "lib/cmake/caveat/caveatConfigVersion.cmake",
                     "lib/pkgconfig/caveat.pc", "share/caveat/rules/microneedling/pack.toml",
                     "share/caveat/rules/wording/en.toml", "include/caveat/plugin.h",
                     "share/bash-completion/completions/caveat", "share/zsh/site-functions/_caveat",
                     "share/fish/vendor_completions.d/caveat.fish"):
            self.assertTrue((self.prefix / path).exists(), f"{path} was not installed")
        plugins = sorted(p.name for p in (self.prefix / "lib/caveat/plugins").glob("*.so"))
        self.assertEqual(len(plugins), 4, plugins)

    def test_the_standard_plugins_keep_their_bytes(self):
        """The engine knows them by their bytes: a changed copy would not be part of it."""
        for plugin in Path(OPTIONS.build, "lib/caveat/plugins").glob("*.so"):
            self.assertEqual((self.prefix / "lib/caveat/plugins" / plugin.name).read_bytes(), plugin.read_bytes(), plugin)

    def test_no_path_of_the_build_is_left(self):
        for path in (self.prefix / "lib/cmake").rglob("*.cmake"):
            self.assertNotIn(str(OPTIONS.build), path.read_text(encoding="utf-8"), path)
            self.assertNotIn(str(OPTIONS.source), path.read_text(encoding="utf-8"), path)
        self.assertNotIn(str(self.folder / "first"), (self.prefix / "lib/pkgconfig/caveat.pc").read_text(encoding="utf-8"))

    def test_find_package(self):
        build = self.folder / "by-cmake"
        run("cmake", "-S", Path(OPTIONS.source, "examples/embed_cpp"), "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}",
            f"-DCMAKE_CXX_FLAGS={' '.join(self.flags)}")
        run("cmake", "--build", build)
        self.check_embedded(self.embedded(build / "embed_cpp"))

    def test_find_package_from_c(self):
        build = self.folder / "c-by-cmake"
        run("cmake", "-S", Path(OPTIONS.source, "examples/embed_c"), "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_C_FLAGS={' '.join(self.flags)}")
        run("cmake", "--build", build)
        self.check_embedded(self.embedded_c(build / "embed_c"))

    def test_pkg_config_from_c(self):
        query = run("pkg-config", "--cflags", "--libs", "caveat",
                    environment={"PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")})
        program = self.folder / "c-by-pkg-config"
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", *self.flags,
            Path(OPTIONS.source, "examples/embed_c/main.c"), "-o", program, *shlex.split(query),
            f"-Wl,-rpath,{self.prefix / 'lib'}")
        self.check_embedded(self.embedded_c(program))

    def test_without_a_compiler(self):
        if OPTIONS.sanitize:
            self.skipTest("a sanitized library cannot be loaded by a program that is not")
        output = run(sys.executable, "-B", Path(OPTIONS.source, "examples/embed_ctypes/evaluate.py"),
                     self.prefix / "lib/libcaveat.so", self.prefix / "share/caveat/rules", self.prefix / "lib/caveat/plugins",
                     self.profile, TIME)
        self.assertEqual(json.loads(output)["disposition"], "insufficient-information")

    def test_static(self):
        """Both interfaces out of the archive: the program needs no libcaveat.so."""
        project, build = self.folder / "static", self.folder / "static-build"
        project.mkdir()
        Path(project, "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(static LANGUAGES C CXX)\nset(CMAKE_CXX_STANDARD 20)\n"
            "find_package(caveat REQUIRED)\n"
            f"add_executable(in_c {OPTIONS.source}/examples/embed_c/main.c)\n"
            f"add_executable(in_cpp {OPTIONS.source}/examples/embed_cpp/main.cpp)\n"
            "target_link_libraries(in_c caveat::static)\ntarget_link_libraries(in_cpp caveat::static)\n", encoding="utf-8")
        run("cmake", "-S", project, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}", f"-DCMAKE_C_FLAGS={' '.join(self.flags)}",
            f"-DCMAKE_CXX_FLAGS={' '.join(self.flags)}")
        run("cmake", "--build", build)
        self.assertNotIn("libcaveat", run("ldd", build / "in_c"))
        self.check_embedded(self.embedded_c(build / "in_c"))
        self.check_embedded(self.embedded(build / "in_cpp"))

    def test_pkg_config(self):
        environment = {"PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")}
        query = run("pkg-config", "--cflags", "--libs", "caveat", environment=environment)
        program = self.folder / "by-pkg-config"
        # gcc 12 warns of every option that a designated initializer leaves at its default.
        run(OPTIONS.compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", *self.flags,
            Path(OPTIONS.source, "examples/embed_cpp/main.cpp"), "-o", program, *shlex.split(query),
            f"-Wl,-rpath,{self.prefix / 'lib'}")
        self.check_embedded(self.embedded(program))
        for variable, marker in (("rulesdir", "microneedling/pack.toml"), ("pluginsdir", ".")):
            folder = run("pkg-config", f"--variable={variable}", "caveat", environment=environment).strip()
            self.assertTrue((Path(shlex.split(folder)[0]) / marker).exists(), folder)

    def test_every_public_header_stands_alone(self):
        for header in sorted((self.prefix / "include/caveat").glob("*.hpp")):
            if header.name == "plugin.hpp":
                continue  # the SDK's own tests see to it
            source = self.folder / "one.cpp"
            source.write_text(f"#include <caveat/{header.name}>\nint main() {{}}\n", encoding="utf-8")
            run(OPTIONS.compiler, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion",
                "-Wshadow", "-Werror", "-fsyntax-only", "-I", self.prefix / "include", source)

    def test_the_installed_command_finds_its_rules_and_plugins(self):
        output = run(self.prefix / "bin/caveat", "evaluate", "--format", "json", "--at", TIME, self.profile)
        self.assertEqual(json.loads(output)["disposition"], "insufficient-information")

    def test_isolated_plugins_find_their_worker(self):
        """Plugins that nobody vouches for, by the command and by the library, each from its new place."""
        plugins = self.folder / "strangers"
        shutil.copytree(self.prefix / "lib/caveat/plugins", plugins)
        for plugin in plugins.iterdir():
            with plugin.open("ab") as file:
                file.write(b"\0")  # other bytes, so not the engine's own; the loader does not look there
        listed = run(self.prefix / "bin/caveat", "plugin", "list", "--plugins", plugins)
        self.assertEqual(listed.count("isolated"), 4, listed)
        output = run(self.prefix / "bin/caveat", "evaluate", "--format", "json", "--at", TIME, "--plugins", plugins, self.profile)
        self.assertEqual(json.loads(output)["disposition"], "insufficient-information")
        if OPTIONS.sanitize:
            return  # the next needs a program that is not sanitized
        output = run(sys.executable, "-B", Path(OPTIONS.source, "examples/embed_ctypes/evaluate.py"),
                     self.prefix / "lib/libcaveat.so", self.prefix / "share/caveat/rules", plugins, self.profile, TIME)
        self.assertEqual(json.loads(output)["disposition"], "insufficient-information")

    def test_only_our_names_are_visible(self):
        if OPTIONS.sanitize:
            self.skipTest("sanitizers add names of their own")
        shared = self.names("-DC", "--with-symbol-versions", "--defined-only", self.prefix / "lib/libcaveat.so")
        shared = [n for n in shared if not n.startswith("CAVEAT_")]  # the version itself
        self.assertEqual([n for n in shared if not n.endswith("@@CAVEAT_0.1")], [])
        shared = [n.split("@@")[0] for n in shared]
        archive = self.names("-gC", "--defined-only", self.prefix / "lib/libcaveat.a")
        for names in (shared, archive):
            self.assertEqual([n for n in names if "caveat::" not in n and not n.startswith("caveat_")], [])
            self.assertTrue(any(n.startswith("caveat::Engine::load") for n in names), names)
            self.assertIn("caveat_engine_load", names)
        self.assertEqual(sorted(set(archive) - set(shared)), [], "the archive lets out what the shared library hides")

    @staticmethod
    def names(*arguments):
        lines = run("nm", *arguments).splitlines()
        return [line.split(maxsplit=2)[2] for line in lines if len(line.split(maxsplit=2)) == 3]


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("source", "build", "version", "compiler", "sanitize"):
        parser.add_argument(f"--{name}", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], "-v", *rest])


if __name__ == "__main__":
    main()
