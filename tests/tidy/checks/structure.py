"""Checks of how the tree hangs together: who includes whom, what nothing uses, the plugin ABI's tags, tests' names."""

import posixpath
import re
from pathlib import Path

from registry import Bad, check
from tree import Finding, Tree, bare_code, includes, line_of, without_comments

# A room includes only itself and the rooms before it. The same order stands in engine/CMakeLists.txt and engine/README.md.
ROOMS = ["base", "trust", "configuration", "wording", "values", "vocabulary", "profile", "facts", "conditions", "rules",
         "plugin_abi", "plugin_host", "advisory", "evaluation", "audit", "c_api"]
# Headers of <caveat/…> that the SDK gives; all others of that name are the engine's public ones.
SDK_FOLDERS = ("sdk/include/", "sdk/cpp/")


def sdk_headers(tree):
    return {p.removeprefix(folder) for p in tree.code("sdk") for folder in SDK_FOLDERS if p.startswith(folder)}


def public_headers(tree):
    return {p.removeprefix("engine/include/") for p in tree.code("engine") if p.startswith("engine/include/")}


def room_of(header):
    top = header.split("/")[0]
    return top if top in ROOMS else None


def may_include(path, header, sdk, public):
    """Why `path` must not include `header`, or None."""
    parts = path.split("/")
    room = room_of(header) if "/" in header else None
    if parts[0] == "engine" and parts[1] == "include":
        return "a public header includes no room" if room else None
    if parts[0] == "engine" and parts[1] in ROOMS:
        if room and ROOMS.index(room) > ROOMS.index(parts[1]):
            return f"room `{parts[1]}` comes before `{room}`"
        if header in sdk - public and parts[1] not in ("plugin_abi", "plugin_host"):
            return "only plugin_host knows the plugin ABI"
        return None
    if parts[0] in ("plugins", "sdk"):
        if room or (header.startswith("caveat/") and header not in sdk):
            return f"{parts[0]}/ is built with the SDK alone"
    return None


def foreign(header):
    return header.startswith(("boost/", "toml++/", "simdjson", "spdlog/", "fmt/", "tl/", "unicode/", "re2/", "openssl/", "sodium", "CLI/"))


PUBLIC_API = {"engine/include/caveat/caveat.hpp": "", "sdk/include/caveat/plugin.h": ""}


@check(
    "rooms",
    good=[
        PUBLIC_API | {
            "engine/values/value.hpp": '#include "base/tri.hpp"\n#include "values/decimal.hpp"\n#include <caveat/caveat.hpp>\n',
            "engine/plugin_host/host.cpp": "#include <caveat/plugin.h>\n",
            "plugins/a/a.cpp": "#include <caveat/plugin.h>\n#include <vector>\n",
            "apps/cli/main.cpp": '#include "evaluation/engine.hpp"\n',
        }
    ],
    bad=[
        Bad("room `base` comes before `facts`", {"engine/base/tri.hpp": '#include "facts/facts.hpp"\n'}),
        Bad("room `rules` comes before `evaluation`", {"engine/rules/a.cpp": '  #  include "evaluation/engine.hpp"\n'}),
        Bad("a public header includes no room", {"engine/include/caveat/a.hpp": '#include "base/tri.hpp"\n'}),
        Bad("plugins/ is built with the SDK alone", PUBLIC_API | {"plugins/a/a.cpp": '#include "values/decimal.hpp"\n'}),
        Bad("plugins/ is built with the SDK alone", PUBLIC_API | {"plugins/a/a.cpp": "#include <caveat/caveat.hpp>\n"}),
        Bad("sdk/ is built with the SDK alone", PUBLIC_API | {"sdk/cpp/caveat/a.hpp": '#include "base/tri.hpp"\n'}),
        Bad("needs nothing but", {"plugins/a/a.cpp": "#include <boost/json.hpp>\n"}),
        Bad("only plugin_host knows", PUBLIC_API | {"engine/rules/a.cpp": "#include <caveat/plugin.h>\n"}),
        Bad("tl::expected is all", {"engine/include/caveat/a.hpp": "#include <fmt/core.h>\n"}),
        Bad("`surprise` is no room", {"engine/surprise/a.cpp": ""}),
    ],
)
def rooms(tree):
    sdk, public = sdk_headers(tree), public_headers(tree)
    for path in tree.code("engine", "apps", "plugins", "sdk"):
        parts = path.split("/")
        if parts[0] == "engine" and parts[1] not in (*ROOMS, "include"):
            yield Finding(path, 1, f"`{parts[1]}` is no room of the engine")
        for line, header, _ in includes(tree.files[path]):
            why = may_include(path, header, sdk, public)
            if why:
                yield Finding(path, line, f"includes `{header}`: {why}")
            if parts[0] in ("plugins", "sdk") and foreign(header):
                yield Finding(path, line, f"includes `{header}`: a plugin needs nothing but the SDK")
            if path.startswith("engine/include/") and foreign(header) and header != "tl/expected.hpp":
                yield Finding(path, line, f"includes `{header}`: tl::expected is all that an embedder has to have")


