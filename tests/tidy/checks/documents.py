"""Checks of documents: links that lead somewhere, commands that exist, names of tests that are there."""

import json
import posixpath
import re
import shlex

from checks.structure import case_names
from registry import CHECKS, Bad, check
from tree import Finding, Tree, line_of

FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)


def prose(text):
    """A document without its code."""
    text = FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    return re.sub(r"`[^`\n]*`", lambda m: " " * len(m.group()), text)


def anchors(text):
    """The anchors that a renderer makes of a document's headings."""
    names = set()
    for heading in re.findall(r"^#+ +(.+?) *#*$", FENCE.sub("", text), re.MULTILINE):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        names.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return names | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


@check(
    "links",
    good=[{"README.md": "# A b\n[x](docs/a.md) [y](#a-b) [z](https://example.org) `[no](link)`\n", "docs/a.md": "[up](../README.md#a-b)\n"}],
    bad=[
        Bad("`docs/b.md` is not there", {"README.md": "[x](docs/b.md)\n"}),
        Bad("`../../a` leads out of the tree", {"docs/a.md": "[x](../../a)\n"}),
        Bad("no heading `#c`", {"README.md": "[x](docs/a.md#c)\n", "docs/a.md": "# B\n"}),
        Bad("is absolute", {"README.md": "[x](/docs/a.md)\n"}),
    ],
)
def links(tree):
    for path in tree.documents():
        text = prose(tree.files[path])
        for match in [*LINK.finditer(text), *REFERENCE.finditer(text)]:
            problem = link_problem(tree, path, match.group(1))
            if problem:
                yield Finding(path, line_of(text, match.start()), problem)


def link_problem(tree, path, target):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    if target.startswith("/"):
        return f"`{target}` is absolute; links are relative to their document"
    file, _, anchor = target.partition("#")
    goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if goal.startswith(".."):
        return f"`{target}` leads out of the tree"
    if not tree.exists(goal):
        return f"`{target}` is not there"
    if anchor and goal.endswith(".md") and anchor not in anchors(tree.files[goal]):
        return f"`{target}`: {goal} has no heading `#{anchor}`"
    return None


def commands(text):
    """(line, words) of each command in a document's code: lines of shell blocks, without `$ ` and comments. A backslash
    joins a line with the next."""
    for block in FENCE.finditer(text):
        if block.group(2).strip() not in ("", "sh", "bash", "console", "shell"):
            continue
        body = block.group(3).replace("\\\n", "  ")
        for match in re.finditer(r"^ *(?:\$ )?((?:[A-Z_]+=\S+ +)*(?:tools/|\.ci/|cmake |ctest )[^\n]*)", body, re.MULTILINE):
            try:
                words = shlex.split(match.group(1), comments=True)
            except ValueError:
                words = [match.group(1)]
            yield line_of(text, block.start(3)) + body.count("\n", 0, match.start()), words


def test_names(tree):
    """All names that ctest may know: cases, and tests that build scripts add."""
    names = [name for _, _, name in case_names(tree)]
    for path, text in tree.files.items():
        if path.startswith("tests/") and path.endswith("CMakeLists.txt"):
            names += re.findall(r"add_test\(NAME (\S+)", text)
    return names + [f"tidy.{name}" for name in CHECKS]


def option(words, *names):
    """The value after one of the options, or None."""
    for index, word in enumerate(words[:-1]):
        if word in names:
            return words[index + 1]
    return None


def command_problems(tree, words):
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    program = words[0]
    if "/" in program and program not in tree.files:
        yield f"`{program}` is not there"
    elif "/" in program and program not in tree.executable:
        yield f"`{program}` cannot be run"
    for word in words[1:]:
        if re.match(r"(?:examples|rules|docs|tests|engine)/", word) and not tree.exists(word.rstrip("/")):
            yield f"`{word}` is not there"
    preset = option(words, "--preset")
    if preset and preset not in preset_names(tree):
        yield f"no preset is called `{preset}`"
    pattern = option(words, "-R", "--tests-regex")
    if pattern and not any(re.search(pattern, name) for name in test_names(tree)):
        yield f"no test's name matches `{pattern}`"
    if program == "tools/caveat" and len(words) > 1 and not is_subcommand(tree, words[1]):
        yield f"`caveat` has no command `{words[1]}`"


