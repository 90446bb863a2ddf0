"""`smmflow reconcile` at real servers: doubts are shown, adopted and forgotten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smmflow import memory, workflow
from smmflow.clock import SystemClock
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    PartRecord,
    Publication,
    Receipt,
)
from smmflow.testing import picture_file
from tests.cli.terminal import git, make_workspace, smmflow
from tests.servers.bluesky import Account, BlueskyNetwork, Reference
from tests.servers.mastodon import MastodonServer

TEHRAN = ZoneInfo("Asia/Tehran")
PARTS = ("بخش یک.", "بخش دو.", "بخش سه.")
NOWHERE = "http://127.0.0.1:9"
"""The discard port, on which nobody listens."""


def channels(sky: str, handle: str, toot: str) -> str:
    return f"""\
title: نمونه
language: fa
channels:
  site: {{network: site, url: https://example.org}}
  sky:
    network: bluesky
    handle: {handle}
    service: {sky}
    secrets: {{password: SKY_PASSWORD}}
  toot:
    network: mastodon
    instance: {toot}
    handle: author
    secrets: {{token: TOOT_TOKEN}}
"""


def thread(*names: str, parts: tuple[str, ...] = PARTS, late: int = 45) -> str:
    due = (datetime.now(UTC) - timedelta(minutes=late)).astimezone(TEHRAN)
    head = f"title: رشته\npublish_at: {due:%Y-%m-%d %H:%M}\nlanguage: fa\n"
    body = "\n---\n".join(parts)
    return f"---\n{head}channels: [{', '.join(names)}]\n---\n{body}\n"


def offline(folder: Path, *names: str, parts: tuple[str, ...] = PARTS) -> Path:
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", NOWHERE),
        "content/posts/launch.md": thread(*names, parts=parts),
    }
    return make_workspace(folder, files)


def publication(
    channel: str,
    network: str,
    *receipts: Receipt,
    parts: tuple[str, ...] = PARTS,
    occurrence: str = "launch",
) -> Publication:
    """What a run leaves that died three quarters of an hour ago, in a request."""
    died = datetime.now(UTC) - timedelta(minutes=45)
    live = (*receipts, *[None] * len(parts))
    return Publication(
        occurrence=occurrence,
        post=occurrence.partition("@")[0],
        channel=channel,
        network=network,
        outcome=Outcome.CLAIMED,
        digest="sha256:00",
        due=died,
        parts=tuple(map(PartRecord, parts, live)),
        run="run-that-died",
        lease_until=died + timedelta(minutes=30),
        updated=died,
        title="رشته",
        language="fa",
    )


def remember(folder: Path, *records: Publication) -> None:
    state = memory.open_state(workflow.load(folder), SystemClock())
    state.update("A run that died", lambda _ledger: records)


def ledger(folder: Path, channel: str) -> dict[str, Any]:
    path = f"smmflow-state:ledger/launch/{channel}.json"
    found: dict[str, Any] = json.loads(git(folder, "show", path))["publication"]
    return found


def page(account: Account, reference: Reference) -> str:
    key = reference.uri.rpartition("/")[2]
    return f"https://bsky.app/profile/{account.handle}/post/{key}"


# --- Adopting at real servers ---------------------------------------------------------


def test_a_thread_on_bluesky_goes_on_after_the_part_that_was_adopted(
    tmp_path: Path, bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> None:
    service = bluesky_network.url
    files = {
        "channels.yaml": channels(service, bluesky_account.handle, NOWHERE),
        "content/posts/launch.md": thread("sky"),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"SKY_PASSWORD": bluesky_account.password}
    person = bluesky_network.sign_in(bluesky_account)
    one = person.post(PARTS[0])
    two = person.post(PARTS[1], parent=one)
    when = datetime.now(UTC)
    first = Receipt(one.uri, page(bluesky_account, one), when, {"cid": one.cid})
    remember(folder, publication("sky", "bluesky", first))

    url = page(bluesky_account, two)
    adopted = smmflow(folder, "reconcile", "launch", "--adopt", url, secrets=secrets)
    assert adopted.returncode == 0, adopted.stderr
    assert f"adopted  launch on sky  part 2 of 3  {url}" in adopted.stdout
    assert "the next `smmflow publish` goes on with part 3" in adopted.stdout

    published = smmflow(folder, "publish", secrets=secrets)
    assert "1 published, 0 not, 0 held" in published.stdout, published.stderr
    parts = ledger(folder, "sky")["parts"]
    assert [part["receipt"]["id"] for part in parts[:2]] == [one.uri, two.uri]
    third = parts[2]["receipt"]["id"]
    view = bluesky_network.post_view(third, bool)
    reply = view["record"]["reply"]
    assert (reply["root"]["uri"], reply["parent"]["uri"]) == (one.uri, two.uri)
    told = smmflow(folder, "log", "launch").stdout
    assert f"adopted by Test Author: {url}" in told
    assert smmflow(folder, "reconcile").stdout == "nothing is in doubt\n"


def test_a_thread_on_mastodon_goes_on_after_the_part_that_was_adopted(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    author = mastodon_server.author
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": thread("toot"),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    one, two = (
        mastodon_server.call("POST", "/api/v1/statuses", author, status=text)
        for text in PARTS[:2]
    )
    first = Receipt(one["id"], one["url"], datetime.now(UTC))
    remember(folder, publication("toot", "mastodon", first))

    command = ["reconcile", "launch", "--owner", "سارا", "--adopt", two["url"]]
    adopted = smmflow(folder, *command, secrets=secrets)
    assert adopted.returncode == 0, adopted.stderr
    published = smmflow(folder, "publish", secrets=secrets)
    assert "1 published, 0 not, 0 held" in published.stdout, published.stderr
    third = ledger(folder, "toot")["parts"][2]["receipt"]["id"]
    status = mastodon_server.call("GET", f"/api/v1/statuses/{third}")
    assert status["in_reply_to_id"] == two["id"]
    history = git(folder, "log", "--format=%s", "smmflow-state")
    assert f"launch on toot: adopted by سارا: {two['url']}" in history


def test_what_is_another_accounts_gone_or_no_post_is_not_adopted(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": thread("toot"),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    remember(folder, publication("toot", "mastodon"))
    before = ledger(folder, "toot")
    others = mastodon_server.call("POST", "/api/v1/statuses", status=PARTS[0])
    boost = mastodon_server.call(
        "POST", f"/api/v1/statuses/{others['id']}/reblog", mastodon_server.author
    )
    base = f"{mastodon_server.url}/@author"
    for url, words in (
        (others["url"], "is a post of @reader, and this channel is @author"),
        (f"{base}/{boost['id']}", "is a boost of somebody's post"),
        (f"{base}/1", "is gone, or never was"),
        (base, "is no address of a post on"),
        ("https://elsewhere.example/@author/1", "is no address of a post on"),
    ):
        refused = smmflow(
            folder, "reconcile", "launch", "--adopt", url, secrets=secrets
        )
        assert (refused.returncode, refused.stdout) == (2, "")
        assert words in refused.stderr
    assert ledger(folder, "toot") == before


def test_other_words_are_adopted_only_if_somebody_says_so(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": thread("toot", parts=("سلام، دنیا.",)),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    remember(folder, publication("toot", "mastodon", parts=("سلام، دنیا.",)))
    live = mastodon_server.call(
        "POST", "/api/v1/statuses", mastodon_server.author, status="سلام، شهر."
    )
    command = ["reconcile", "launch", "--adopt", live["url"]]
    refused = smmflow(folder, *command, secrets=secrets)
    assert refused.returncode == 2
    assert "says something else than was sent" in refused.stderr
    assert "  sent | سلام، دنیا." in refused.stderr
    assert "  live | سلام، شهر." in refused.stderr
    assert ledger(folder, "toot")["outcome"] == "claimed"
    assert at_a_terminal(folder, command, secrets, answer="n") == 130
    assert ledger(folder, "toot")["outcome"] == "claimed"
    assert at_a_terminal(folder, command, secrets, answer="y") == 0
    assert ledger(folder, "toot")["outcome"] == "published"


def test_other_words_are_adopted_without_a_question_if_yes_was_said(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": thread("toot", parts=("سلام، دنیا.",)),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    remember(folder, publication("toot", "mastodon", parts=("سلام، دنیا.",)))
    live = mastodon_server.call(
        "POST", "/api/v1/statuses", mastodon_server.author, status="سلام، شهر."
    )
    command = ["reconcile", "launch", "--yes", "--adopt", live["url"]]
    agreed = smmflow(folder, *command, secrets=secrets)
    assert agreed.returncode == 0, agreed.stderr
    assert ledger(folder, "toot")["outcome"] == "published"


def at_a_terminal(
    folder: Path, command: Sequence[str], secrets: Mapping[str, str], *, answer: str
) -> int:
    """Run a command as at a terminal, answer its question, return its exit code."""
    ours, theirs = os.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "smmflow", *command],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", **secrets},
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
        )
        os.write(ours, f"{answer}\n".encode())
        return process.wait(timeout=60)
    finally:
        os.close(theirs)
        os.close(ours)


def test_a_network_that_can_not_be_reached_changes_nothing(tmp_path: Path) -> None:
    folder = offline(tmp_path, "toot")
    remember(folder, publication("toot", "mastodon"))
    command = ["reconcile", "launch", "--adopt", f"{NOWHERE}/@author/1"]
    failed = smmflow(folder, *command, secrets={"TOOT_TOKEN": "some-token"})
    assert failed.returncode == 4
    assert "can't be reached" in failed.stderr
    unset = smmflow(folder, *command)
    assert unset.returncode == 2
    assert "TOOT_TOKEN" in unset.stderr
    assert ledger(folder, "toot")["outcome"] == "claimed"


# --- Listing, and forgetting ----------------------------------------------------------


def test_every_doubt_is_listed_with_where_to_look_and_what_settles_it(
    tmp_path: Path,
) -> None:
    folder = offline(tmp_path, "sky", "toot", "site")
    receipt = Receipt("1", "https://example.org/@author/1", datetime.now(UTC))
    on_toot = publication("toot", "mastodon", receipt)
    on_sky = publication("sky", "bluesky", receipt, receipt, receipt)
    over = on_sky.updated
    edit = Change(ChangeKind.EDIT, "sha256:01", PARTS, "editing-run", over)
    changing = replace(on_sky, outcome=Outcome.PUBLISHED, change=edit)
    remember(folder, on_toot, changing)

    listed = smmflow(folder, "reconcile")
    assert listed.returncode == 1
    lines = listed.stdout.splitlines()
    assert "in-doubt  launch on toot, part 2 of 3" in lines
    assert "    | بخش دو." in lines
    sent = f"{on_toot.updated.astimezone(TEHRAN):%Y-%m-%d %H:%M}"
    assert f"    sent {sent} by run run-that-died" in lines
    assert f"    look at {NOWHERE}/@author" in lines
    target = "launch --channel toot"
    assert f"    live:      smmflow reconcile {target} --adopt URL" in lines
    assert f"    not live:  smmflow reconcile {target} --forget" in lines
    assert "in-doubt  edit of launch on sky" in lines
    assert "    look at https://bsky.app/profile/smmflow.test" in lines
    assert "    finish it: smmflow publish --post launch --channel sky" in lines
    assert lines[-1] == "2 in doubt"
    assert "toot could not be asked" in listed.stderr
    one = smmflow(folder, "reconcile", "launch", "--channel", "toot")
    assert one.stdout.splitlines()[-1] == "1 in doubt"
    planned = smmflow(folder, "plan").stdout
    assert f"`smmflow reconcile {target} --adopt URL`" in planned


def test_what_is_forgotten_waits_for_the_next_run_or_for_a_new_time(
    tmp_path: Path,
) -> None:
    folder = offline(tmp_path, "toot", parts=("سلام، دنیا.",))
    late = folder / "content/posts/late.md"
    late.write_text(thread("toot", parts=("دیر شد.",), late=60 * 24), encoding="utf-8")
    remember(
        folder,
        publication("toot", "mastodon", parts=("سلام، دنیا.",)),
        publication("toot", "mastodon", parts=("دیر شد.",), occurrence="late"),
    )
    forgotten = smmflow(folder, "reconcile", "launch", "--forget")
    assert forgotten.returncode == 0, forgotten.stderr
    assert "launch on toot: found not live by Test Author" in forgotten.stdout
    assert "the next `smmflow publish` sends it" in forgotten.stdout
    missed = smmflow(folder, "reconcile", "late", "--forget")
    assert "held (missed): it was due more than" in missed.stdout
    again = smmflow(folder, "reconcile", "launch", "--forget")
    assert again.returncode == 2
    assert "nothing of launch is in doubt" in again.stderr
    assert "found not live by Test Author, who looked" in smmflow(folder, "log").stdout


def test_a_channel_that_is_no_more_can_not_be_asked_but_its_doubt_can_be_forgotten(
    tmp_path: Path,
) -> None:
    folder = offline(tmp_path, "site")
    remember(folder, publication("old", "mastodon"))
    listed = smmflow(folder, "reconcile")
    assert listed.returncode == 1
    assert "look at mastodon; old is no channel any more" in listed.stdout
    url = f"{NOWHERE}/@author/1"
    refused = smmflow(folder, "reconcile", "launch", "--adopt", url)
    assert refused.returncode == 2
    assert "old is no channel any more, so nobody can be asked" in refused.stderr
    forgotten = smmflow(folder, "reconcile", "launch", "--forget")
    assert forgotten.returncode == 0
    assert "the files ask for nothing more of it" in forgotten.stdout


def test_what_the_network_shows_is_never_forgotten(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": thread("toot", parts=("سلام، دنیا.",)),
    }
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    remember(folder, publication("toot", "mastodon", parts=("سلام، دنیا.",)))
    mastodon_server.call(
        "POST", "/api/v1/statuses", mastodon_server.author, status="سلام، دنیا."
    )
    kept = smmflow(folder, "reconcile", "launch", "--forget", secrets=secrets)
    assert kept.returncode == 2
    assert "launch on toot is live, says the network: http" in kept.stderr
    assert ledger(folder, "toot")["outcome"] == "published"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["launch", "--adopt", "https://x.example", "--forget"], "--adopt or --forget"),
        (["--forget"], "which post?"),
        (["nothing", "--forget"], "no post is called nothing"),
        (["launch", "--channel", "nowhere"], "no channel is called nowhere"),
        (["launch", "--forget"], "2 doubts match: launch on "),
        (["launch", "--channel", "site", "--forget"], "the ledger knows nothing"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_words(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    folder = offline(tmp_path, "sky", "toot", "site")
    remember(folder, publication("toot", "mastodon"), publication("sky", "bluesky"))
    refused = smmflow(folder, "reconcile", *arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert words in refused.stderr


def test_a_picture_and_a_poll_that_went_out_unheard_are_found_and_not_sent_again(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    mastodon_server.reset()
    head = """\
media: [{file: media/green.png, alt: سبز}]
poll: {options: [آری, نه], open_for: 1d, part: 2}
---
"""
    before, _, after = thread("toot", parts=PARTS[:2]).rpartition("---\nبخش یک")
    files = {
        "channels.yaml": channels(NOWHERE, "smmflow.test", mastodon_server.url),
        "content/posts/launch.md": f"{before}{head}بخش یک{after}",
    }
    picture_file(media_folder(tmp_path), "green.png")
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}
    published = smmflow(folder, "publish", secrets=secrets)
    assert published.returncode == 0, published.stdout + published.stderr
    state = memory.open_state(workflow.load(folder), SystemClock())
    sent = state.publications()["launch", "toot"]
    unheard = replace(
        sent,
        outcome=Outcome.CLAIMED,
        parts=tuple(replace(part, receipt=None) for part in sent.parts),
        lease_until=sent.updated - timedelta(seconds=1),
        run="run-that-died",
    )
    remember(folder, unheard)
    settled = smmflow(folder, "reconcile", secrets=secrets)
    assert settled.stdout == "nothing is in doubt\n", settled.stderr
    state.fetch()
    found = state.publications()["launch", "toot"]
    assert found.outcome is Outcome.PUBLISHED
    assert found.receipts == sent.receipts


def media_folder(root: Path) -> Path:
    folder = root / "content/media"
    folder.mkdir(parents=True)
    return folder
