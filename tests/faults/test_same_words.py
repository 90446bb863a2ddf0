"""A network that is looked at by words: what says the same is not the same."""

from __future__ import annotations

from tests.faults.machines import Files
from tests.faults.proxy import Fault
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases
from tests.faults.verdict import Broken, Verdict


def _echo(stage: Stage, case: Combination) -> Verdict:
    with stage.trial(case.kind) as trial:
        trial.run_into(Fault(case.trouble), 3, Files(echo=True))
        trial.machine.wait_for_the_lease()
        assert trial.run(trial.machine, Files(echo=True)) is None
        live = {each.id for each in trial.target.live()}
        known = trial.machine.state().publications().values()
    receipts = [each.id for record in known for each in record.receipts]
    if sorted(receipts) != sorted(live):
        raise Broken(f"live are {live}, and the ledger has {receipts}")
    return Verdict.ONCE


ECHOES = tuple(
    Combination(kind, "a part that says the same again", fault, Verdict.ONCE, _echo)
    for kind in ("mastodon", "bluesky")
    for fault in (Fault.LOST, Fault.DROPPED_ANSWER)
)


@cases(ECHOES)
def test_parts_that_say_the_same_both_go_out_and_are_told_apart(
    case: Combination, verdict: Verdict
) -> None:
    assert verdict is case.expected
