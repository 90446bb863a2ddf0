"""Nothing goes out unapproved: the real command against GitHub's side of the story."""

from __future__ import annotations

import json

from tests.cli.terminal import smmflow
from tests.servers.company import LAUNCH, POST, Company

REVIEW = "https://github.com/acme/social/pull/1#pullrequestreview-100"
NONE = {"team.yaml": "approvals: none\n"}


def test_a_post_is_held_until_it_is_approved_and_the_proof_is_kept(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.merge(proposal)
    company.pull()

    held = smmflow(company.folder, "publish", "--yes")
    assert "held  launch on site (unapproved)" in held.stdout
    assert "ask sara or omid to approve" in held.stdout
    assert "0 published, 0 not, 1 held" in held.stdout
    assert held.returncode == 0

    company.github.review(proposal, "sara")
    sent = smmflow(company.folder, "publish", "--yes")
    assert "published  launch on site" in sent.stdout, sent.stderr
    told = smmflow(company.folder, "log", "launch").stdout
    review = "https://github.com/acme/social/pull/2#pullrequestreview-200"
    assert f"approved by sara, 2026-11-01 14:30, {review}" in told
    assert f"for {LAUNCH}" in told
    ledger = company.git("show", "smmflow-state:ledger/launch/site.json")
    approvals = json.loads(ledger)["publication"]["approvals"]
    assert [each["by"] for each in approvals] == ["omid", "sara"]


def test_an_edit_and_a_withdrawal_need_the_same(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    company.pull()
    sent = smmflow(company.folder, "publish", "--yes")
    assert "1 published" in sent.stdout, sent.stderr

    for change, done in (
        ({LAUNCH: POST + "A correction.\n"}, "1 edited"),
        ({LAUNCH: POST.replace("---\nWe", "withdrawn: true\n---\nWe")}, "1 withdrawn"),
    ):
        changed = company.propose(change, branch="next")
        company.github.merge(changed)
        company.pull()
        held = smmflow(company.folder, "publish", "--yes")
        assert "held  launch on site (unapproved)" in held.stdout
        company.github.review(changed, "sara")
        carried_out = smmflow(company.folder, "publish", "--yes")
        assert done in carried_out.stdout, carried_out.stderr


def test_a_forge_that_is_away_holds_everything_and_ends_with_4(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    company.pull()
    company.github.away = True
    ran = smmflow(company.folder, "publish", "--yes")
    assert "held  launch on site (unproven)" in ran.stdout
    assert "GitHub answered 502" in ran.stdout
    assert ran.returncode == 4
    assert "0 published, 1 not, 0 held" in ran.stdout
    asked = smmflow(company.folder, "approvals")
    assert asked.returncode == 4
    assert "not known  launch on site" in asked.stdout


def test_the_forge_is_asked_only_about_what_would_be_done_now(
    company: Company,
) -> None:
    later = POST.replace("2026-11-01", "2030-11-01")
    company.push_directly({LAUNCH: later})
    company.github.log.clear()
    ran = smmflow(company.folder, "publish", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert company.github.log == []


def test_approvals_are_explained(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "lena")
    company.github.merge(proposal)
    company.pull()
    told = smmflow(company.folder, "approvals", "launch")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "not approved  launch on site",
        f"  + omid approved channels.yaml, team.yaml (2026-11-01 14:30, {REVIEW})",
        f"  - {LAUNCH} needs 1 approval by editor (may: sara, omid)",
        "      it came with #2; lena is no editor",
        "      ask sara or omid to approve https://github.com/acme/social/pull/2",
    ]
    company.github.review(proposal, "sara")
    assert "approved  launch on site" in smmflow(company.folder, "approvals").stdout


def test_a_post_that_is_no_post_is_told(company: Company) -> None:
    company.pull()
    told = smmflow(company.folder, "approvals", "lunch")
    assert told.returncode == 2
    assert "no post is called lunch" in told.stderr


def test_every_plan_says_what_proves_approvals(company: Company) -> None:
    company.pull()
    assert "Approvals: asked of the forge" in smmflow(company.folder, "plan").stdout
    company.write(NONE)
    for shape in ("text", "markdown"):
        plan = smmflow(company.folder, "plan", "--format", shape)
        assert plan.stdout.count("Approvals: none. Whoever can push") == 1
    plan = smmflow(company.folder, "plan", "--format", "json")
    assert json.loads(plan.stdout)["approvals"] == "none"
    told = smmflow(company.folder, "approvals")
    assert "nothing needs an approval" in told.stdout


def test_a_team_that_nobody_can_read_lets_nothing_out(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    company.pull()
    assert "1 published" in smmflow(company.folder, "publish", "--yes").stdout

    other = "content/posts/other.md"
    gone = POST.replace("---\nWe", "withdrawn: true\n---\nWe")
    broken = {"team.yaml": "approvals: [", other: POST, LAUNCH: gone}
    company.push_directly(broken)
    ran = smmflow(company.folder, "publish", "--yes")
    assert "0 published" in ran.stdout
    assert "held  launch on site (unproven)" in ran.stdout
    plan = smmflow(company.folder, "plan").stdout
    assert "other on site (findings)" in plan


def test_an_approval_that_is_missing_calls_for_a_person(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.merge(proposal)
    company.pull()
    watched = smmflow(company.folder, "watch")
    assert watched.returncode == 1
    assert "unapproved" in watched.stdout
    assert "ask sara or omid to approve" in watched.stdout
