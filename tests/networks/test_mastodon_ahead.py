"""Statuses that wait on a Mastodon: handed over, and found again once they are live."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.clock import FixedClock, SystemClock
from smmflow.credentials import Credentials
from smmflow.errors import OutcomeUnknown
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Occurrence
from smmflow.model.plan import HandOver, Plan
from smmflow.model.publication import Outcome, Publication
from smmflow.networks.mastodon import Mastodon
from smmflow.publishing import Journal, publish, settle
from smmflow.repository import Repository
from smmflow.store import State
from smmflow.testing.samples import channel_post, key_of, part, picture_file
from tests.cli.terminal import make_workspace
from tests.servers.mastodon import MastodonServer


def test_what_the_server_sent_by_itself_is_found_and_recorded(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    network, clock = Mastodon(), FixedClock(SystemClock().now())
    due = clock.now() + timedelta(minutes=30)
    settings = {"instance": mastodon_server.url}
    channel = Channel("toot", "mastodon", settings, {"token": "TOKEN"})
    secrets = Credentials({"TOKEN": mastodon_server.access_token})
    folder = make_workspace(tmp_path / "space", {})
    state = State(Repository(folder).state_branch("smmflow-state", "", clock))
    connection = network.connect(channel, secrets, root=tmp_path)
    connections = {"toot": connection}
    alt = picture_file(tmp_path, "a.png", side=8, alt="مربع")
    post = channel_post(channel, part("نوروز مبارک #نیم‌فاصله", media=(alt,)))
    plan = Plan(clock.now(), (HandOver(post, Occurrence("launch", "launch", due)),))
    with Journal(tmp_path / "journal", "r1") as journal:
        (handed,) = publish(
            plan,
            state=state,
            connections=connections,
            networks={"toot": network},
            clock=clock,
            journal=journal,
            run="r1",
        )
    assert handed.outcome is Outcome.SCHEDULED
    assert handed.waiting is not None

    # The server's own clock can't be moved, so its time for the status is.
    past = SystemClock().now() - timedelta(seconds=1)
    connection.reschedule(handed.waiting, at=past)
    clock.moment = due

    def look(run: str) -> tuple[Publication, ...]:
        networks = {"toot": network}
        return settle(
            state, connections=connections, networks=networks, clock=clock, run=run
        )

    assert look("r2") == ()
    # This server publishes what is due when somebody lists what waits.
    (found,) = look("r3")
    assert found.outcome is Outcome.PUBLISHED
    (receipt,) = found.receipts
    address = f"{mastodon_server.url}/api/v1/statuses/{receipt.id}"
    live = httpx.get(address).json()
    assert "نوروز مبارک" in live["content"]
    assert len(live["media_attachments"]) == 1
    connection.close()


def test_a_server_that_sends_at_once_is_not_believed_to_wait(tmp_path: Path) -> None:
    def at_once(request: httpx.Request) -> httpx.Response:
        assert b"scheduled_at" in request.read()
        status = {"id": "1", "created_at": "2026-12-01T12:00:00Z", "content": "x"}
        return httpx.Response(200, json=status)

    channel = Channel(
        "toot", "mastodon", {"instance": "https://m.example"}, {"token": "TOKEN"}
    )
    connection = Mastodon().connect(
        channel,
        Credentials({"TOKEN": "t"}),
        transport=httpx.MockTransport(at_once),
        root=tmp_path,
    )
    post = channel_post(channel, "سلام")
    at = SystemClock().now() + timedelta(hours=1)
    with pytest.raises(OutcomeUnknown, match="before its time"):
        connection.schedule(post, 0, at=at, key=key_of(post))
