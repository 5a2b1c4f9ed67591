"""Runs each command that a document marks with `<!-- output of: caveat … -->` and compares what it prints with the block
below the mark, line by line. A line `[…]` in the block stands for any lines."""

import difflib
import re
import shlex
import subprocess
import sys
from pathlib import Path

MARK = re.compile(r"<!-- output of: caveat (.*?) -->\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def matches(shown, printed):
    """Whether the lines shown are the lines printed, with gaps where `[…]` stands."""
    lines = [r"(?:[^\n]*\n)*?" if line.strip() == "[…]" else re.escape(line) + r"\n" for line in shown.splitlines()]
    return re.fullmatch("".join(lines), printed) is not None


def self_test():
    assert matches("a\n[…]\nd\n", "a\nb\nc\nd\n") and matches("a\n[…]\n", "a\n")
    assert not matches("a\n", "a\nb\n") and not matches("a\n[…]\nd\n", "a\nb\n") and not matches("a.c\n", "abc\n")


def problems(program, root, document):
    for arguments, shown in MARK.findall(document.read_text(encoding="utf-8")):
        done = subprocess.run([program, *shlex.split(arguments)], cwd=root, capture_output=True, text=True, timeout=60)
        if not matches(shown, done.stdout):
            difference = difflib.unified_diff(shown.splitlines(), done.stdout.splitlines(), "shown", "printed", lineterm="")
            yield "\n".join([f"{document}: caveat {arguments}: not what is printed", done.stderr, *difference])


def main():
    self_test()
    program, root, *documents = sys.argv[1:]
    texts = [Path(d) for d in documents]
    if not MARK.search(texts[0].read_text(encoding="utf-8")):
        sys.exit(f"{texts[0]}: shows no output")
    found = [p for document in texts for p in problems(program, root, document)]
    print("\n\n".join(found) or "every output shown is what is printed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
