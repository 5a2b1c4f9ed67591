"""The common workload on disk, and the counts that everyone's have to match."""

import json
import subprocess
from pathlib import Path


class Workload:
    """`rules` rules (18: the workload's own) and a cohort of `profiles`, made once a build."""

    def __init__(self, build, rules, profiles):
        self.build, self.rules, self.profiles = build, rules, profiles
        self.folder = Path(build) / "benchmarks" / f"workload-{rules}-{profiles}"
        self.pack = self.folder / "pack"
        self.cohort = self.folder / "cohort.ndjson"
        self.references = {}

    def make(self):
        generator = self.build / "bin/bench_workload"
        done = self.folder / "made"
        if not done.exists() or done.stat().st_mtime < generator.stat().st_mtime:
            subprocess.run([generator, self.folder, str(self.rules), str(self.profiles)], check=True)
            done.touch()
        return self

    def reference(self, profiles):
        """The counts over the first `profiles` profiles, by the plain Kleene reference."""
        if profiles not in self.references:
            told = subprocess.run([self.build / "bin/bench_reference", self.folder, str(profiles)], check=True,
                                  stdout=subprocess.PIPE, text=True)
            self.references[profiles] = json.loads(told.stdout)
        return self.references[profiles]
