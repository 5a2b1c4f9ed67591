"""Checks of C and C++ text, file by file."""

import re

from registry import Bad, check
from tree import Finding, bare_code, comments_only, line_of

SHIPPED = ("engine", "apps", "sdk", "plugins")  # what users run: the strictest rules
ALL_CODE = (*SHIPPED, "tests", "benchmarks", "examples", "bindings")


def refuse(tree, tops, pattern, message, view=bare_code, allowed=lambda path: False):
    """A finding for each match of `pattern` in the files below `tops`; `{}` in the message is the matched text."""
    for path in tree.code(*tops):
        if allowed(path):
            continue
        text = tree.files[path]
        for match in re.finditer(pattern, view(text), re.MULTILINE):
            yield Finding(path, line_of(text, match.start()), message.format(match.group().strip()))


SYSTEM_CALLS = "apps/plugin_worker/filters.cpp"  # names calls that others may make


@check(
    "clock",
    good=[{"engine/base/clock.cpp": "auto t = std::chrono::system_clock::now();", "engine/base/tri.cpp": "// system_clock::now\n"}],
    bad=[
        Bad("`system_clock::now`", {"engine/facts/facts.cpp": "auto t = std::chrono::system_clock::now();"}),
        Bad("`time(nullptr)`", {"plugins/a/a.cpp": "auto t = time(nullptr);"}),
        Bad("`__TIME__`", {"apps/cli/main.cpp": "auto t = __TIME__;"}),
    ],
)
def clock(tree):
    """Time is an input: only base/clock reads the system's."""
    pattern = (
        r"\b(?:system|high_resolution|utc|file)_clock\s*::\s*now\b|\btime\s*\(\s*(?:0|NULL|nullptr)\s*\)|\bgettimeofday\b"
        r"|\bclock_gettime\b|\blocaltime(?:_r)?\b|\b__(?:DATE|TIME|TIMESTAMP)__\b"
    )
    message = "`{}` reads a hidden clock: take the time as an argument, or use base/clock.hpp"
    return refuse(tree, SHIPPED, pattern, message, allowed=lambda p: p.startswith("engine/base/clock.") or p == SYSTEM_CALLS)


@check(
    "locale",
    good=[{"engine/base/a.cpp": "auto r = std::from_chars(a, b, c); bool is_digit(char); bool tolower_ascii(char);"}],
    bad=[
        Bad("`stod`", {"engine/values/a.cpp": "double d = std::stod(text);"}),
        Bad("`strtod`", {"plugins/a/a.c": "double d = strtod(text, 0);"}),
        Bad("`atof`", {"apps/cli/a.cpp": "atof(text)"}),
        Bad("`isalpha`", {"engine/values/a.cpp": "if (std::isalpha(c)) {}"}),
        Bad("`setlocale`", {"apps/cli/a.cpp": 'setlocale(LC_ALL, "");'}),
    ],
)
def locale(tree):
    """Numbers and letters mean the same everywhere."""
    pattern = (
        r"\b(?:sto(?:d|f|ld|i|l|ll|ul|ull)|strto(?:d|f|ld|l|ll|ul|ull)|ato(?:f|i|l|ll)|s?scanf|setlocale"
        r"|is(?:alpha|alnum|digit|xdigit|space|upper|lower|punct|print|cntrl|graph|blank)|to(?:upper|lower))(?=\s*\()"
        r"|\bstd::locale\b"
    )
    return refuse(tree, SHIPPED, pattern, "`{}` depends on the locale: use std::from_chars or the rooms' own helpers")


@check(
    "random",
    good=[{"engine/base/a.cpp": "int random_state = 0;", "tests/fuzz/a.cpp": "std::mt19937 generator(seed);"}],
    bad=[
        Bad("`std::random_device`", {"engine/base/a.cpp": "std::random_device d;"}),
        Bad("`rand(`", {"apps/cli/a.cpp": "int x = rand();"}),
        Bad("`std::random_device`", {"tests/unit/base/a_test.cpp": "std::random_device d;"}),
    ],
)
def random(tree):
    """Nothing is random; a test prints its seed."""
    return refuse(tree, ALL_CODE, r"\bstd::random_device\b|\bs?rand\s*\(", "`{}`: randomness comes from a printed seed only")


