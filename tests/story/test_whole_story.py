"""From a fork to the network: shipped workflows, run by act, on a protected main."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from smmflow.runs import LEAD
from tests.cli.terminal import git
from tests.servers.bluesky import BlueskyNetwork, Reference
from tests.servers.github_desk import ROBOT
from tests.story.newsroom import STATE, Newsroom, a_minute_ago, written

HELLO = "content/posts/hello.md"


def test_a_post_from_a_fork_is_checked_approved_published_and_measured(
    newsroom: Newsroom, bluesky_network: BlueskyNetwork
) -> None:
    main = git(newsroom.repository.path, "rev-parse", "main")
    broken = written(a_minute_ago(), "A" * 301)
    proposal = newsroom.propose({HELLO: broken})
    assert not newsroom.may_push_to_main("mina")
    faulty = newsroom.check(proposal, "check-1")
    assert not faulty.succeeded
    assert f"file={HELLO},line=6" in faulty.log
    assert newsroom.account.password not in faulty.log
    assert newsroom.comment(proposal, "comment-1").succeeded
    (comment,) = proposal.comments
    assert "### smmflow: 1 post (1 new)" in comment.body
    assert "301" in comment.body

    newsroom.push_more(proposal, {HELLO: written(a_minute_ago(), "Hello, world")})
    checked = newsroom.check(proposal, "check-2")
    assert checked.succeeded, checked.log
    pages = newsroom.runner.artifacts / "preview"
    assert "Hello, world" in (pages / "posts/hello/index.html").read_text("utf-8")
    assert newsroom.comment(proposal, "comment-2").succeeded
    assert [each.by for each in proposal.comments] == [ROBOT]  # brought up to date
    assert "Hello, world" in comment.body
    assert "1 approval by editor (sara, omid)" in comment.body
    assert git(newsroom.repository.path, "rev-parse", "main") == main

    newsroom.github.review(proposal, "sara")
    merged = newsroom.github.merge(proposal)
    published = newsroom.publish("publish-1")
    assert published.succeeded, published.log
    assert "published  hello on sky" in published.output

    record = newsroom.ledger("hello")
    assert record["outcome"] == "published"
    (approval,) = [each for each in record["approvals"] if HELLO in each["files"]]
    assert approval["by"] == "sara"
    (part,) = record["parts"]
    live = Reference(part["receipt"]["id"], part["receipt"]["more"]["cid"])
    assert bluesky_network.post_view(live.uri)["record"]["text"] == "Hello, world"

    bluesky_network.sign_in(newsroom.account).like(live)
    bluesky_network.post_view(live.uri, lambda view: view["likeCount"] == 1)
    measured = newsroom.run("measure", "measure-1")
    assert measured.succeeded, measured.log
    (counters,) = newsroom.state_files("metrics/")
    rows = git(newsroom.repository.path, "show", f"{STATE}:{counters}").splitlines()
    (read,) = [row["part"] for row in map(json.loads, rows) if "part" in row]
    assert (read["occurrence"], read["counters"]["likes"]) == ("hello", 1)

    again = newsroom.publish("publish-2")
    assert "0 published, 0 not, 0 held" in again.output
    assert newsroom.github.issues == []
    # The robot has pushed the state, and nothing else.
    assert git(newsroom.repository.path, "rev-parse", "main").strip() == merged


def test_what_was_pushed_past_review_is_held_and_called_out_until_it_is_approved(
    newsroom: Newsroom,
) -> None:
    hello = written(a_minute_ago(), "Hello, world")
    newsroom.push_past_review({HELLO: hello})
    held = newsroom.publish("publish-1")
    assert held.succeeded, held.log
    assert "held  hello on sky (unapproved)" in held.output
    (issue,) = newsroom.github.issues
    assert issue.title == "smmflow: 1 thing needs a person"
    assert "hello on sky" in issue.body
    assert "which no merged pull request has" in issue.body
    assert "hello on sky" in held.summary

    proposal = newsroom.propose({HELLO: f"{hello}\nWelcome.\n"})
    newsroom.github.review(proposal, "omid")
    newsroom.github.merge(proposal)
    published = newsroom.publish("publish-2")
    assert "published  hello on sky" in published.output, published.log
    assert issue.state == "closed"
    assert [each.body for each in issue.comments] == [
        "Nothing needs a person any more."
    ]


def test_a_post_edited_after_its_approval_is_held_until_it_is_approved_again(
    newsroom: Newsroom, bluesky_network: BlueskyNetwork
) -> None:
    proposal = newsroom.propose({HELLO: written(a_minute_ago(), "Hello, world")})
    newsroom.github.review(proposal, "sara")
    newsroom.push_more(proposal, {HELLO: written(a_minute_ago(), "Buy now")})
    newsroom.github.merge(proposal)
    held = newsroom.publish("publish-1")
    assert "held  hello on sky (unapproved)" in held.output
    assert "sara approved other bytes, as of another push" in held.output

    newsroom.github.review(proposal, "sara")
    published = newsroom.publish("publish-2")
    assert "published  hello on sky" in published.output, published.log
    (part,) = newsroom.ledger("hello")["parts"]
    view = bluesky_network.post_view(part["receipt"]["id"])
    assert view["record"]["text"] == "Buy now"


def test_two_scheduled_runs_at_once_publish_once(
    newsroom: Newsroom, bluesky_network: BlueskyNetwork
) -> None:
    proposal = newsroom.propose({HELLO: written(a_minute_ago(), "Hello, world")})
    newsroom.github.review(proposal, "sara")
    newsroom.github.merge(proposal)
    started = [newsroom.start_publishing(name) for name in ("publish-1", "publish-2")]
    runs = [newsroom.runner.finish(each) for each in started]
    assert [run.succeeded for run in runs] == [True, True], runs[0].log + runs[1].log
    assert sum("published  hello on sky" in run.output for run in runs) == 1
    (part,) = newsroom.ledger("hello")["parts"]
    bluesky_network.post_view(part["receipt"]["id"])
    feed = bluesky_network.query(
        "com.atproto.repo.listRecords",
        {"repo": newsroom.account.did, "collection": "app.bsky.feed.post"},
    )
    assert [each["uri"] for each in feed["records"]] == [part["receipt"]["id"]]


def test_the_freeze_form_stops_a_run_that_waits(newsroom: Newsroom) -> None:
    due = datetime.now(UTC) + LEAD + timedelta(seconds=40)
    proposal = newsroom.propose({HELLO: written(due, "Hello, world")})
    newsroom.github.review(proposal, "sara")
    newsroom.github.merge(proposal)
    waiting = newsroom.start_publishing("publish-1")
    assert waiting.stdout
    seen = ""
    for row in waiting.stdout:
        seen += row
        if "waiting  hello on sky until " in row:
            break
    form = dict.fromkeys(("channel", "except", "until"), "")
    form |= {"action": "freeze", "reason": "An earthquake"}
    frozen = newsroom.runner.run(
        newsroom.clone("freeze"), "freeze", "workflow_dispatch", {"inputs": form}
    )
    assert frozen.succeeded, frozen.log
    run = newsroom.runner.finish(waiting)
    assert "0 published, 0 not, 1 held" in run.output, seen + run.log
    assert newsroom.state_files("ledger/") == []
    (issue,) = newsroom.github.issues
    assert "An earthquake" in issue.body