def preset_names(tree):
    return [p["name"] for p in json.loads(tree.files.get("CMakePresets.json", "{}")).get("configurePresets", [])]


def is_subcommand(tree, word):
    if word.startswith("-"):
        return True
    return any(f'"{word}"' in tree.files[path] for path in tree.code("apps"))


FRESH = ["tools/caveat evaluate examples/profiles/first-visit.toml", "tools/test"]
GOOD_TREE = {
    "README.md": "```sh\n" + "\n".join(FRESH) + "\ntools/test -R base.tri  # one subject\ncmake --preset dev\n```\n",
    "tools/caveat": "", "tools/test": "", ".ci/run": "tools/test\n", "examples/profiles/first-visit.toml": "",
    "apps/cli/main.cpp": 'add("evaluate")', "CMakePresets.json": '{"configurePresets": [{"name": "dev"}]}',
    "tests/unit/base/tri_test.cpp": 'TEST_CASE("base.tri: a") {}',
}
SCRIPTS = ("tools/caveat", "tools/test", ".ci/run")


def readme_plus(line):
    return GOOD_TREE | {"README.md": GOOD_TREE["README.md"] + f"```sh\n{line}\n```\n"}


@check(
    "commands",
    good=[Tree(GOOD_TREE, executable=SCRIPTS)],
    bad=[
        Bad("does not show `tools/test`", GOOD_TREE | {"README.md": "# Nothing\n"}, SCRIPTS),
        Bad("does not call tools/test", GOOD_TREE | {".ci/run": "true\n"}, SCRIPTS),
        Bad("`tools/gone` is not there", readme_plus("tools/gone now"), SCRIPTS),
        Bad("`tools/test` cannot be run", GOOD_TREE, ("tools/caveat", ".ci/run")),
        Bad("`examples/gone.toml` is not there", readme_plus("tools/caveat evaluate examples/gone.toml"), SCRIPTS),
        Bad("has no command `gone`", readme_plus("tools/caveat gone"), SCRIPTS),
        Bad("no preset is called `gone`", readme_plus("cmake --preset gone"), SCRIPTS),
        Bad("no test's name matches `gone`", readme_plus("ctest -R gone"), SCRIPTS),
    ],
)
def shown_commands(tree):
    """The commands that documents show are those of the scripts; README shows the two that a fresh machine needs."""
    shown = [" ".join(words) for _, words in commands(tree.files.get("README.md", ""))]
    for command in FRESH:
        if command not in shown:
            yield Finding("README.md", 1, f"does not show `{command}`")
    if not re.search(r"^\s*(?:[A-Z_]+=\S+ )?tools/test\b", tree.files.get(".ci/run", ""), re.MULTILINE):
        yield Finding(".ci/run", 1, "does not call tools/test")
    for path in tree.documents():
        for line, words in commands(tree.files[path]):
            for problem in command_problems(tree, words):
                yield Finding(path, line, problem)


@check(
    "environment",
    good=[{"README.md": "Set `CAVEAT_RULES`.\n", "apps/cli/a.cpp": 'getenv("CAVEAT_RULES")', "tools/a": "", "cmake/a.cmake": ""}],
    bad=[Bad("`CAVEAT_GONE`", {"README.md": "Set `CAVEAT_GONE`.\n", "apps/cli/a.cpp": ""})],
)
def environment(tree):
    """A variable or option of ours that README or CONTRIBUTING names is read by something."""
    readers = "\n".join(t for p, t in tree.files.items() if not p.endswith(".md") and not p.startswith("tests/tidy/"))
    for path in ("README.md", "CONTRIBUTING.md"):
        text = tree.files.get(path, "")
        for match in re.finditer(r"\bCAVEAT_[A-Z_]+\b", text):
            if not re.search(rf"\b{match.group()}\b", readers):
                yield Finding(path, line_of(text, match.start()), f"nothing reads `{match.group()}`")