@check(
    "namespaces",
    good=[
        {"engine/base/a.cpp": "using std::string; // using namespace\nusing Result = int;"},
        {"tests/unit/base/a_test.cpp": "using namespace caveat;\nusing namespace caveat::testing;"},
    ],
    bad=[
        Bad("`using namespace`", {"engine/base/a.cpp": "using namespace caveat;"}),
        Bad("`using namespace`", {"tests/unit/base/a_test.cpp": "using namespace std;"}),
        Bad("`using namespace`", {"tests/support/a.hpp": "using namespace caveat;"}),
    ],
)
def namespaces(tree):
    """A test file may speak as if it were inside ours; nothing else opens a namespace."""
    message = "`{}`: name what you use"
    in_tests = [p for p in tree.code("tests") if p.endswith(".cpp")]
    yield from refuse(tree, ALL_CODE, r"\busing\s+namespace\b", message, allowed=in_tests.__contains__)
    others = r"\busing\s+namespace\b(?!\s+caveat\b)"
    yield from refuse(tree, ("tests",), others, message, allowed=lambda path: path not in in_tests)


@check(
    "left-behind",
    good=[{"engine/base/a.cpp": 'auto text = "TODO";  // todos are a noun\n', "rules/a/pack.toml": "title = 'x'\n"}],
    bad=[
        Bad("`TODO`", {"engine/base/a.cpp": "// TODO: later\n"}),
        Bad("`FIXME`", {"tests/a/CMakeLists.txt": "# FIXME\n"}),
        Bad("`XXX`", {"rules/a/pack.toml": "# XXX what is this\n"}),
    ],
)
def left_behind(tree):
    """What is not done is an issue, not a comment."""
    marks = r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b"
    message = "`{}` left behind: do it, or write it down where work is planned"
    yield from refuse(tree, ALL_CODE, marks, message, view=comments_only)
    for path, text in tree.files.items():
        if path.startswith("tests/tidy/") or not path.endswith((".toml", ".cmake", "CMakeLists.txt", ".py")):
            continue
        for match in re.finditer(r"#[^\n]*?(" + marks + ")", text):
            yield Finding(path, line_of(text, match.start()), message.format(match.group(1)))


@check(
    "identifiers",
    good=[{"engine/base/a.cpp": 'auto x = "é";  // naïve\nauto raw = R"(ç "ğ" )";'}],
    bad=[Bad("not ASCII: `é`", {"engine/base/a.cpp": "int é = 1;"})],
)
def identifiers(tree):
    return refuse(tree, (), r"[^\x00-\x7f]", "a character of code that is not ASCII: `{}`")


def code_lines(tree):
    for path, text in tree.files.items():
        if path.endswith((".c", ".cpp", ".h", ".hpp", ".py", ".cmake", "CMakeLists.txt", ".md", ".toml")) or "." not in path:
            yield path, text


@check(
    "white-space",
    good=[{"engine/base/a.cpp": "int a;\n\nint b;\n", "a.md": "x\n"}],
    bad=[
        Bad("a tab", {"engine/base/a.cpp": "\tint a;\n"}),
        Bad("trailing white space", {"README.md": "a \n"}),
        Bad("trailing white space", {"tools/x": "a\r\n"}),
        Bad("no newline at its end", {"engine/base/a.cpp": "int a;"}),
        Bad("empty lines at its end", {"rules/a.toml": "a = 1\n\n"}),
    ],
)
def white_space(tree):
    for path, text in code_lines(tree):
        if path == "LICENSE" or path.startswith("tests/") and path.endswith((".toml", ".txt")):
            continue  # a licence is kept to the letter; test data may be ugly on purpose
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield Finding(path, number, "a tab")
            if line != line.rstrip():
                yield Finding(path, number, "trailing white space")
        if text and not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "no newline at its end")
        if text.endswith("\n\n"):
            yield Finding(path, text.count("\n"), "empty lines at its end")


