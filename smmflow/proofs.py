"""Proofs: what a plan does only if the right people approved it as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from smmflow import approving, planning
from smmflow.credentials import Credentials
from smmflow.errors import SmmflowError
from smmflow.memory import repository_of
from smmflow.model.approval import Asked, Unknown, Verdict
from smmflow.model.plan import Plan, Sensitive, target
from smmflow.model.team import ApprovalSource, Team
from smmflow.model.workspace import Workspace
from smmflow.workflow import Prepared

if TYPE_CHECKING:  # loaded when it is asked for
    from smmflow.forge import Witness

__all__ = ["prove", "verdicts"]


def prove(prepared: Prepared, plan: Plan, credentials: Credentials) -> Plan:
    """Return the plan with everything held that is not proven to be approved.

    Asks the forge, if approvals are recorded there, only about what would be done now.
    """
    workspace = prepared.workspace
    deeds = [each for each in plan.deeds if isinstance(each, Sensitive)]
    team = workspace.team
    if team.path in workspace.unreadable:  # it may be what requires approvals
        why = Unknown(f"{team.path} has a fault; see `smmflow check`")
        return planning.gate(plan, {target(deed): why for deed in deeds})
    if team.approvals is ApprovalSource.NONE:
        return plan
    asked = [approving.asked_by(workspace, deed) for deed in deeds]
    wanted = [each for each in asked if each is not None]
    return planning.gate(plan, verdicts(workspace, wanted, credentials))


def verdicts(
    workspace: Workspace, asked: Iterable[Asked], credentials: Credentials
) -> Mapping[tuple[str, str], Verdict]:
    """Return, by post and channel, whether it is approved as it is, with proof.

    Where git or the forge can't be asked, the verdict says why.
    """
    from smmflow.forge import open_witness  # noqa: PLC0415 - a check starts without

    wanted = tuple(asked)
    team, remote = workspace.team, workspace.state.remote
    try:
        repository = repository_of(workspace)
        with open_witness(team, repository, remote, credentials) as witness:
            return {(e.post, e.channel): _verdict(team, e, witness) for e in wanted}
    except SmmflowError as problem:
        unknown = _unknown(problem)
        return {(each.post, each.channel): unknown for each in wanted}


def _verdict(team: Team, asked: Asked, witness: Witness) -> Verdict:
    try:
        return approving.judge(team, asked, witness.tell(asked.files))
    except SmmflowError as problem:
        return _unknown(problem)


def _unknown(problem: SmmflowError) -> Unknown:
    return Unknown("; ".join(filter(None, (problem.message, problem.hint))))