@check(
    "room-order",
    good=[{
        "engine/CMakeLists.txt": "set(rooms base wording values facts)\n",
        "engine/README.md": "| `base/` | x |\n| `wording/` | x |\n| `values/` | x |\n| `facts/` | x |\n",
    }],
    bad=[
        Bad("engine/CMakeLists.txt:1: `wording` stands after `values`", {
            "engine/CMakeLists.txt": "set(rooms base values wording)\n", "engine/README.md": "`base/` `values/` `wording/`"}),
        Bad("engine/README.md:1: does not name the room `facts`", {
            "engine/CMakeLists.txt": "set(rooms base facts)\n", "engine/README.md": "| `base/` | x |\n"}),
        Bad("engine/README.md:1: `base` stands after `values`", {
            "engine/CMakeLists.txt": "set(rooms base values)\n", "engine/README.md": "| `values/` |\n| `base/` |\n"}),
    ],
)
def room_order(tree):
    """The list that CMake builds in and the list that a reader reads are the order that `rooms` holds."""
    build = re.search(r"set\(rooms ([^)]*)\)", tree.files["engine/CMakeLists.txt"]).group(1).split()
    named = re.findall(r"^\|?\s*\[?`(\w+)/`", tree.files.get("engine/README.md", ""), re.MULTILINE)
    for path, rooms_there in (("engine/CMakeLists.txt", build), ("engine/README.md", [r for r in named if r in ROOMS])):
        for before, after in zip(rooms_there, rooms_there[1:]):
            if ROOMS.index(before) > ROOMS.index(after):
                yield Finding(path, 1, f"`{after}` stands after `{before}`")
    for room in build:
        if room not in named:
            yield Finding("engine/README.md", 1, f"does not name the room `{room}`")


def included_files(tree):
    """Every path of the tree that some file includes."""
    found = set()
    for path in tree.code():
        for _, header, _ in includes(tree.files[path]):
            for folder in (posixpath.dirname(path), "engine", "engine/include", "sdk/include", "sdk/cpp", "tests", "apps"):
                found.add(posixpath.normpath(posixpath.join(folder, header)))
    return found


def named_files(tree):
    """Names of files that a build script, an assembler's .incbin or a document speaks of."""
    speakers = [t for p, t in tree.files.items() if p.endswith(("CMakeLists.txt", ".cmake", ".S")) or "/tools/" in f"/{p}"]
    return "\n".join(speakers)


@check(
    "dead-files",
    good=[Tree(
        {
            "engine/base/a.cpp": '#include "base/a.hpp"\n', "engine/base/a.hpp": "", "engine/README.md": "",
            "engine/include/caveat/caveat.hpp": "", "engine/caveat.exports": "", "engine/CMakeLists.txt": "caveat.exports",
        },
        compiled={"engine/base/a.cpp"},
    )],
    bad=[
        Bad("nothing compiles it", {"engine/base/old.cpp": "", "engine/base/a.cpp": ""}, compiled=("engine/base/a.cpp",)),
        Bad("nothing includes it", {"engine/base/a.cpp": "", "engine/base/a.hpp": ""}, compiled=("engine/base/a.cpp",)),
        Bad("no build script names it", {"engine/base/a.cpp": "", "engine/base/a.txt": ""}, compiled=("engine/base/a.cpp",)),
        Bad("compiles nothing", {"engine/base/a.cpp": ""}),
    ],
)
def dead_files(tree):
    if not tree.compiled:
        yield Finding("compile_commands.json", 1, "the build compiles nothing of this tree: wrong build folder")
    included, named = included_files(tree), named_files(tree)
    for path in (p for p in tree.files if p.startswith("engine/")):
        suffix, name = Path(path).suffix, Path(path).name
        if suffix in (".c", ".cpp"):
            if path not in tree.compiled:
                yield Finding(path, 1, "nothing compiles it")
        elif suffix in (".h", ".hpp", ".inc"):
            if path not in included and not path.startswith("engine/include/"):
                yield Finding(path, 1, "nothing includes it")
        elif suffix != ".md" and name != "CMakeLists.txt" and name not in named:
            yield Finding(path, 1, "no build script names it")


