"""Approvals on GitHub: every case decided on purpose, one test each.

Real repositories, real merges; GitHub's side is held against its own description.
`docs/explanation/approvals.md` has the same table in words.
"""

from __future__ import annotations

import pytest

from smmflow.model.approval import Approved, Missing, Unknown
from tests.servers.company import FILES, LAUNCH, POST, TEAM, Company
from tests.servers.github import Proposal

FOOTER = "content/templates/footer.md"
PICTURE = "content/media/a.png"
WITH_FOOTER = POST + '\n{% include "footer" %}\n'
WITH_PICTURE = POST.replace(
    "channels: [site]", "channels: [site]\nmedia: [{file: media/a.png, alt: A dot}]"
)


def approved(company: Company, files: dict[str, str], **how: str) -> Proposal:
    """Propose, have Sara approve and merge some files."""
    proposal = company.propose(files, **how)
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    company.git("fetch", "--quiet", "origin")
    return proposal


# --- How it came to the main branch ---------------------------------------------------


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_an_approved_pull_request_counts_however_it_is_merged(
    company: Company, how: str
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.push_more(proposal, {"content/posts/other.md": POST}, by="mina")
    company.github.review(proposal, "sara")
    company.github.merge(proposal, how)
    verdict = company.verdict()
    assert isinstance(verdict, Approved)
    [post] = [each for each in verdict.approvals if LAUNCH in each.files]
    assert (post.by, post.account) == ("sara", "sara")
    assert post.where.endswith("/pull/2#pullrequestreview-200")


def test_what_was_pushed_directly_is_not_approved(company: Company) -> None:
    company.push_directly({LAUNCH: POST})
    assert "which no merged pull request has" in company.said()


def test_what_a_bot_pushed_directly_is_not_approved(company: Company) -> None:
    company.push_directly({LAUNCH: POST}, by="robot[bot]")
    assert "by Robot[Bot], which no merged pull request has" in company.said()


def test_a_bots_pull_request_needs_a_person_like_any_other(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST}, by="robot[bot]")
    company.github.merge(proposal)
    assert "it came with #2; nobody approved it" in company.said()
    company.github.review(proposal, "sara")
    assert company.said() == "approved by omid, sara"


def test_a_pull_request_into_another_branch_does_not_count(company: Company) -> None:
    company.git("push", "--quiet", "origin", "origin/main:refs/heads/next")
    proposal = company.propose({LAUNCH: POST})
    proposal.base = "next"
    company.github.review(proposal, "sara")
    company.github.merge(proposal, "merge")
    company.git("fetch", "--quiet", "origin")
    company.git("push", "--quiet", "origin", "origin/next:refs/heads/main")
    assert "which no merged pull request has" in company.said()