@check(
    "unread-documents",
    good=[{"README.md": "[a](docs/a.md)\n", "docs/a.md": "[b](x/b.md#c)\n", "docs/x/b.md": "# C\n", "docs/x/README.md": ""}],
    bad=[
        Bad("docs/b.md:1: no document leads to it", {"README.md": "[a](docs/a.md)\n", "docs/a.md": "", "docs/b.md": "[a](a.md)\n"}),
    ],
)
def unread_documents(tree):
    """Every document below docs/ is reached by a link from another one."""
    reached = set()
    for path in tree.documents():
        for match in LINK.finditer(prose(tree.files[path])):
            goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(1).partition("#")[0]))
            if goal != path:
                reached |= {goal, f"{goal}/README.md"}
    for path in tree.documents():
        if path.startswith("docs/") and path not in reached and not path.endswith("/README.md"):
            yield Finding(path, 1, "no document leads to it")


CASE_A = {"tests/unit/base/tri_test.cpp": 'TEST_CASE("base.tri: a b") {}'}


@check(
    "named-tests",
    good=[
        CASE_A | {"docs/safety/hazards.md": "Held by `base.tri: a`.\n- **Verification**: `base.tri`, the\n  pack's `tidy.clock`.\n- `x.y`\n"},
    ],
    bad=[
        Bad("`base.tri: gone`", CASE_A | {"docs/safety/hazards.md": "Held by `base.tri: gone`.\n"}),
        Bad("hazards.md:2: no test is called `base.gone`",
            CASE_A | {"docs/safety/hazards.md": "- **Verification**: `base.tri`,\n  `base.gone`.\n"}),
        Bad("names no test", CASE_A | {"docs/safety/hazards.md": "# Hazards\n"}),
    ],
)
def named_tests(tree):
    """A test that a document names is there: `ROOM.TOPIC: beginning of the name` anywhere, and any `ROOM.TOPIC` under a
    hazard's Verification."""
    names = test_names(tree)
    for path in tree.documents():
        text = tree.files[path]
        named = list(re.finditer(r"`([a-z_]+\.[a-z_-]+: [^`\n]+)`", text))
        for verification in re.finditer(r"^- \*\*Verification\*\*.*?(?=^- |^#|^$|\Z)", text, re.MULTILINE | re.DOTALL):
            named += re.compile(r"`([a-z_]+\.[a-z_-]+)`").finditer(text, verification.start(), verification.end())
        if path == "docs/safety/hazards.md" and not named:
            yield Finding(path, 1, "names no test: the check looks in the wrong place")
        for match in named:
            if not any(name.startswith(match.group(1)) for name in names):
                yield Finding(path, line_of(text, match.start()), f"no test is called `{match.group(1)}`")


@check(
    "version",
    good=[{"CMakeLists.txt": "project(caveat VERSION 0.1.0 LANGUAGES C CXX)", "CHANGELOG.md": "## [0.1.0] - Unreleased\n"}],
    bad=[Bad("no section for 0.2.0", {"CMakeLists.txt": "project(caveat VERSION 0.2.0)", "CHANGELOG.md": "## [0.1.0]\n"})],
)
def version(tree):
    number = re.search(r"project\(caveat VERSION ([\d.]+)", tree.files["CMakeLists.txt"]).group(1)
    if not re.search(rf"^## \[?{re.escape(number)}\b", tree.files.get("CHANGELOG.md", ""), re.MULTILINE):
        yield Finding("CHANGELOG.md", 1, f"has no section for {number}, the version in CMakeLists.txt")
