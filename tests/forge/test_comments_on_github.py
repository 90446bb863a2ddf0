"""The comment on a pull request: written once, kept up to date, never another's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smmflow.model.review import Review, ReviewChange, ReviewEntry, ReviewPart
from smmflow.reviewing import MARK, encode_review
from tests.cli.terminal import smmflow
from tests.servers.company import LAUNCH, POST, Company
from tests.servers.github import Proposal

JOB = "github-actions[bot]"


def review_of(*words: str) -> bytes:
    entries = tuple(
        ReviewEntry(
            post=f"p{number}",
            path=f"content/posts/p{number}.md",
            title="شروع",
            channel="site",
            change=ReviewChange.NEW,
            parts=(ReviewPart(each),),
        )
        for number, each in enumerate(words)
    )
    return encode_review(Review("main", "0" * 40, "Asia/Tehran", "0123", entries))


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "artifact"
    folder.mkdir()
    (folder / "review.json").write_bytes(review_of("نسخهٔ ۳ می‌آید"))
    return folder


def comment(artifact: Path, head: str, *more: str) -> tuple[int, str]:
    """Run the command as the trusted job does, outside of any repository."""
    ran = smmflow(
        artifact.parent, "comment", "--artifact", str(artifact), "--head", head, *more
    )
    return ran.returncode, ran.stdout + ran.stderr


def bodies(proposal: Proposal) -> list[str]:
    return [each.body for each in proposal.comments]


def test_there_is_one_comment_and_it_follows_the_change(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    assert "نسخهٔ ۳ می‌آید" in bodies(proposal)[0]
    assert proposal.head[:12] in bodies(proposal)[0]
    assert comment(artifact, proposal.head) == (0, "#2: comment unchanged\n")
    (artifact / "review.json").write_bytes(review_of("نسخهٔ ۴ می‌آید"))
    assert comment(artifact, proposal.head) == (0, "#2: comment updated\n")
    (body,) = bodies(proposal)
    assert "نسخهٔ ۴ می‌آید" in body


def test_a_pull_request_is_told_as_it_is(company: Company, artifact: Path) -> None:
    lasting = "## شروع\n\n@octocat *نسخهٔ ۳* می‌آید\n"
    proposal = company.propose({LAUNCH: POST + lasting}, by="mina")
    ran = smmflow(
        company.folder,
        *("review", "--base", "origin/main", "--format", "json"),
        *("--output", str(artifact / "review.json")),
    )
    assert ran.returncode == 0, ran.stderr
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    (body,) = bodies(proposal)
    assert "### smmflow: 1 post (1 new)" in body
    assert "1 approval by editor (sara, omid)" in body
    assert "@octocat" not in body


def test_a_pull_request_that_changes_its_own_check_is_not_taken_at_its_word(
    company: Company, artifact: Path
) -> None:
    workflow = ".github/workflows/check.yml"
    proposal = company.propose({LAUNCH: POST, workflow: "on: push\n"})
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    (body,) = bodies(proposal)
    assert "This pull request changes how it is checked" in body
    assert workflow in body


def test_a_pull_request_from_a_fork_is_found(company: Company, artifact: Path) -> None:
    proposal = company.propose({LAUNCH: POST})
    proposal.is_from_fork = True
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    assert len(bodies(proposal)) == 1


def test_only_the_last_commit_of_an_open_pull_request_counts(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    old = proposal.head
    company.push_more(proposal, {LAUNCH: POST + "More.\n"}, "mina")
    code, said = comment(artifact, old)
    assert (code, bodies(proposal)) == (0, [])
    assert "no open pull request" in said
    company.github.merge(proposal)
    assert "no open pull request" in comment(artifact, proposal.head)[1]


def test_a_commit_that_github_does_not_have_is_nobodys(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    assert comment(artifact, "f" * 40)[0] == 0
    assert bodies(proposal) == []


def test_comments_of_others_stay_as_they_are_even_if_they_begin_like_ours(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.comment(proposal, "mallory", f"{MARK}\nApproved")
    company.github.comment(proposal, JOB, "of another job")
    comment(artifact, proposal.head)
    comment(artifact, proposal.head)
    assert bodies(proposal)[:2] == [f"{MARK}\nApproved", "of another job"]
    assert len(bodies(proposal)) == 3


def test_ours_is_found_behind_pages_of_others(company: Company, artifact: Path) -> None:
    proposal = company.propose({LAUNCH: POST})
    for number in range(7):
        company.github.comment(proposal, "sara", f"Talk {number}")
    ours = company.github.comment(proposal, JOB, f"{MARK}\nOld")
    company.github.page_size = 3
    assert comment(artifact, proposal.head) == (0, "#2: comment updated\n")
    assert "می‌آید" in ours.body


def test_another_account_can_be_named(company: Company, artifact: Path) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.actor = "acme-bot"
    for _ in range(2):
        assert comment(artifact, proposal.head, "--account", "Acme-Bot")[0] == 0
    assert len(bodies(proposal)) == 1


def test_nothing_changed_says_so_only_where_something_was_said(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    (artifact / "review.json").write_bytes(review_of())
    assert comment(artifact, proposal.head) == (0, "#2: comment unneeded\n")
    company.github.comment(proposal, JOB, f"{MARK}\nOld")
    assert comment(artifact, proposal.head) == (0, "#2: comment updated\n")
    assert "Nothing that smmflow publishes is different." in bodies(proposal)[0]


def test_a_huge_review_fits_into_a_comment(company: Company, artifact: Path) -> None:
    proposal = company.propose({LAUNCH: POST})
    (artifact / "review.json").write_bytes(review_of(*["سلام 😀 " * 500] * 300))
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    assert "There is no room for everything" in bodies(proposal)[0]


def test_a_token_that_may_not_comment_is_told_what_it_lacks(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    company.github.may_comment = False
    code, said = comment(artifact, proposal.head)
    assert code == 4
    assert "pull-requests: write" in said


def test_a_job_without_a_token_is_told_how_to_give_it(
    company: Company, artifact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = company.propose({LAUNCH: POST})
    monkeypatch.delenv("GITHUB_TOKEN")
    code, said = comment(artifact, proposal.head)
    assert code == 2
    assert "GITHUB_TOKEN is not set" in said


@pytest.mark.parametrize(
    "head", ["", "main", "a" * 39, "../../../user", "a" * 40 + "/x", "A" * 40]
)
def test_a_head_that_is_no_commit_is_refused(
    company: Company, artifact: Path, head: str
) -> None:
    assert comment(artifact, head)[0] == 2
    assert company.github.log == []


def test_a_file_of_a_hundred_megabytes_is_not_read(
    company: Company, artifact: Path
) -> None:
    with (artifact / "review.json").open("wb") as file:
        file.truncate(100_000_000)
    code, said = comment(artifact, "a" * 40)
    assert code == 2
    assert "more than 5000000 bytes" in said
    assert company.github.log == []


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing", "loop"])
def test_what_is_no_ordinary_file_is_not_followed(
    company: Company, artifact: Path, kind: str
) -> None:
    file = artifact / "review.json"
    elsewhere = artifact.parent / "secret.json"
    file.rename(elsewhere)
    match kind:
        case "link":
            file.symlink_to(elsewhere)
        case "loop":
            file.symlink_to(file)
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case _:
            assert not file.exists()
    code, said = comment(artifact, "a" * 40)
    assert code == 2
    assert "review.json" in said
    assert company.github.log == []


def test_other_files_of_the_artifact_are_left_alone(
    company: Company, artifact: Path
) -> None:
    proposal = company.propose({LAUNCH: POST})
    (artifact / "index.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    (artifact / "pr-number").write_text("1", encoding="utf-8")
    (artifact / "away").symlink_to("/etc/passwd")
    assert comment(artifact, proposal.head) == (0, "#2: comment created\n")
    assert "script" not in bodies(proposal)[0]


def test_a_file_that_is_no_review_is_refused_before_anybody_is_asked(
    company: Company, artifact: Path
) -> None:
    (artifact / "review.json").write_bytes(b"[" * 1_000_000)
    code, said = comment(artifact, "a" * 40)
    assert code == 2
    assert "no review" in said
    assert company.github.log == []