def test_a_renamed_post_stays_approved(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.push_directly({LAUNCH: None, "content/posts/start.md": POST})
    assert company.said("start") == "approved by omid, sara"


def test_a_post_renamed_and_changed_is_not_approved(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.push_directly({LAUNCH: None, "content/posts/start.md": POST + "Buy now.\n"})
    assert "which no merged pull request has" in company.said("start")


def test_a_copy_of_an_approved_post_is_not_approved(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.push_directly({"content/posts/start.md": POST})
    assert "which no merged pull request has" in company.said("start")


def test_a_revert_needs_an_approval_of_its_own(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    approved(company, {LAUNCH: POST + "A correction.\n"}, branch="correction")
    company.pull()
    company.git("revert", "--no-edit", "HEAD", by="mina")
    company.push("main", "mina")
    assert "which no merged pull request has" in company.said()


def test_a_revert_through_a_pull_request_is_approved_there(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    approved(company, {LAUNCH: POST + "A slip.\n"}, branch="slip")
    approved(company, {LAUNCH: POST}, branch="revert")
    assert company.said() == "approved by omid, sara"


def test_of_two_pull_requests_on_one_file_the_last_decides(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    second = company.propose({LAUNCH: POST + "More.\n"}, branch="second")
    company.github.merge(second)
    assert "it came with #3; nobody approved it" in company.said()
    company.github.review(second, "omid")
    assert company.said() == "approved by omid"


def test_bytes_that_only_the_merge_made_were_reviewed_by_nobody(
    company: Company,
) -> None:
    long = POST + "".join(f"\nParagraph {n}.\n" for n in range(20))
    approved(company, {LAUNCH: long})
    first = company.propose({LAUNCH: long.replace("We are", "Hello, we are")})
    last = company.propose({LAUNCH: long + "\nThe end.\n"}, branch="last")
    for each in (first, last):
        company.github.review(each, "sara")
        company.github.merge(each, "merge")
    said = company.said()
    assert "it came with #4; sara approved other bytes, as of another push" in said


def test_what_is_not_committed_is_not_approved(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.pull()
    company.write({LAUNCH: POST + "Quickly.\n", "content/posts/new.md": POST})
    for post, why in (("launch", "changed here"), ("new", "not committed")):
        verdict = company.verdict_here(post)
        assert isinstance(verdict, Missing)
        assert why in verdict.lacks[0].why


def test_a_shallow_clone_proves_nothing(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.pull()
    folder = company.folder.with_name("shallow")
    url = company.github.repository.as_uri()
    company.git("clone", "--quiet", "--depth=1", url, str(folder))
    company.folder = folder
    verdict = company.verdict_here()
    assert isinstance(verdict, Unknown)
    assert "fetch-depth: 0" in verdict.why


# --- Who approved it ------------------------------------------------------------------


def test_nobody_approves_their_own_pull_request(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST}, by="sara")
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    verdict = company.verdict()
    assert isinstance(verdict, Missing)
    [lack] = verdict.lacks
    assert lack.why == "it came with #2; sara opened the pull request"
    assert lack.whom == ("omid",)
    assert lack.remedy == "ask omid to approve https://github.com/acme/social/pull/2"


def test_who_pushed_last_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST}, by="mina")
    company.push(proposal.branch, by="sara")  # under Mina's name, by Sara's hand
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said().endswith("it came with #2; sara pushed to it last")


def test_who_wrote_a_commit_of_it_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST}, by="sara")
    company.push_more(proposal, {"content/posts/b.md": POST}, by="mina")
    proposal.author = "mina"
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said().endswith("sara wrote a commit of it")


def test_who_pushed_last_is_guessed_from_commits_if_nobody_can_say(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST}, by="sara")
    proposal.author = "mina"
    company.github.pushes.clear()
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said().endswith("sara wrote a commit of it")


def test_an_approval_of_the_wrong_role_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "lena")
    company.github.merge(proposal)
    assert company.said().endswith("it came with #2; lena is no editor")


def test_an_approval_of_a_stranger_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "mallory")
    company.github.merge(proposal)
    assert company.said().endswith("it came with #2; mallory is not in team.yaml")


def test_an_approval_of_a_deleted_user_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara").by = None
    company.github.merge(proposal)
    assert company.said().endswith("somebody approved, and that account was deleted")


def test_a_pull_request_of_a_deleted_user_is_as_good_as_its_reviews(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    proposal.author = None
    assert company.said() == "approved by omid, sara"


def test_an_approval_of_a_bot_does_not_count_whatever_the_team_says(
    company: Company,
) -> None:
    people = TEAM.replace("github: sara", 'github: "robot[bot]"')
    approved(company, {"team.yaml": people}, branch="robots")
    company.github.review(company.github.proposals[2], "omid")
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "robot[bot]")
    company.github.merge(proposal)
    assert company.said().endswith("sara is no person")


def test_names_on_github_differ_in_more_than_case(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "Sara")
    company.github.merge(proposal)
    assert company.said() == "approved by omid, sara"


# --- What was approved ----------------------------------------------------------------


def test_an_approval_of_an_earlier_push_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.push_more(proposal, {LAUNCH: POST + "And more.\n"}, by="mina")
    company.github.merge(proposal)
    assert company.said().endswith("sara approved other bytes, as of another push")


