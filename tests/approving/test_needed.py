from __future__ import annotations

from dataclasses import replace

from smmflow.approving import needed
from smmflow.model.approval import Asked
from smmflow.model.review import NeededApproval
from smmflow.model.team import ApprovalRule, ApprovalSource, Member, Team

TEAM = Team(
    approvals=ApprovalSource.FORGE,
    members=(
        Member("sara", "Sara", roles=("editor",)),
        Member("lena", "Lena", roles=("lawyer",)),
    ),
    rules=(
        ApprovalRule(("editor",), paths=("content/**",)),
        ApprovalRule(("lawyer",), count=2, risks=("high",)),
    ),
)
FILES = ("content/posts/launch.md", "content/templates/footer.md")
LAUNCH = Asked("launch", "sky", FILES)


def test_changed_files_need_what_the_rules_say_each_once() -> None:
    assert needed(TEAM, LAUNCH, FILES) == (
        NeededApproval("1 approval by editor", ("sara",)),
    )


def test_rules_about_risk_count_beside_those_about_paths() -> None:
    assert needed(TEAM, replace(LAUNCH, risk="high"), FILES[:1]) == (
        NeededApproval("1 approval by editor", ("sara",)),
        NeededApproval("2 approvals by lawyer", ("lena",)),
    )


def test_files_that_did_not_change_need_nothing() -> None:
    assert needed(TEAM, LAUNCH, ["content/posts/other.md"]) == ()


def test_a_team_that_asks_for_none_needs_none() -> None:
    none = replace(TEAM, approvals=ApprovalSource.NONE)
    assert needed(none, LAUNCH, FILES) == ()
