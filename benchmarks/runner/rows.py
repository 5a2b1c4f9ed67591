"""The rows: what is measured, beside what, and what the project means to reach."""

from dataclasses import dataclass, field
from typing import Callable

import figures
from contenders import Command, Participant
from peers import PEERS, Peers
from workload import Workload


@dataclass
class Contender:
    label: str
    open: Callable  # a Participant or a Command, ready to repeat
    workload: Workload = None  # where the counts are to be checked: with …
    profiles: int = 0          # … so many profiles
    counts: str = "exact"      # what must match: all (`exact`), `met` alone, or what a missing answer read as false
                               # makes (`wrong`)


@dataclass
class Reach:
    """A bound on our figure, or on our cost as a multiple of the contender's at `beside`."""

    text: str
    most: float = None    # seconds an item
    times: float = None   # our cost, at most so many times that contender's
    beside: int = None

    def judge(self, all_repetitions, clock):
        """(what came out, as text; whether it is within)"""
        if self.most is not None:
            ours = figures.cost(all_repetitions[0], clock).middle
            return figures.as_time(ours), ours <= self.most
        times = figures.ratio(all_repetitions[0], all_repetitions[self.beside], clock).middle
        shown = f"{100 / times:.0f} %" if "%" in self.text else f"{times:.2g} ×" if times >= 1 else f"1/{1 / times:.2g}"
        return shown, times <= self.times


@dataclass
class Row:
    name: str
    title: str
    contenders: list = field(default_factory=list)
    reaches: list = field(default_factory=list)
    unit: str = "time"    # or `rate`
    missing: str = ""     # why there is no figure


class Rows:
    def __init__(self, root, build, quick):
        self.root, self.build, self.quick = root, build, quick
        self.bin = build / "bin"

    def workload(self, rules, profiles=20_000):
        return Workload(self.build, rules, profiles).make()

    def engine(self, mode, pack, cohort, profiles):
        return lambda: Participant([self.bin / "bench_engine", mode, pack, cohort, profiles])

    def all(self):
        """Each row by its name, made only when it is asked for."""
        return {
            "common-18": lambda: self.common(18, 20_000),
            "common-100": lambda: self.common(100, 2_000),
            "common-1000": lambda: self.common(1_000, 200),
            "one-outcomes": lambda: Row("one-outcomes", "one profile in process: outcomes and disposition",
                                        missing="not built yet"),
            "one-explained": self.one_explained,
            "one-json": self.one_json,
            "load": self.load,
            "process": self.process,
        } | {name: (lambda name=name, title=title: Row(name, title, missing="not built yet"))
             for name, title in NOT_BUILT.items()}

    def common(self, rules, profiles):
        profiles = profiles // 10 if self.quick else profiles
        work = self.workload(rules)
        contenders = [Contender("Caveat: whole evaluations, explained",
                                self.engine("evaluate", work.pack, work.cohort, profiles), work, profiles)]
        peers = Peers(self.root, self.build)
        for peer in PEERS:
            taken = profiles // peer.share
            opened = lambda peer=peer, taken=taken: peers.open(peer, work, taken)
            contenders.append(Contender(peer.label, opened, work, taken, peer.counts))
        return Row(f"common-{rules}", f"the common workload, {rules:,} rules, in memory, one thread", contenders,
                   unit="rate")

    def one(self, name, title, mode, reach):
        work = self.workload(18)
        first_visit = self.root / "examples/profiles/first-visit.toml"
        return Row(name, title, [
            Contender("common workload, mean of 1,000 profiles", self.engine(mode, work.pack, work.cohort, 1_000)),
            Contender("the example first-visit", self.engine(mode, self.root / "rules/microneedling", first_visit, 1_000)),
        ], [reach])

    def one_explained(self):
        return self.one("one-explained", "one profile in process, with every explanation", "evaluate",
                        Reach("≤ 10 µs", most=10e-6))

    def one_json(self):
        return self.one("one-json", "writing it as JSON, on top", "render", Reach("≤ 12 µs", most=12e-6))

    def load(self):
        rules = 1_000 if self.quick else 10_000
        work = self.workload(rules, 2_000)
        small = self.workload(18)
        return Row("load", f"loading a pack of {rules:,} rules", [
            Contender("Caveat", self.engine("load", work.pack, "-", 1)),
            Contender("a bare toml::parse of its files", lambda: Participant([self.bin / "bench_bare_toml", work.pack])),
            Contender("Caveat, 18 rules", self.engine("load", small.pack, "-", 1)),
        ], [Reach("≤ 3 × the parse", times=3, beside=1), BytesARule(rules - 18)])

    def process(self):
        profile = self.root / "examples/profiles/first-visit.toml"
        runs = 20 if self.quick else 100
        command = [self.bin / "caveat", "evaluate", profile, "--at", "2026-11-22T10:00:00Z"]
        return Row("process", "`caveat evaluate` as a process, start to exit", [
            Contender("Caveat", lambda: Command(command, runs=runs)),
            Contender("`true`", lambda: Command(["true"], runs=runs)),
        ], [Reach("≤ 15 ms", most=15e-3)])


class BytesARule:
    """The memory that a pack's rules take: what the first contender's engine holds beyond the third's."""

    text = "memory a rule ≤ 2 KB"

    def __init__(self, rules):
        self.rules = rules

    def judge(self, all_repetitions, _clock):
        bytes_a_rule = (int(all_repetitions[0][-1].note) - int(all_repetitions[2][-1].note)) / self.rules
        return f"{bytes_a_rule:,.0f} bytes", bytes_a_rule <= 2048


# What is to be reached and cannot be measured yet.
NOT_BUILT = {
    "batch-18": "`batch --summary` from NDJSON, 18 rules, one core",
    "batch-1000": "`batch --summary`, 1,000 rules",
    "batch-10000": "`batch --summary`, 10,000 rules: cost a rule",
    "batch-two": "`batch --summary`, two cores",
    "columns": "a cohort in memory as columns, 18 rules, one core",
    "batch-compact": "`batch --out`, compact",
    "batch-full": "`batch --out`, full evaluations",
    "plugin-call": "a plugin call in process, batch 64",
    "plugin-isolated": "an isolated plugin call, batch 256",
    "http": "HTTP evaluation, keep-alive",
}
