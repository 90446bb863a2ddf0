"""Files that change after an answer was lost: what may be live is not sent anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.faults.machines import DUE, Files
from tests.faults.proxy import Fault
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases, read
from tests.faults.targets import KINDS
from tests.faults.verdict import Verdict

TIME, WORDS = "a new time", "new words"
STEPS = dict.fromkeys(KINDS, (f"{TIME} after a post", f"{WORDS} after a post"))
AFTER = {
    #                bluesky, mastodon, keyless mastodon; finds only, keys only, blind
    Fault.LOST: "           11   11   11   11   1?   ??",
    Fault.LATE: "           11   11   ..   11   1?   ??",
    Fault.ERROR_AFTER: "    11   11   11   11   1?   ??",
}
"""Every answer of the run is spoiled, so that it ends in doubt."""


def _change_the_file(stage: Stage, case: Combination) -> Verdict:
    before = Files()
    with stage.trial(case.kind) as trial:
        writes = 5 if trial.target.takes_pictures else 4
        trial.run_into(Fault(case.trouble), writes, before, times=100)
        after = replace(before, lone=2)
        if case.step.startswith(TIME):
            after = replace(before, due=DUE + timedelta(minutes=5))
        return trial.verdict_two_runs_later(after, trial.machine, trial.other)


CHANGED = tuple(read(AFTER, STEPS, _change_the_file))


@cases(CHANGED)
def test_a_file_that_changes_while_its_post_is_in_doubt(
    case: Combination, verdict: Verdict
) -> None:
    assert verdict is case.expected