def test_a_later_push_that_leaves_the_file_alone_spoils_nothing(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.push_more(proposal, {"content/posts/other.md": POST}, by="mina")
    company.github.merge(proposal)
    assert company.said() == "approved by omid, sara"
    assert "other bytes" in company.said("other")


def test_a_force_push_after_the_approval_spoils_it(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.git("reset", "--quiet", "--hard", "origin/main")
    company.commit({LAUNCH: POST.replace("here", "there")}, "mina")
    company.push(proposal.branch, "mina")
    company.github.merge(proposal)
    assert company.said().endswith("sara approved other bytes, as of another push")


def test_a_review_of_a_commit_that_github_has_forgotten_does_not_count(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara").commit = None
    company.github.merge(proposal)
    assert company.said().endswith("sara approved other bytes, as of another push")


def test_a_dismissed_review_does_not_count(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara").state = "DISMISSED"
    company.github.merge(proposal)
    assert company.said().endswith("sara approved, and that was dismissed")


def test_who_asks_for_changes_afterwards_takes_the_approval_back(
    company: Company,
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.review(proposal, "sara", "CHANGES_REQUESTED")
    company.github.review(proposal, "sara", "COMMENTED")
    company.github.merge(proposal)
    assert "sara approved, and asked for changes after that" in company.said()
    company.github.review(proposal, "sara")
    assert company.said() == "approved by omid, sara"


def test_a_template_changed_after_the_approval_needs_its_own(company: Company) -> None:
    approved(company, {LAUNCH: WITH_FOOTER, FOOTER: FILES[FOOTER] + "\n"})
    assert company.said() == "approved by omid, sara"
    company.push_directly({FOOTER: FILES[FOOTER] + "Buy now.\n"})
    assert company.said().startswith(f"{FOOTER}: 1 approval by editor: it came in")


def test_a_picture_changed_after_the_approval_needs_its_own(company: Company) -> None:
    company.git("checkout", "--quiet", "-B", "pictures", "origin/main")
    company.write({LAUNCH: WITH_PICTURE})
    _paint(company, "red")
    company.git("add", "--all")
    company.git("commit", "--quiet", "--message=A picture", by="mina")
    company.push("pictures", "mina")
    proposal = company.github.propose("pictures", "mina")
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said() == "approved by omid, sara"
    company.pull()
    _paint(company, "blue")
    company.push_directly({})
    assert company.said().startswith(f"{PICTURE}: 1 approval by editor: it came in")


def _paint(company: Company, colour: str) -> None:
    from PIL import Image  # noqa: PLC0415 - one test needs it

    file = company.folder / PICTURE
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (10, 10), colour).save(file)


def test_a_team_that_somebody_pushed_approves_nothing(company: Company) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "mallory")
    company.github.merge(proposal)
    mallory = "  mallory: {name: Mallory, github: mallory, roles: [editor]}\nrules:"
    company.push_directly({"team.yaml": TEAM.replace("rules:", mallory)})
    assert company.said().startswith("team.yaml: 1 approval by anybody in team.yaml")


def test_what_was_there_before_needs_no_approval_until_it_changes(
    company: Company,
) -> None:
    company.push_directly({LAUNCH: POST})
    since = f"since: {company.git('rev-parse', 'HEAD')}\n"
    approved(company, {"team.yaml": since + TEAM}, branch="since")
    assert company.said() == "approved by sara"
    company.push_directly({LAUNCH: POST + "Buy now.\n"})
    assert "which no merged pull request has" in company.said()


# --- Which rules ----------------------------------------------------------------------


def test_a_risk_needs_what_its_rule_says_besides(company: Company) -> None:
    risky = POST.replace("title: Launch", "title: Launch\nrisk: high")
    proposal = company.propose({LAUNCH: risky})
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said().startswith(f"{LAUNCH}: 1 approval by lawyer")
    company.github.review(proposal, "lena")
    assert company.said() == "approved by lena, omid, sara"


def test_two_approvals_are_of_two_people(company: Company) -> None:
    twice = TEAM.replace('["content/**"]', '["content/**"], count: 2')
    approved(company, {"team.yaml": twice}, branch="twice")
    proposal = company.propose({LAUNCH: POST})
    company.github.review(proposal, "sara")
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    verdict = company.verdict()
    assert isinstance(verdict, Missing)
    assert (verdict.lacks[0].what, verdict.lacks[0].whom) == (
        "2 approvals by editor",
        ("omid",),
    )
    company.github.review(proposal, "omid")
    assert company.said() == "approved by omid, sara"


# --- Asking ---------------------------------------------------------------------------


def test_long_lists_are_read_to_their_end(company: Company) -> None:
    company.github.page_size = 2
    proposal = company.propose({LAUNCH: POST})
    for _ in range(4):
        company.github.review(proposal, "lena", "COMMENTED")
    company.github.review(proposal, "sara")
    company.github.merge(proposal)
    assert company.said() == "approved by omid, sara"


def test_each_thing_is_asked_once(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.pull()
    company.github.log.clear()
    company.verdict_here()
    asked = [
        each.path.removeprefix("/repos/acme/social/") for each in company.github.log
    ]
    assert len(asked) == len(set(asked)) + 1  # the activity of two branches
    assert len(asked) == 11  # five for the post, six for the team and the channels


def test_a_forge_that_does_not_answer_proves_nothing(company: Company) -> None:
    approved(company, {LAUNCH: POST})
    company.github.away = True
    assert company.said().startswith("unknown: GitHub answered 502")


def test_a_wrong_token_is_told(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(company, {LAUNCH: POST})
    monkeypatch.setenv("GITHUB_TOKEN", "expired")
    assert company.said() == (
        "unknown: GitHub answered 401: Bad credentials; see that GITHUB_TOKEN is still "
        "valid and may read contents and pulls"
    )


def test_a_remote_that_is_not_on_github_needs_a_word(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(company, {LAUNCH: POST})
    monkeypatch.delenv("GITHUB_REPOSITORY")
    assert "set GITHUB_REPOSITORY=owner/name" in company.said()