@check(
    "line-width",
    good=[
        {"engine/base/a.cpp": "// " + "ş" * 117 + "\n", "README.md": "x" * 200},
        {"engine/base/a.cpp": "// clang-format off\n" + "x" * 130 + "\n// clang-format on\n"},
    ],
    bad=[
        Bad("121 columns", {"engine/base/a.cpp": "// " + "x" * 118 + "\n"}),
        Bad("a.cpp:3: 121 columns", {"engine/base/a.cpp": "// clang-format off\n// clang-format on\n" + "x" * 121 + "\n"}),
    ],
)
def line_width(tree):
    """Tables that are laid out by hand may be wider; nothing else. tools/format mends most findings."""
    for path in tree.code():
        by_hand = False
        for number, line in enumerate(tree.files[path].split("\n"), 1):
            by_hand = (by_hand or "clang-format off" in line) and "clang-format on" not in line
            if len(line) > 120 and not by_hand and "://" not in line:
                yield Finding(path, number, f"{len(line)} columns; 120 are enough (tools/format)")


UNORDERED = re.compile(r"\bunordered_(?:multi)?(?:map|set)\s*<")


def unordered_names(code):
    """Names of variables and members declared as unordered containers, and of aliases of such types."""
    for match in UNORDERED.finditer(code):
        depth, end = 1, match.end()
        while depth and end < len(code):
            depth += {"<": 1, ">": -1}.get(code[end], 0)
            end += 1
        declared = re.match(r"\s*&?\s*(\w+)\s*(?=[;={(,)])", code[end:])
        if declared:
            yield declared.group(1)


@check(
    "unordered",
    good=[
        {"engine/base/a.cpp": "std::unordered_map<int, std::vector<int>> by_id_;\nauto x = by_id_.find(1) == by_id_.end();"},
        {"engine/base/a.cpp": "std::unordered_set<int> seen;\n// any order: a sum\nfor (int a : seen) sum += a;"},
        {"engine/base/a.cpp": "std::map<int, int> sorted;\nfor (auto& a : sorted) {}"},
    ],
    bad=[
        Bad("`seen`", {"engine/base/a.cpp": "std::unordered_set<int> seen;\nfor (int a : seen) out(a);"}),
        Bad("`by_id_`", {
            "engine/base/a.hpp": "std::unordered_map<int, std::vector<int>> by_id_;",
            "engine/base/a.cpp": "void f() { for (const auto& [k, v] : by_id_) out(k); }",
        }),
        Bad("`seen`", {"engine/base/a.cpp": "std::unordered_set<int> seen{};\nstd::vector v(seen.begin(), seen.end());"}),
    ],
)
def unordered(tree):
    """The order of a hash table never reaches a result. A comment `any order: why` on the line or the one above says that
    it cannot."""
    for path in tree.code(*SHIPPED):
        text = tree.files[path]
        code = bare_code(text)
        header = re.sub(r"\.cpp$", ".hpp", path)
        names = set(unordered_names(code)) | set(unordered_names(bare_code(tree.files.get(header, ""))))
        for name in sorted(names):
            loops = rf"\bfor\s*\([^;{{}}]*?[^:]:(?!:)[^;{{}}]*?\b{name}\s*\)|\b{name}\s*(?:\.|->)\s*c?begin\s*\("
            for match in re.finditer(loops, code):
                line = line_of(text, match.start())
                if not any("any order:" in near for near in text.split("\n")[max(0, line - 2):line]):
                    yield Finding(path, line, f"goes through `{name}`, whose order is a hash's")
