"""The plugin ABI's header, and what can become of it: a later minor that only adds, made from today's header so that it
never drifts from it, and changes that break what is built.

    plugin_header.py HEADER OUT    writes the header of a later minor
"""

import re
import sys
from pathlib import Path

LATER_MINOR = 7

# Structs that a minor version may lengthen: those that begin with `size`, and the elements of the host's arrays.
GROWING = {
    "caveat_binding", "caveat_message", "caveat_batch", "caveat_advice", "caveat_node", "caveat_report", "caveat_sink",
    "caveat_host", "caveat_plugin", "caveat_rule", "caveat_field", "caveat_fact", "caveat_column", "caveat_outcome",
}


def replace_once(text, old, new):
    assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in the header"
    return text.replace(old, new)


def append_members(text, members):
    """Adds members at the end of every struct that may grow."""
    for name in sorted(GROWING):
        body = re.search(rf"^(?:typedef )?struct {name} {{\n.*?^}}", text, re.MULTILINE | re.DOTALL)
        assert body, f"{name} is not in the header"
        text = text[:body.end() - 1] + members + text[body.end() - 1:]
    return text


def without_layout(text):
    return re.sub(r"^CAVEAT_LAYOUT\(.*?\);\n", "", text, flags=re.MULTILINE | re.DOTALL)


def later(text):
    """The header of a later minor: longer structs, and a host or plugin that knows them."""
    text = replace_once(text, "#define CAVEAT_ABI_MINOR 0u", f"#define CAVEAT_ABI_MINOR {LATER_MINOR}u")
    text = append_members(text, "  uint64_t appended[3];\n")
    for name in GROWING:  # where they end is theirs; where each member stands is not
        text = re.sub(rf"sizeof\({name}\) == \d+", "1", text)
    return text


def replaced(old, new):
    return lambda text: without_layout(replace_once(text, old, new))


# What must not happen within a major version, and what it would do to a plugin that is already built.
BREAKS = {
    "a member in the middle": replaced("  caveat_str manifest; /* the bytes", "  uint64_t flags;\n  caveat_str manifest; /* the bytes"),
    "two members change places": replaced(
        "  const uint64_t* met;\n  const uint64_t* not_met;", "  const uint64_t* not_met;\n  const uint64_t* met;"),
    "a member is gone": replaced("  uint64_t set;           /* choices */\n", ""),
    "a member has another type": replaced("  int64_t integer;        /* integer;", "  uint64_t integer;       /* integer;"),
    "a number is wider": replaced("typedef uint32_t caveat_tri;", "typedef uint64_t caveat_tri;"),
    "a function takes one more argument": replaced(
        "(*derive)(const caveat_sink* sink, uint32_t row, uint32_t fact, const",
        "(*derive)(const caveat_sink* sink, uint32_t row, uint32_t part, uint32_t fact, const"),
    "a function returns something else": replaced("  void (*unbind)(", "  caveat_status (*unbind)("),
    "the entry takes another argument": replaced(
        "(*caveat_plugin_entry_fn)(uint32_t host_major, uint32_t host_minor)", "(*caveat_plugin_entry_fn)(uint64_t host)"),
    "a value without a size grows": replaced("  uint64_t set;           /* choices */\n", "  uint64_t set;\n  uint64_t more[2];\n"),
    "a string counts otherwise": replaced("  uint64_t size;    /* bytes */", "  uint32_t size;    /* bytes */"),
    "a member is gone and others are added": lambda text: append_members(
        without_layout(replace_once(text, "  uint32_t abi_minor; /* CAVEAT_ABI_MINOR as compiled */\n", "")), "  uint64_t more;\n"),
}


def constants(text):
    """The header's macros that have a value, as written."""
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return dict(re.findall(r"^#define (CAVEAT_[A-Z0-9_]+) +(\S.*?) *$", code, re.MULTILINE))


if __name__ == "__main__":
    header, out = map(Path, sys.argv[1:])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(later(header.read_text(encoding="utf-8")), encoding="utf-8")
