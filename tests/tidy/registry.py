"""Checks by name. A check comes with trees that it must refuse, and with what it must say of each: a check that cannot
fail is no check."""

from typing import Callable, NamedTuple

from tree import Tree


class Bad(NamedTuple):
    """A tree (path → text) that must be refused with a message that contains `says`."""

    says: str
    files: dict
    executable: tuple = ()
    compiled: tuple = ()


class Check(NamedTuple):
    name: str
    run: Callable
    good: list
    bad: list


CHECKS = {}


def check(name, *, good, bad):
    """Registers `run(tree) -> findings`. `good` are trees (path → text, or a Tree) that must pass."""

    def register(run):
        assert name not in CHECKS and good and bad
        CHECKS[name] = Check(name, run, [t if isinstance(t, Tree) else Tree(t) for t in good], bad)
        return run

    return register


def self_test(entry):
    """What is wrong with a check: messages, none when it works."""
    for tree in entry.good:
        for finding in entry.run(tree):
            yield f"refuses a good tree: {finding}"
    for bad in entry.bad:
        findings = [str(f) for f in entry.run(Tree(bad.files, bad.executable, bad.compiled))]
        if not any(bad.says in f for f in findings):
            yield f"does not say `{bad.says}` of {list(bad.files)}; it says {findings or 'nothing'}"
