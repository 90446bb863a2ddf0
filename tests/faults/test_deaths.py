"""A run is killed at every step of the protocol; the next two put it right.

Both go on here, on the machine that has the dead run's journal, or elsewhere.
"""

from __future__ import annotations

from tests.faults.deaths import Death
from tests.faults.machines import Files
from tests.faults.nursery import KILLED, Order
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases, read
from tests.faults.targets import KINDS
from tests.faults.trial import Trial
from tests.faults.verdict import Verdict

HERE = "the next run has the journal of one"
ELSEWHERE = "the next run has no journal of one"
STEPS = dict.fromkeys(KINDS, (HERE, ELSEWHERE))
DEATHS = {
    #             bluesky, mastodon, keyless mastodon; finds only, keys only, blind
    Death.BEFORE_JOURNAL: "       1.   1.   ..   11   ..   11",
    Death.IN_JOURNAL: "           1.   1.   ..   11   ..   11",
    Death.AFTER_JOURNAL: "        1.   1.   ..   11   ..   11",
    Death.BEFORE_CLAIM_COMMIT: "  1.   1.   ..   11   ..   11",
    Death.AFTER_CLAIM_COMMIT: "   1.   1.   ..   11   ..   11",
    Death.BEFORE_CLAIM_PUSH: "    1.   1.   ..   11   ..   11",
    Death.AFTER_CLAIM_PUSH: "     1.   1.   ..   11   ..   1?",
    Death.AFTER_CLAIM_REF: "      1.   1.   ..   11   ..   1?",
    Death.BEFORE_SENDING: "       1.   1.   ..   11   11   1?",
    Death.IN_SENDING: "           1.   1.   ..   11   11   1?",
    Death.AFTER_SENDING: "        1.   1.   ..   11   11   ??",
    Death.BEFORE_REQUEST: "       1.   1.   ..   11   11   ??",
    Death.AFTER_REQUEST: "        1.   1.   11   11   11   ??",
    Death.IN_PATIENCE: "          1.   1.   ..   11   11   1?",
    Death.IN_DOUBT: "             1.   1.   11   11   11   ..",
    Death.BEFORE_RECEIPT: "       1.   1.   11   11   11   ??",
    Death.IN_RECEIPT: "           1.   1.   ..   11   11   ??",
    Death.AFTER_RECEIPT: "        1.   1.   ..   11   11   1?",
    Death.AFTER_LAST_RECEIPT: "   1.   1.   11   11   11   1?",
    Death.BEFORE_OUTCOME_COMMIT: "1.   1.   ..   11   ..   1?",
    Death.AFTER_OUTCOME_COMMIT: " 1.   1.   ..   11   ..   1?",
    Death.BEFORE_OUTCOME_PUSH: "  1.   1.   11   11   11   1?",
    Death.AFTER_OUTCOME_PUSH: "   1.   1.   ..   11   ..   11",
    Death.AFTER_OUTCOME_REF: "    1.   1.   ..   11   ..   11",
    Death.BEFORE_DISCARD: "       1.   1.   ..   11   ..   11",
    Death.AFTER_DISCARD: "        1.   1.   ..   11   ..   11",
}
"""A blind run never waits in doubt: there is nothing to wait for."""

EDIT, WITHDRAW = "an edit's run is", "a withdrawal's run is"
_CHANGES = dict.fromkeys(KINDS, (EDIT, WITHDRAW))
CHANGES = {
    Death.AFTER_CLAIM_PUSH: "     11   ..   ..   ..   ..   11",
    Death.BEFORE_REQUEST: "       11   11   ..   ..   ..   11",
    Death.AFTER_REQUEST: "        11   11   ..   ..   ..   11",
    Death.BEFORE_OUTCOME_PUSH: "  11   11   ..   ..   ..   11",
    Death.AFTER_OUTCOME_PUSH: "   11   ..   ..   ..   ..   11",
}


def _go_on(stage: Stage, case: Combination) -> Verdict:
    with stage.trial(case.kind) as trial:
        _kill(stage, trial, Death(case.trouble), Files())
        again = trial.machine if case.step == HERE else trial.other
        return trial.verdict_two_runs_later(Files(), again, again)


def _change_again(stage: Stage, case: Combination) -> Verdict:
    wanted = Files(edition=2, withdrawn=case.step == WITHDRAW)
    with stage.trial(case.kind) as trial:
        assert trial.run(trial.machine, Files()) is None
        _kill(stage, trial, Death(case.trouble), wanted)
        return trial.verdict_two_runs_later(wanted, trial.machine, trial.other)


def _kill(stage: Stage, trial: Trial, death: Death, files: Files) -> None:
    if death.fault:
        trial.proxy.spoil(death.fault, 2)
    machine, url = trial.machine, trial.proxy.url
    order = Order(machine.root, machine.clock.now(), trial.target, url, files, death)
    ended = stage.nursery.run(order)
    assert ended == KILLED, f"it did not come to its death {death}"
    trial.proxy.heal()


KILLED_SENDING = tuple(read(DEATHS, STEPS, _go_on))
KILLED_CHANGING = tuple(read(CHANGES, _CHANGES, _change_again))


@cases(KILLED_SENDING)
def test_a_run_that_is_killed(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected


@cases(KILLED_CHANGING)
def test_a_run_that_is_killed_at_a_change(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected
