"""The push is the lock: a remote that fails costs time, and never a double post."""

from __future__ import annotations

from smmflow.model.publication import Publication
from tests.faults.machines import Files
from tests.faults.remotes import Refusal, disturb
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases, read
from tests.faults.targets import KINDS
from tests.faults.verdict import Verdict

PUSHES = {"the push of the claims": 1, "the push of the outcomes": 2}
STEPS = dict.fromkeys(
    KINDS, tuple(f"{where}{push}" for push in PUSHES for where in ("", "elsewhere, "))
)
REFUSALS = {
    #             bluesky, mastodon, keyless mastodon; finds only, keys only, blind
    Refusal.REFUSED: "   1.11   1.11   ....   1111   1111   111?",
    Refusal.LOST: "      1.1.   1.1.   ....   1111   1.11   1111",
    Refusal.UNHEARD: "   1.1.   1.1.   ....   1111   1.11   1111",
    Refusal.OVERTAKEN: " 1.1.   1.1.   ....   1111   1.11   1111",
}
"""Elsewhere nobody has the journal that says what the refused push would have."""

AWAY = {
    "is away from the start": "     1.   1.   ..   11   ..   11",
    "goes away after part of it": " 1.   1.   ..   11   11   1?",
}
_AWAY = dict.fromkeys(KINDS, ("the remote", "elsewhere, the remote"))


def _be_disturbed(stage: Stage, case: Combination) -> Verdict:
    number = PUSHES[case.step.removeprefix("elsewhere, ")]
    with stage.trial(case.kind) as trial:
        hook = disturb(trial.remote, Refusal(case.trouble), number)
        trial.run(trial.machine, Files())
        hook.unlink()
        again = trial.other if case.step.startswith("elsewhere") else trial.machine
        return trial.verdict_two_runs_later(Files(), again, again)


def _be_alone(stage: Stage, case: Combination) -> Verdict:
    with stage.trial(case.kind) as trial:
        away = trial.remote.with_name("away.git")

        def go_away(publication: Publication) -> None:
            if publication.post == "thread":
                trial.remote.rename(away)

        if case.trouble == "is away from the start":
            trial.remote.rename(away)
            problem = trial.run(trial.machine, Files())
        else:
            problem = trial.run(trial.machine, Files(), report=go_away)
        assert problem is not None
        away.rename(trial.remote)
        again = trial.other if case.step.startswith("elsewhere") else trial.machine
        return trial.verdict_two_runs_later(Files(), again, again)


DISTURBED = tuple(read(REFUSALS, STEPS, _be_disturbed))
ALONE = tuple(read(AWAY, _AWAY, _be_alone))


@cases(DISTURBED)
def test_a_push_that_fails(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected


@cases(ALONE)
def test_a_remote_that_is_away(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected
