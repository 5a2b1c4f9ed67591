"""The tidy test: the house rules that a machine can keep. `tidy.py --root ROOT --compiled compile_commands.json CHECK`
prints each finding with its place; exit code 1 when there is one."""

import argparse
import sys

import checks.code  # noqa: F401  each module registers its checks
import checks.documents  # noqa: F401
import checks.structure  # noqa: F401
from registry import CHECKS, self_test
from tree import read_tree


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the names of all checks")
    parser.add_argument("--self-test", action="store_true", help="prove that the check can fail")
    parser.add_argument("--root", help="the tree to look at")
    parser.add_argument("--compiled", help="the build's compile_commands.json")
    parser.add_argument("check", nargs="?", help="one check; all when not given")
    return parser.parse_args()


def findings(options, names):
    if options.self_test:
        return [f"{name}: {problem}" for name in names for problem in self_test(CHECKS[name])]
    tree = read_tree(options.root, options.compiled)
    return [str(finding) for name in names for finding in CHECKS[name].run(tree)]


def main():
    options = arguments()
    if options.list:
        print("\n".join(CHECKS))
        return 0
    if options.check and options.check not in CHECKS:
        sys.exit(f"tidy: no check is called `{options.check}`; there are: {', '.join(CHECKS)}")
    found = findings(options, [options.check] if options.check else list(CHECKS))
    print("\n".join(found) if found else "nothing to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
