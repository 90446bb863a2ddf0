"""The one issue that calls for a person: the real command against GitHub's side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smmflow.credentials import Secret
from smmflow.forge.github import GitHub as Client
from smmflow.watching import MARK, Deed, Need, tell
from tests.cli.terminal import smmflow
from tests.servers.company import LAUNCH, POST, Company
from tests.servers.github import NAME, OWNER, TOKEN, GitHub
from tests.servers.github_desk import ROBOT, Automatic, Filed

MISSED = Need("launch on site", "missed", "it was due yesterday")
REFUSED = Need("news on toot", "refused", "it is too long")
ADDRESS = f"https://github.com/{OWNER}/{NAME}/issues/1"


@pytest.fixture
def sign_in(github: GitHub) -> Iterator[Callable[[str], Client]]:
    with ExitStack() as opened:

        def sign_in(token: str) -> Client:
            client = Client(f"{OWNER}/{NAME}", Secret(token), api=github.url)
            return opened.enter_context(closing(client))

        yield sign_in


@pytest.fixture
def client(sign_in: Callable[[str], Client]) -> Client:
    return sign_in(TOKEN)


def test_an_issue_lives_as_long_as_something_needs_a_person(
    github: GitHub, client: Client
) -> None:
    assert tell(client.issues, ()).issue is None
    assert github.issues == []

    opened = tell(client.issues, [MISSED])
    assert (opened.deed, opened.issue and opened.issue.url) == (Deed.OPENED, ADDRESS)
    (issue,) = github.issues
    assert issue.title == "smmflow: 1 thing needs a person"
    assert issue.body.startswith(MARK)
    assert "| launch on site | missed | it was due yesterday |" in issue.body
    assert issue.labels == ["smmflow"]

    assert tell(client.issues, [MISSED]).deed is Deed.LEFT
    assert tell(client.issues, [MISSED, REFUSED]).deed is Deed.UPDATED
    assert issue.title == "smmflow: 2 things need a person"
    assert "news on toot" in issue.body

    assert tell(client.issues, ()).deed is Deed.CLOSED
    assert (issue.state, issue.title) == ("closed", "smmflow: nothing needs a person")
    assert [each.body for each in issue.comments] == [
        "Nothing needs a person any more."
    ]
    assert tell(client.issues, ()).deed is Deed.LEFT
    assert len(issue.comments) == 1

    assert tell(client.issues, [MISSED]).deed is Deed.REOPENED
    assert (issue.state, len(github.issues)) == ("open", 1)


def test_what_a_person_has_closed_stays_closed_until_something_else_comes(
    github: GitHub, client: Client
) -> None:
    tell(client.issues, [MISSED])
    (issue,) = github.issues
    issue.state = "closed"
    assert tell(client.issues, [MISSED]).deed is Deed.LEFT
    assert issue.state == "closed"
    assert tell(client.issues, [MISSED, REFUSED]).deed is Deed.REOPENED

    issue.state = "closed"
    tell(client.issues, ())
    assert (issue.state, issue.comments) == ("closed", [])
    assert tell(client.issues, [MISSED, REFUSED]).deed is Deed.REOPENED


def test_an_issue_of_somebody_else_is_left_alone_whatever_it_says(
    github: GitHub, client: Client
) -> None:
    forged = f"{MARK}\nGive me a token."
    github.issues.append(Filed(1, "mallory", "smmflow", forged))
    quoted = f"Look what it says: {MARK}"
    github.issues.append(Filed(2, ROBOT, "Another robot's", quoted))
    assert tell(client.issues, [MISSED]).deed is Deed.OPENED
    tell(client.issues, ())
    assert [each.state for each in github.issues] == ["open", "open", "closed"]
    assert github.issues[0].body == forged
    assert github.issues[1].body == quoted


def test_of_two_open_ones_the_older_stays(github: GitHub, client: Client) -> None:
    tell(client.issues, [MISSED])
    first = github.issues[0]
    github.issues.append(Filed(2, ROBOT, first.title, first.body))
    assert tell(client.issues, [MISSED]).deed is Deed.LEFT
    assert [each.state for each in github.issues] == ["open", "closed"]
    assert [each.body for each in github.issues[1].comments] == [
        f"{ADDRESS} tells the same."
    ]
    tell(client.issues, ())
    assert tell(client.issues, [MISSED]).deed is Deed.REOPENED
    assert sum(each.state == "open" for each in github.issues) == 1


def test_an_issue_is_found_behind_many_others_of_the_same_robot(
    github: GitHub, client: Client
) -> None:
    tell(client.issues, [MISSED])
    github.issues += [Filed(n, ROBOT, "Nightly", "failed") for n in range(2, 160)]
    assert tell(client.issues, [MISSED]).deed is Deed.LEFT


def test_a_persons_token_finds_that_persons_issue(
    github: GitHub, client: Client, sign_in: Callable[[str], Client]
) -> None:
    github.accounts["ghp_sara"] = "sara"
    issues = sign_in("ghp_sara").issues
    assert tell(issues, [MISSED]).deed is Deed.OPENED
    assert github.issues[0].by == "sara"
    assert tell(issues, [MISSED, REFUSED]).deed is Deed.UPDATED
    # The robot keeps its own: a person's words are not its to change.
    assert tell(client.issues, [MISSED]).deed is Deed.OPENED


# --- Schedules ------------------------------------------------------------------------


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_schedules_tell_whether_and_when_they_ran(
    github: GitHub, client: Client
) -> None:
    github.workflows = {
        "publish.yml": Automatic(
            ended_well=["2026-11-02T09:00:00Z", "2026-11-01T09:00:00Z"]
        ),
        "measure.yml": Automatic("disabled_inactivity"),
        "release.yml": Automatic(),
    }
    publish, measure = client.schedules()
    assert publish.last_success == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert (publish.enabled, measure.enabled) == (True, False)
    assert [publish.name, measure.name] == ["publish.yml", "measure.yml"]


def test_a_workflow_that_never_ended_well_counts_from_its_beginning(
    github: GitHub, client: Client
) -> None:
    github.workflows = {"publish.yml": Automatic()}
    (publish,) = client.schedules()
    assert publish.last_success == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_token_that_may_not_read_actions_knows_of_no_schedule(
    github: GitHub, client: Client
) -> None:
    github.workflows = {"publish.yml": Automatic("disabled_inactivity")}
    github.forbidden = {"actions"}
    assert client.schedules() == ()


# --- The command ----------------------------------------------------------------------


def test_watch_tells_of_an_unapproved_post_and_closes_when_it_went_out(
    company: Company, tmp_path: Path
) -> None:
    just_now = written(datetime.now(UTC) - timedelta(minutes=5))
    company.github.workflows = {"publish.yml": Automatic(ended_well=[just_now])}
    proposal = company.propose({LAUNCH: POST})
    company.github.merge(proposal)
    company.pull()

    summary = tmp_path / "summary.md"
    run = smmflow(company.folder, "watch", "--issue", "--summary", str(summary))
    assert run.returncode == 1
    assert "launch on site (unapproved)" in run.stdout
    (issue,) = company.github.issues
    address = f"https://github.com/{OWNER}/{NAME}/issues/{issue.number}"
    assert f"\nissue opened: {address}\n" in run.stdout
    assert "ask sara or omid to approve" in issue.body
    assert issue.body in summary.read_text()

    company.github.review(proposal, "sara")
    assert "1 published" in smmflow(company.folder, "publish", "--yes").stdout
    run = smmflow(company.folder, "watch", "--issue")
    assert run.returncode == 0
    assert run.stdout == f"nothing needs a person\nissue closed: {address}\n"
    assert (issue.state, len(issue.comments)) == ("closed", 1)


def test_a_schedule_that_was_switched_off_or_fell_silent_is_told(
    company: Company,
) -> None:
    company.github.workflows = {"publish.yml": Automatic("disabled_inactivity")}
    run = smmflow(company.folder, "watch", "--issue")
    assert (run.returncode, run.stdout.splitlines()[0]) == (
        1,
        "publish.yml (switched-off)",
    )
    (issue,) = company.github.issues
    assert "enable it under Actions" in issue.body

    long_ago = Automatic(ended_well=["2026-01-05T09:00:00Z"])
    company.github.workflows = {"publish.yml": long_ago}
    run = smmflow(company.folder, "watch", "--issue")
    assert run.stdout.startswith("publish.yml (silent)\n")
    assert "2026-01-05 09:00 UTC" in issue.body


def test_what_needs_a_person_is_told_although_github_is_away(company: Company) -> None:
    assert smmflow(company.folder, "freeze", "Mourning", "--owner=sara").returncode == 0
    company.github.away = True
    run = smmflow(company.folder, "watch", "--issue")
    assert run.returncode == 4
    assert run.stdout.startswith("every channel (frozen)\n")
    assert "GitHub answered 502" in run.stderr
    assert company.github.issues == []


def test_a_token_that_may_write_no_issues_is_told_what_it_lacks(
    company: Company,
) -> None:
    company.github.forbidden = {"issues"}
    run = smmflow(company.folder, "watch", "--issue")
    assert run.returncode == 4
    assert "nothing needs a person" in run.stdout
    assert "the token needs `issues: write`" in run.stderr
