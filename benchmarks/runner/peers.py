"""The peers, each the best honest adapter that we could write. A peer that cannot be had here is skipped aloud."""

import shutil
import subprocess
from dataclasses import dataclass

from contenders import Participant, Unavailable


@dataclass
class Peer:
    label: str
    program: str         # `clips`, or a script of peers/node
    counts: str          # what must match: see rows.Contender
    share: int = 1       # of the profiles, it takes this part: 1 in so many
    argument: str = ""


# Slow peers take a part of the cohort, so that their turns are no longer than the others'.
PEERS = [
    Peer("CLIPS 6.30, the met alone", "clips", "met", argument="met"),
    Peer("CLIPS 6.30, the undetermined too", "clips", "exact", argument="open"),
    Peer("plain Kleene in JavaScript", "kleene", "exact"),
    Peer("cql-execution 3.3.2 (Node)", "cql_execution", "exact", 4),
    Peer("@marcbachmann/cel-js 8.0.0 (Node)", "cel_js", "exact", 4),
    Peer("GoRules zen 0.54.0 (Rust, from Node)", "zen", "wrong", 4),
    Peer("json-rules-engine 7.3.1 (Node)", "json_rules_engine", "wrong", 10),
]


class Peers:
    def __init__(self, root, build):
        self.build = build
        self.source = root / "benchmarks/peers/node"
        self.folder = build / "benchmarks/peers"

    def open(self, peer, workload, profiles):
        if peer.program == "clips":
            program = self.build / "bin/bench_clips"
            if not program.exists():
                raise Unavailable("built without CLIPS: libclips-dev is not installed")
            return Participant([program, workload.folder, profiles, peer.argument])
        self.install()
        return Participant(["node", self.folder / f"{peer.program}.mjs", workload.folder, profiles])

    def install(self):
        """Puts the scripts and the packages that the lock file pins into the build folder; the tree stays as it is."""
        if not shutil.which("node"):
            raise Unavailable("Node is not installed")
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.source / "package-lock.json"
        installed = self.folder / "package-lock.json"
        wanted = not installed.exists() or installed.read_bytes() != lock.read_bytes()
        for script in self.source.iterdir():
            if script != lock:
                shutil.copy(script, self.folder)
        if wanted:
            self.install_packages(lock)

    def install_packages(self, lock):
        """`npm install`, not `npm ci`: the lock file pins versions and digests, and has no entry for other platforms'
        builds of zen."""
        if not shutil.which("npm"):
            return  # a script that needs no package can run all the same
        temporary = self.folder / "npm-install"
        temporary.mkdir(exist_ok=True)
        for name in ("package.json", lock.name):
            shutil.copy(self.source / name, temporary)
        done = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=temporary, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode == 0:
            shutil.rmtree(self.folder / "node_modules", ignore_errors=True)
            (temporary / "node_modules").rename(self.folder / "node_modules")
            shutil.copy(lock, self.folder)
        shutil.rmtree(temporary)
