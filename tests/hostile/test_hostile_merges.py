"""What of a hostile pull request that was merged all the same goes out: nothing."""

from __future__ import annotations

import pytest

from tests.hostile.attacks import ATTACKS, OUTSIDE, POST, Attack, post
from tests.hostile.job import run
from tests.servers.company import TEAM, Company

OF_POSTS = [
    attack
    for attack in ATTACKS
    if not attack.heavy and not {"channels.yaml", "strategy.md"} & set(attack.files)
]
MINA_RULES = TEAM.replace("roles: [writer]", "roles: [editor, lawyer]")


def merged(company: Company, *attacks: Attack, by: str = "mina") -> int:
    """Merge hostile changes that nobody approved; return the pull request."""
    company.git("config", "fetch.recurseSubmodules", "false")  # as a new checkout
    company.git("checkout", "--quiet", "-B", "hostile", "origin/main")
    for number, attack in enumerate(attacks):
        attack.make(company.folder)
        written = company.folder / POST
        if written.exists() and len(attacks) > 1:
            written.rename(written.with_name(f"attack-{number}.md"))
    company.git("add", "--all")
    company.git("commit", "--quiet", "--message", "Change", by=by)
    company.push("hostile", by)
    proposal = company.github.propose("hostile", by)
    company.github.merge(proposal)
    company.pull()
    return proposal.number


def test_nothing_of_it_is_published_and_each_hold_says_why(company: Company) -> None:
    outside = company.folder.with_name("outside")
    outside.mkdir()
    (outside / "canary.txt").write_text(OUTSIDE)
    alone = [each for each in OF_POSTS if "posts a link" not in each.name]
    merged(company, *alone)
    done = run(company.folder, "publish", "--yes", "--allow-many")
    assert done.returncode == 0, done.stderr
    assert "0 published, 0 not, " in done.stdout
    assert "(unapproved)" in done.stdout
    assert OUTSIDE not in done.stdout + done.stderr
    assert "ledger" not in company.git("ls-tree", "-r", "--name-only", "HEAD")
    assert not list(company.folder.parent.rglob("pwned"))
    assert [each.name for each in outside.iterdir()] == ["canary.txt"]


@pytest.mark.parametrize(
    "team",
    [
        pytest.param(MINA_RULES, id="makes its author an editor"),
        pytest.param(TEAM.replace("omid", "mallory"), id="swaps an editor"),
        pytest.param(TEAM.partition("rules:")[0] + "rules: []\n", id="has no rules"),
        pytest.param(TEAM + "rules: {broken\n", id="is broken"),
    ],
)
def test_a_team_that_nobody_approved_approves_nothing(
    company: Company, team: str
) -> None:
    number = merged(company, Attack("team", {"team.yaml": team, POST: post()}))
    proposal = company.github.proposals[number]
    for reviewer in ("mina", "mallory", "github-actions[bot]"):
        company.github.review(proposal, reviewer, "COMMENTED")
    company.github.review(proposal, "mina")
    company.github.review(proposal, "github-actions[bot]")
    done = run(company.folder, "publish", "--yes")
    assert done.stdout.endswith("0 published, 0 not, 1 held\n"), done.stderr


def test_a_team_that_begins_to_count_from_the_attack_approves_nothing(
    company: Company,
) -> None:
    merged(company, Attack("post", {POST: post()}))
    newest = company.git("rev-parse", "HEAD")
    merged(company, Attack("since", {"team.yaml": f"since: {newest}\n{TEAM}"}))
    done = run(company.folder, "publish", "--yes")
    assert done.stdout.endswith("0 published, 0 not, 1 held\n"), done.stderr
    assert "team.yaml needs 1 approval" in done.stdout
