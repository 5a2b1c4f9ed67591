"""What repetitions come to: median and spread, of one contender's cost and of the ratio of two that took turns."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass
class Figure:
    middle: float
    spread: float  # half the distance between the quartiles, as a part of the median

    def __str__(self):
        return f"{self.middle:.3g}"


def figure(values):
    middle = median(values)
    if len(values) < 3 or middle == 0:
        return Figure(middle, 0.0)
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Figure(middle, (high - low) / 2 / middle)


def seconds(repetition, clock):
    return repetition.wall if clock == "wall" else repetition.processor


def cost(repetitions, clock):
    """Seconds an item."""
    return figure([seconds(r, clock) / r.items for r in repetitions])


def ratio(over, under, clock):
    """How many times as much an item of `over` costs as one of `under`, turn by turn."""
    return figure([seconds(a, clock) / a.items / (seconds(b, clock) / b.items) for a, b in zip(over, under)])


def as_time(value):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{three_digits(value / size)} {unit}"
    return f"{three_digits(value / 1e-9)} ns"


def as_rate(value):
    return f"{three_digits(1 / value)}/s"


def three_digits(value):
    """1,234,567 → 1,230,000; 12.3; 0.123."""
    if value >= 100:
        size = 10 ** (len(str(int(value))) - 3)
        return f"{round(value / size) * size:,.0f}"
    return f"{value:.3g}"
