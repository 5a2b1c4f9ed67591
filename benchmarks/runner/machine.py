"""Where it was measured, in words that say nothing of whose machine it is."""

import os
import platform
import re
import subprocess
from pathlib import Path


def processor():
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    fields = dict(re.findall(r"^(model name|cpu family|model)\s*:\s*(.*)$", told, re.MULTILINE))
    return (f"{os.cpu_count()} cores of {fields.get('model name', platform.machine())}"
            f" (family {fields.get('cpu family', '?')}, model {fields.get('model', '?')})")


def memory():
    kilobytes = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8")).group(1))
    return f"{round(kilobytes / 2**20)} GB"


def system():
    told = dict(re.findall(r'^(\w+)="?([^"\n]*)', Path("/etc/os-release").read_text(encoding="utf-8"), re.MULTILINE))
    compiler = subprocess.run(["c++", "-dumpfullversion"], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    return f"{told.get('PRETTY_NAME', platform.system())}, gcc {compiler}"


def about(given, repetitions, busy, day):
    clock = "time passed" if given.clock == "wall" else "processor time, because the machine was in use"
    return [f"Machine: {processor()}, {memory()}; {system()}", f"Day: {day}",
            f"Measured: {clock}; the median of {repetitions} turns; load before the first: {busy:.1f}"]