POINTER = re.compile(r"\(\s*(?:[A-Z_]+\s+)?\*\s*(?:const\s+)?(\w+)\s*\)\s*\(")
TAG = re.compile(r"\[\s*([a-z-]+)\s*,\s*([a-z-]+)\s*,\s*([a-z-]+)\s*\]")
ABI_TOP = "/* Tags: [any-thread, bound, call]. */\n"


@check(
    "abi-tags",
    good=[{
        "sdk/include/caveat/plugin.h": ABI_TOP + "struct s {\n  /* Says. [any-thread, bound, call] */\n  int (*say)(int a,\n"
        "    int b);\n  int (CAVEAT_CALL *ask)(void); /* [any-thread, bound, call] */\n};\n",
    }],
    bad=[
        Bad("`say` has no tag", {"sdk/include/caveat/plugin.h": ABI_TOP + "struct s { int (*say)(int); };\n"}),
        Bad("`ask` has no tag", {
            "sdk/include/caveat/plugin.h":
                ABI_TOP + "struct s {\n  /* [any-thread, bound, call] */\n  int (*say)(int);\n  int (*ask)(void);\n};\n"}),
        Bad("`sometimes` is not explained", {
            "sdk/include/caveat/plugin.h": ABI_TOP + "struct s {\n  /* [any-thread, bound, sometimes] */\n  int (*say)(int);\n};\n"}),
        Bad("no function pointer", {"sdk/include/caveat/plugin.h": ABI_TOP}),
    ],
)
def abi_tags(tree):
    """Each function pointer of the plugin ABI says in which thread, state and lifetime it is called: `[thread, state,
    lifetime]` in the comment before it or on its line. The header's first comment explains each word."""
    found = 0
    for path in tree.code("sdk"):
        if not path.startswith("sdk/include/"):
            continue
        text = tree.files[path]
        explained = re.match(r"\s*(?:/\*.*?\*/\s*|//[^\n]*\n\s*)*", text, re.DOTALL).group()
        previous = len(explained)
        for match in POINTER.finditer(without_comments(text)):
            found += 1
            line_end = text.index("\n", text.index(";", match.end()))
            tags = TAG.findall(text[previous:line_end])
            previous = line_end
            if not tags:
                yield Finding(path, line_of(text, match.start()), f"`{match.group(1)}` has no tag [thread, state, lifetime]")
            for word in tags[-1] if tags else ():
                if not re.search(rf"(?<![\w-]){word}(?![\w-])", explained):
                    yield Finding(path, line_of(text, match.start()), f"the tag's `{word}` is not explained at the top")
    if not found:
        yield Finding("sdk/include", 1, "no function pointer found: the check looks in the wrong place")


SCOPE = re.compile(
    r"\bnamespace(?:\s+(?P<space>[\w:]+))?\s*\{"
    r"|(?<!<)(?<!, )\b(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(?:CAVEAT_API\s+|alignas\([^)]*\)\s*)*(?P<type>\w+(?:::\w+)*)(?P<base>[^;{}()=]*)\{"
    r"|(?P<open>\{)|(?P<close>\})"
)


def types_at_namespace_scope(code):
    """(offset, qualified name) of each type that is defined in named namespaces: those that the linker sees."""
    scopes = []  # a namespace's name, or None for anything that hides what is in it
    for match in SCOPE.finditer(code):
        if match.group("close"):
            if scopes:
                scopes.pop()
            continue
        specialised = (match.group("base") or "").startswith("<")
        if match.group("type") and not specialised and None not in scopes:
            yield match.start(), "::".join([*scopes, match.group("type")])
        scopes.append(match.group("space"))


