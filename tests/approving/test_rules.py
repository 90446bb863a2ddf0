from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.approving import codeowners
from smmflow.approving.rules import may_approve, pattern, rules_for
from smmflow.model.approval import Asked
from smmflow.model.team import ApprovalRule, Member, Team

SARA = Member("sara", "Sara", (("github", "Sara-X"),), ("editor",))
OMID = Member("omid", "Omid", (("github", "omid"),), ("editor", "lead"))
NOBODY = Member("desk", "Desk", roles=("editor",))
POST = "content/posts/launch.md"


def asked(channel: str = "site", campaign: str = "", risk: str = "") -> Asked:
    return Asked("launch", channel, (POST,), campaign, risk)


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("content/**", POST, True),
        ("/content/**", POST, True),
        ("content/", POST, True),
        ("content/*", POST, False),
        ("**/*.md", POST, True),
        ("**/*.md", "launch.md", True),
        ("content/posts/*.md", POST, True),
        ("content/posts/l?unch.md", POST, True),
        ("content/posts/launch.md", POST, True),
        ("content/posts/launch", POST, False),
        ("posts/**", POST, False),
        ("content/نوشته‌ها/*.md", "content/نوشته‌ها/سلام.md", True),
        ("a+(b)/[c].md", "a+(b)/[c].md", True),
    ],
)
def test_globs_name_files(glob: str, path: str, *, fits: bool) -> None:
    assert bool(pattern(glob).fullmatch(path)) is fits


@given(st.text(st.characters(exclude_characters="*?/"), min_size=1))
def test_a_path_without_wildcards_names_itself_and_nothing_more(path: str) -> None:
    assert pattern(path).fullmatch(path)
    assert not pattern(path).fullmatch(f"{path}x")


@pytest.mark.parametrize(
    ("rule", "about", "fits"),
    [
        (ApprovalRule(("lead",)), asked(), True),
        (ApprovalRule(("lead",), channels=("site",)), asked(), True),
        (ApprovalRule(("lead",), channels=("site",)), asked("bluesky"), False),
        (ApprovalRule(("lead",), campaigns=("spring",)), asked(), False),
        (
            ApprovalRule(("lead",), campaigns=("spring",), risks=("high",)),
            asked(campaign="spring"),
            False,
        ),
        (
            ApprovalRule(("lead",), campaigns=("spring",), risks=("high",)),
            asked(campaign="spring", risk="high"),
            True,
        ),
        (ApprovalRule(("lead",), paths=("content/media/**",)), asked(), False),
    ],
)
def test_a_rule_applies_where_everything_it_names_fits(
    rule: ApprovalRule, about: Asked, *, fits: bool
) -> None:
    found = rules_for(Team(rules=(rule,)), about, POST)
    assert (rule in found) is fits
    assert len(found) == 1  # what no rule speaks of needs an approval of anybody


def test_a_rule_names_roles_or_people() -> None:
    assert may_approve(ApprovalRule(("lead",)), OMID)
    assert may_approve(ApprovalRule(("sara",)), SARA)
    assert not may_approve(ApprovalRule(("lead", "omid")), SARA)


def test_rules_about_posts_are_not_about_the_team() -> None:
    rule = ApprovalRule(("lead",), risks=("high",))
    team = Team(rules=(rule,), signers="keys")
    for file in ("team.yaml", "keys"):
        assert rule not in rules_for(team, asked(risk="high"), file)


def test_codeowners_are_those_whose_approval_a_path_needs() -> None:
    rules = (
        ApprovalRule(("editor",)),
        ApprovalRule(("lead",), paths=("content/campaigns/**", "my files/")),
        ApprovalRule(("lead",), risks=("high",)),
    )
    text = codeowners(Team(members=(SARA, OMID, NOBODY), rules=rules))
    assert [row for row in text.splitlines() if not row.startswith("#")] == [
        "* @Sara-X @omid",
        "/content/campaigns/** @Sara-X @omid",
        "/my\\ files/ @Sara-X @omid",
    ]


def test_without_general_rules_everybody_owns_what_no_rule_names() -> None:
    rules = (ApprovalRule(("lead",), paths=("content/**",)),)
    text = codeowners(Team(members=(SARA, OMID, NOBODY), rules=rules))
    assert [row for row in text.splitlines() if not row.startswith("#")] == [
        "* @Sara-X @omid",
        "/content/** @omid",
    ]


def test_a_team_without_accounts_owns_nothing() -> None:
    text = codeowners(Team(members=(NOBODY,), rules=(ApprovalRule(("editor",)),)))
    assert all(row.startswith("#") for row in text.splitlines())
