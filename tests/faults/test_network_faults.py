"""Whatever befalls a request: two runs later all is live once, or held where blind.

A run whose write is spoiled is followed by one at once, on the same machine, and by one
on another machine when every lease is over.
"""

from __future__ import annotations

from tests.faults.machines import Files
from tests.faults.proxy import Fault
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases, read
from tests.faults.targets import FAKES, KEYLESS
from tests.faults.verdict import Verdict

WRITES = {"the second part": 2, "the upload": 4, "the last post": 4}
_REAL = ("the second part", "the upload")
_FAKE = ("the second part", "the last post")
STEPS = {
    **dict.fromkeys(("bluesky", "mastodon"), _REAL),
    KEYLESS: ("the second part",),
    **dict.fromkeys(FAKES, _FAKE),
}

ONE = {
    #                 bluesky, mastodon, keyless mastodon; finds only, keys only, blind
    Fault.REFUSED: "         11   11   1   11   11   11",
    Fault.RESET: "           11   11   1   11   11   ??",
    Fault.CUT_REQUEST: "     11   11   1   11   11   ??",
    Fault.SLOW: "            11   11   1   11   11   11",
    Fault.NO_ANSWER: "       11   11   1   11   11   ??",
    Fault.LOST: "            11   11   1   11   11   ??",
    Fault.LATE: "            11   11   .   11   11   ??",
    Fault.DROPPED_ANSWER: "  11   11   1   11   11   ??",
    Fault.CUT_ANSWER: "      11   11   1   11   11   ??",
    Fault.ERROR_AFTER: "     11   11   1   11   11   ??",
    Fault.GATEWAY_AFTER: "   11   11   1   11   11   ??",
    Fault.ERROR_BEFORE: "    11   11   1   11   11   ??",
    Fault.LIMITED: "         11   11   1   11   11   11",
    Fault.LIMITED_UNTIL: "   11   11   1   11   11   11",
    Fault.PAGE: "            11   11   1   11   11   ??",
    Fault.OTHER_JSON: "      11   11   1   11   11   ??",
}
"""The fault meets one write; the next ones of the same run pass.

The cell that is missing is a limit that docs/explanation/publishing.md names.
"""

_ON = dict.fromkeys(STEPS, ("the second part and all that follow",))
ALL = {
    Fault.REFUSED: "         1    1    1   1    1    1",
    Fault.DROPPED_ANSWER: "  1    1    1   1    1    ?",
    Fault.ERROR_BEFORE: "    1    1    1   1    1    ?",
    Fault.LIMITED_UNTIL: "   1    1    1   1    1    1",
    Fault.OTHER_JSON: "      1    1    1   1    1    ?",
}
"""The fault meets this write and all that follow in the run."""

_CHANGES = dict.fromkeys(
    STEPS, ("the second part's edit", "the second part's withdrawal")
)
CHANGES = {
    Fault.REFUSED: "         11   11   ..  ..   ..   11",
    Fault.RESET: "           11   11   ..  ..   ..   11",
    Fault.LATE: "            11   11   ..  ..   ..   11",
    Fault.DROPPED_ANSWER: "  11   11   ..  ..   ..   11",
    Fault.LIMITED_UNTIL: "   11   11   ..  ..   ..   11",
    Fault.OTHER_JSON: "      11   11   ..  ..   ..   11",
}
"""Both may be repeated, so nothing is ever held."""


def _meet_once(stage: Stage, case: Combination) -> Verdict:
    with stage.trial(case.kind) as trial:
        trial.run_into(Fault(case.trouble), WRITES[case.step], Files())
        return trial.verdict_two_runs_later(Files(), trial.machine, trial.other)


def _meet_always(stage: Stage, case: Combination) -> Verdict:
    with stage.trial(case.kind) as trial:
        trial.run_into(Fault(case.trouble), 2, Files(), times=100)
        return trial.verdict_two_runs_later(Files(), trial.machine, trial.other)


def _change(stage: Stage, case: Combination) -> Verdict:
    wanted = Files(edition=2, withdrawn="withdrawal" in case.step)
    with stage.trial(case.kind) as trial:
        assert trial.run(trial.machine, Files()) is None
        trial.run_into(Fault(case.trouble), 2, wanted)
        return trial.verdict_two_runs_later(wanted, trial.machine, trial.other)


MET_ONCE = tuple(read(ONE, STEPS, _meet_once))
MET_ALWAYS = tuple(read(ALL, _ON, _meet_always))
CHANGED = tuple(read(CHANGES, _CHANGES, _change))


@cases(MET_ONCE)
def test_a_write_that_meets_a_fault(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected


@cases(MET_ALWAYS)
def test_a_run_whose_writes_all_meet_a_fault(
    case: Combination, verdict: Verdict
) -> None:
    assert verdict is case.expected


@cases(CHANGED)
def test_a_change_that_meets_a_fault(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected
