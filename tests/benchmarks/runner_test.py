"""benchmarks/runner, with stand-ins for what it measures: wrong counts are seen, whoever cannot run is skipped aloud, and
ratios come from turns."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(sys.argv[1]) / "benchmarks/runner"))

import figures  # noqa: E402
import report  # noqa: E402
from contenders import Command, Participant, Repetition  # noqa: E402
from measure import Measurement  # noqa: E402
from rows import Contender, Reach, Row, Rows  # noqa: E402


class FakeWorkload:
    def reference(self, profiles):
        return {"profiles": profiles, "met": [2, 1], "undetermined": [0, 1], "met_if_absent_is_false": [9, 9]}


def stand_in(seconds=1.0, met=(2, 1), undetermined=(0, 1)):
    """A participant that tells what it is told to tell."""
    told = {"seconds": seconds, "processor_seconds": seconds, "profiles": 4, "met": met, "undetermined": undetermined, "note": ""}
    script = f"print('ready', flush=True)\nfor line in iter(input, ''): print({json.dumps(json.dumps(told))}, flush=True)"
    return lambda: Participant([sys.executable, "-c", script])


def measured(*contenders, reaches=(), unit="time"):
    return Measurement(Row("row", "a row", list(contenders), list(reaches), unit), 3, "wall").run()


class Runner(unittest.TestCase):
    def test_counts_that_differ_are_a_disagreement(self):
        work = FakeWorkload()
        right = measured(Contender("right", stand_in(), work, 4))
        self.assertEqual(right.disagreements, [])
        self.assertIn("as the reference", report.as_text(right))
        for wrong in ({"met": (1, 2)}, {"undetermined": (1, 0)}):
            self.assertIn("the reference has 3", measured(Contender("w", stand_in(**wrong), work, 4)).disagreements[0])
        self.assertTrue(measured(Contender("too few", stand_in(), work, 5)).disagreements)

    def test_a_peer_that_cannot_count_the_undetermined_still_has_to_count_the_met(self):
        work = FakeWorkload()
        self.assertEqual(measured(Contender("m", stand_in(undetermined=()), work, 4, "met")).disagreements, [])
        self.assertTrue(measured(Contender("m", stand_in(met=(9, 9)), work, 4, "met")).disagreements)

    def test_a_documented_mistake_is_called_wrong_and_fails_nothing(self):
        wrong = measured(Contender("w", stand_in(met=(9, 9)), FakeWorkload(), 4, "wrong"))
        self.assertEqual(wrong.disagreements, [])
        self.assertIn("18 met: WRONG, 3 is right", report.as_text(wrong))
        self.assertTrue(measured(Contender("w", stand_in(met=(9, 8)), FakeWorkload(), 4, "wrong")).disagreements)

    def test_who_cannot_run_is_skipped_aloud(self):
        broken = lambda: Participant([sys.executable, "-c", "import sys; sys.exit('no such engine')"])
        done = measured(Contender("ours", stand_in()), Contender("broken", broken),
                        Contender("absent", lambda: Participant(["/nonexistent/peer"])),
                        Contender("fails", lambda: Command(["false"])), reaches=[Reach("≤ 3 ×", times=3, beside=1)])
        text = report.as_text(done)
        self.assertIn("no such engine", text)
        self.assertIn("/nonexistent/peer", text)
        self.assertIn("`false` ended with 1", text)
        self.assertIn("not measured", text)
        self.assertEqual(text.count("skipped"), 3)

    def test_ratios_and_bounds(self):
        done = measured(Contender("ours", stand_in(2.0)), Contender("limit", stand_in(1.0)),
                        reaches=[Reach("≤ 3 ×", times=3, beside=1), Reach("≥ 80 %", times=1 / 0.8, beside=1),
                                 Reach("≤ 0.1 s", most=0.1), Reach("≤ 0.6 s", most=0.6)])
        self.assertEqual([verdict for _, _, verdict in report.judged(done)],
                         ["reached", "NOT REACHED", "NOT REACHED", "reached"])
        self.assertEqual([shown for _, shown, _ in report.judged(done)], ["2 ×", "50 %", "500 ms", "500 ms"])
        self.assertIn("NOT REACHED", report.as_markdown([done], ["Day: today"]))

    def test_figures_are_medians_of_turns(self):
        turns = [Repetition(wall, wall, 2) for wall in (1.0, 9.0, 2.0)]
        self.assertEqual(figures.cost(turns, "wall").middle, 1.0)
        other = [Repetition(wall, wall, 2) for wall in (2.0, 18.0, 4.0)]
        self.assertEqual(figures.ratio(other, turns, "wall"), figures.Figure(2.0, 0.0))
        self.assertEqual([figures.as_time(t) for t in (2e-6, 0.0345, 3.0, 5e-8)], ["2 µs", "34.5 ms", "3 s", "50 ns"])
        self.assertEqual(figures.as_rate(1 / 1_234_567), "1,230,000/s")

    def test_what_is_not_built_has_no_figure(self):
        with tempfile.TemporaryDirectory() as folder:
            row = Rows(Path(folder), Path(folder), quick=True).all()["http"]()
        self.assertIn("not built yet", report.as_text(Measurement(row, 1, "wall").run()))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
