"""Measures one row: all contenders take turns, and each one's counts are held against the reference's."""

from contextlib import ExitStack, closing

from contenders import Unavailable


class Measurement:
    def __init__(self, row, repetitions, clock):
        self.row, self.repetitions, self.clock = row, repetitions, clock
        self.skipped = {}        # contender's index: why
        self.all_repetitions = [[] for _ in row.contenders]
        self.remarks = {}        # contender's index: what is to be known about its counts
        self.disagreements = []

    def run(self):
        with ExitStack() as stack:
            opened = {}
            for index, contender in enumerate(self.row.contenders):
                try:
                    opened[index] = stack.enter_context(closing(contender.open()))
                    opened[index].repeat()  # warms caches, compilers and branch predictors up
                except (Unavailable, OSError) as why:
                    opened.pop(index, None)
                    self.skipped[index] = str(why)
            for _ in range(self.repetitions):
                for index, runner in opened.items():
                    self.all_repetitions[index].append(runner.repeat())
        for index in opened:
            self.check_counts(index)
        return self

    def check_counts(self, index):
        contender, found = self.row.contenders[index], self.all_repetitions[index][-1]
        if contender.workload is None:
            return
        right = contender.workload.reference(contender.profiles)
        same_profiles = found.items == right["profiles"]
        if same_profiles and contender.counts == "wrong" and found.met == right["met_if_absent_is_false"]:
            self.remarks[index] = (f"{sum(found.met):,} met: WRONG, {sum(right['met']):,} is right; "
                                   "it reads a missing answer as false")
        elif same_profiles and contender.counts == "met" and found.met == right["met"]:
            self.remarks[index] = f"{sum(found.met):,} met: as the reference; cannot tell the undetermined from the rest"
        elif same_profiles and (found.met, found.undetermined) == (right["met"], right["undetermined"]):
            self.remarks[index] = f"{sum(found.met):,} met, {sum(found.undetermined):,} undetermined: as the reference"
        else:
            self.disagreements.append(
                f"{self.row.name}, {contender.label}: {sum(found.met):,} met, {sum(found.undetermined):,} undetermined "
                f"of {found.items:,} profiles; the reference has {sum(right['met']):,}, "
                f"{sum(right['undetermined']):,} of {right['profiles']:,}")
            self.remarks[index] = "COUNTS DISAGREE with the reference"
