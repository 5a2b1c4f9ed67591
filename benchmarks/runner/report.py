"""A measurement in words: for the terminal, and as Markdown for RESULTS.md."""

import figures


def judged(measurement):
    """(what is to be reached, what came out, verdict) of each bound whose contenders were measured."""
    for reach in measurement.row.reaches:
        needed = [0] + [i for i in (getattr(reach, "beside", None),) if i is not None]
        if any(i in measurement.skipped for i in needed):
            yield reach.text, "not measured", "?"
            continue
        shown, within = reach.judge(measurement.all_repetitions, measurement.clock)
        yield reach.text, shown, "reached" if within else "NOT REACHED"


def contender_lines(measurement):
    """(label, figure, spread, ratio to ours, remark) of each contender."""
    row = measurement.row
    for index, contender in enumerate(row.contenders):
        if index in measurement.skipped:
            yield contender.label, "skipped", "", "", measurement.skipped[index]
            continue
        cost = figures.cost(measurement.all_repetitions[index], measurement.clock)
        shown = figures.as_rate(cost.middle) if row.unit == "rate" else figures.as_time(cost.middle)
        beside = ""
        if index and 0 not in measurement.skipped:
            times = figures.ratio(measurement.all_repetitions[index], measurement.all_repetitions[0], measurement.clock)
            beside = f"{times.middle:.2g} × our time"
        yield contender.label, shown, f"± {100 * cost.spread:.0f} %", beside, measurement.remarks.get(index, "")


def as_text(measurement):
    row = measurement.row
    lines = [f"{row.name}: {row.title}"]
    if row.missing:
        lines.append(f"  {row.missing}")
    for label, shown, spread, beside, remark in contender_lines(measurement):
        lines.append(f"  {label:<42} {shown:>12} {spread:>7}  {beside:<16} {remark}".rstrip())
    for text, shown, verdict in judged(measurement):
        lines.append(f"  to reach: {text}: {shown}, {verdict}")
    return "\n".join(lines) + "\n"


def cells(*words):
    return "| " + " | ".join(words) + " |"


def as_markdown(measured, about):
    """`about`: lines that say where, when and how it was measured."""
    lines = ["# Results", "", "Written by `benchmarks/run --write`; [README.md](README.md) says how to read it.", ""]
    lines += [f"- {line}" for line in about]
    lines += ["", "## What is to be reached", "", cells("row", "what", "to reach", "came out", ""), cells(*["---"] * 5)]
    for measurement in measured:
        row = measurement.row
        if row.missing:
            lines.append(cells(f"`{row.name}`", row.title, "", row.missing, ""))
        for text, shown, verdict in judged(measurement):
            lines.append(cells(f"`{row.name}`", row.title, text, shown, verdict))
    for measurement in measured:
        if measurement.row.missing:
            continue
        lines += ["", f"## {measurement.row.name}", "", f"{measurement.row.title[0].upper()}{measurement.row.title[1:]}.", ""]
        lines += [cells("", "figure", "spread", "beside us", ""), cells(*["---"] * 5)]
        lines += [cells(*columns) for columns in contender_lines(measurement)]
    return "\n".join(lines) + "\n"