@check(
    "one-definition",
    good=[{
        "engine/wording/a.cpp": "namespace caveat { namespace { struct Row { int a; }; } struct W { struct Row {}; }; }",
        "engine/rules/b.cpp": "namespace caveat { namespace { struct Row { char b; }; } struct Row; void f() { struct W {}; } }",
        "engine/rules/c.hpp": "namespace caveat::text { class W final : X {}; }",
        "plugins/a/a.cpp": "namespace caveat { struct W {}; }",
        "apps/a/a.hpp": "namespace caveat { template <class T, class U> struct A {}; template <class T, class U> struct B {}; }",
    }],
    bad=[
        Bad("a second `caveat::Row`", {
            "engine/wording/a.hpp": "namespace caveat {\nclass Row { int a; };\n}",
            "engine/rules/b.hpp": "namespace caveat {\nstruct Row { char b; };\n}"}),
        Bad("engine/rules/b.cpp:2: a second `caveat::cli::Kind`", {
            "apps/cli/a.cpp": "namespace caveat { namespace cli { enum class Kind : char { kA }; } }",
            "engine/rules/b.cpp": "namespace caveat::cli {\nstruct Kind : Base { char b; };\n}"}),
    ],
)
def one_definition(tree):
    """Two types of one name are one type to the linker, which takes either's functions for both. What only one file needs
    stands in an unnamed namespace."""
    first = {}
    for path in tree.code("engine", "apps"):
        for offset, name in types_at_namespace_scope(bare_code(tree.files[path])):
            line = line_of(tree.files[path], offset)
            if name in first:
                yield Finding(path, line, f"a second `{name}`; the first is at {first[name]}")
            first.setdefault(name, f"{path}:{line}")


@check(
    "include-guards",
    good=[{"engine/base/a.hpp": "// x\n#pragma once\n", "sdk/include/caveat/a.h": "#ifndef CAVEAT_A_H\n#define CAVEAT_A_H\n#endif\n"}],
    bad=[Bad("no `#pragma once`", {"engine/base/a.hpp": "int a;\n"}), Bad("no include guard", {"sdk/include/caveat/a.h": "int a;\n"})],
)
def include_guards(tree):
    for path in tree.code("engine", "apps", "sdk", "plugins", "tests"):
        text = bare_code(tree.files[path])
        if path.endswith(".hpp") and not re.search(r"^#pragma once$", tree.files[path], re.MULTILINE):
            yield Finding(path, 1, "no `#pragma once`")
        if path.endswith(".h") and "#pragma once" not in text and not re.search(r"#ifndef (\w+)\s+#define \1\b", text):
            yield Finding(path, 1, "no include guard")


CASE = re.compile(r'\b(?:TEST_CASE|TEMPLATE_TEST_CASE|SCENARIO)\(\s*"((?:\\.|[^"\\])*)"')


def case_names(tree):
    """(path, line, name) of every test case."""
    for path in tree.code("tests"):
        code = without_comments(tree.files[path])
        for match in CASE.finditer(code):
            yield path, line_of(code, match.start()), match.group(1)


@check(
    "test-names",
    good=[{"tests/unit/base/tri_test.cpp": 'TEST_CASE("base.tri: a") {}\nTEST_CASE("base.tri: b", "[x]") {}'}],
    bad=[
        Bad("begin with `base.`", {"tests/unit/base/tri_test.cpp": 'TEST_CASE("tri: a") {}'}),
        Bad("second test", {"tests/unit/base/tri_test.cpp": 'TEST_CASE("base.a: a") {}\nTEST_CASE("base.a: a") {}'}),
        Bad("has no test", {"tests/unit/base/tri_test.cpp": "int helper();\n"}),
    ],
)
def test_names(tree):
    """`ctest -R room.topic` finds a subject's tests, and one name means one test."""
    seen = {}
    for path, line, name in case_names(tree):
        parts = path.split("/")
        if parts[1] == "unit" and not name.startswith(f"{parts[2]}."):
            yield Finding(path, line, f"`{name}`: the names of this folder's tests begin with `{parts[2]}.`")
        if name in seen:
            yield Finding(path, line, f"a second test is called `{name}`; the first is in {seen[name]}")
        seen.setdefault(name, path)
    with_cases = {path for path, _, _ in case_names(tree)}
    for path in tree.code("tests"):
        if path.endswith("_test.cpp") and path not in with_cases:
            yield Finding(path, 1, "has no test")
