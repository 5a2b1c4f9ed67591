"""Who is measured: processes that repeat one piece of work when asked to (participants/participant.hpp), and commands
that are run from start to exit. All contenders of a row take turns, so that they share the machine's moods."""

import json
import resource
import subprocess
import time
from dataclasses import dataclass, field


class Unavailable(Exception):
    """Why a contender cannot be measured here."""


@dataclass
class Repetition:
    wall: float       # seconds
    processor: float  # seconds of processor time, all threads together
    items: int        # profiles, evaluations or runs
    met: list = field(default_factory=list)           # a count a rule, or nothing
    undetermined: list = field(default_factory=list)  # likewise
    note: str = ""


class Participant:
    """A process that stays, and works once for each line that it is sent."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            raise Unavailable(self.last_words())

    def last_words(self):
        said = [line for line in self.process.communicate()[1].splitlines() if line.strip()]
        telling = [line for line in said if "rror" in line] or said  # Node surrounds its message with other lines
        return telling[0].strip() if telling else f"ended with {self.process.returncode}"

    def repeat(self):
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable(self.last_words())
        told = json.loads(line)
        return Repetition(told["seconds"], told["processor_seconds"], told["profiles"], told["met"], told["undetermined"],
                          told["note"])

    def close(self):
        self.process.communicate()


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Command:
    """A command, start to exit, `runs` times a repetition. `read` may make counts of what it prints last."""

    def __init__(self, command, runs=1, items=1, read=None):
        self.command = [str(word) for word in command]
        self.runs, self.items, self.read = runs, items, read

    def repeat(self):
        before, begin = children_seconds(), time.perf_counter()
        for _ in range(self.runs):
            done = subprocess.run(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            if done.returncode != 0:
                raise Unavailable(f"`{self.command[0]}` ended with {done.returncode}: {done.stderr.decode()[-200:]}")
        wall, processor = time.perf_counter() - begin, children_seconds() - before
        repetition = Repetition(wall, processor, self.runs * self.items)
        if self.read:
            repetition.met, repetition.undetermined = self.read(done.stdout)
        return repetition

    def close(self):
        pass
