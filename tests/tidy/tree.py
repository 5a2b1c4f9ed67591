"""The tree as the checks see it: files by relative path, and C++ without its comments and strings."""

import json
import os
import re
from pathlib import Path
from typing import NamedTuple

SKIPPED_FOLDERS = {".git", "build", ".cache", "node_modules", "__pycache__"}
CODE_SUFFIXES = {".c", ".cpp", ".h", ".hpp"}
TEXT_SUFFIXES = CODE_SUFFIXES | {".md", ".toml", ".cmake", ".in", ".txt", ".py", ".json", ".exports", ".S", ""}


class Finding(NamedTuple):
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    """`files` maps a path to its text, `executable` holds the paths that can be run, `compiled` those that the build
    compiles (from compile_commands.json)."""

    def __init__(self, files, executable=(), compiled=()):
        self.files = dict(sorted(files.items()))
        self.executable = set(executable)
        self.compiled = set(compiled)
        self.folders = {str(parent) for path in files for parent in Path(path).parents}

    def exists(self, path):
        return path in self.files or path in self.folders

    def code(self, *tops):
        """Paths of C and C++ files below the folders `tops` (all when none is given)."""
        return [p for p in self.files if Path(p).suffix in CODE_SUFFIXES and (not tops or p.split("/")[0] in tops)]

    def documents(self):
        return [p for p in self.files if p.endswith(".md")]


def read_tree(root, compile_commands):
    root = Path(root).resolve()
    files, executable = {}, set()
    for folder, names, entries in os.walk(root):
        names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS)
        for entry in entries:
            path = Path(folder) / entry
            relative = path.relative_to(root).as_posix()
            # Data that is broken on purpose is only listed, not read.
            files[relative] = path.read_text(encoding="utf-8") if is_text(path) else ""
            if os.access(path, os.X_OK):
                executable.add(relative)
    return Tree(files, executable, read_compiled(root, compile_commands))


def is_text(path):
    if path.suffix not in TEXT_SUFFIXES or path.is_symlink():
        return False
    try:
        path.read_text(encoding="utf-8")
        return True
    except UnicodeDecodeError:
        return path.suffix in CODE_SUFFIXES  # reading it again reports the file


def read_compiled(root, compile_commands):
    compiled = set()
    for entry in json.loads(Path(compile_commands).read_text(encoding="utf-8")):
        path = Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(root):
            compiled.add(path.relative_to(root).as_posix())
    return compiled


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


TOKENS = re.compile(
    r'''(?P<comment>//[^\n]*|/\*.*?\*/)'''
    r'''|(?P<raw>(?:u8|u|U|L)?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")'''
    r'''|(?P<string>"(?:\\.|[^"\\\n])*")'''
    r'''|(?P<number>\b\d[\w.']*)'''
    r'''|(?P<char>'(?:\\.|[^'\\\n])+')''',
    re.DOTALL,
)


def without_comments(text):
    """The text with comments blanked, at the same places."""
    return TOKENS.sub(lambda m: blank(m.group()) if m.group("comment") else m.group(), text)


def bare_code(text):
    """The text with comments and the inside of literals blanked, at the same places."""
    return TOKENS.sub(lambda m: m.group() if m.group("number") else blank(m.group()), text)


def comments_only(text):
    """The text with everything but comments blanked."""
    result, end = [], 0
    for match in TOKENS.finditer(text):
        if match.group("comment"):
            result.append(blank(text[end:match.start()]) + match.group())
            end = match.end()
    return "".join(result) + blank(text[end:])


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def includes(text):
    """(line, header, quoted) of each #include."""
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', without_comments(text), re.MULTILINE):
        yield line_of(text, match.start()), match.group(2), match.group(1) == '"'
