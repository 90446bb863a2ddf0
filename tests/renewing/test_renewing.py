"""Tokens are renewed once, kept before they are used, and never lost in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Secret
from smmflow.errors import StateError
from smmflow.networks.instagram import Instagram
from smmflow.networks.interface import Network
from smmflow.networks.signing import Extended
from smmflow.networks.threads import Threads
from smmflow.renewing import LEASE, SLIPS
from smmflow.store.sealing import Seal, new_key
from tests.renewing.conftest import (
    NOON,
    Machine,
    SignIn,
    git,
)


class Killed(BaseException):
    """What no error handling may catch: the run is gone."""


def die() -> None:
    raise Killed


def die_after(_answer: httpx.Response) -> httpx.Response:
    raise Killed


def lose(_answer: httpx.Response) -> httpx.Response:
    raise httpx.ReadTimeout("no answer")


def calm(server: SignIn) -> None:
    server.before = lambda: None
    server.after = lambda answer: answer


def forbid_pushes(bare: Path) -> Path:
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho the disk is full >&2\nexit 1\n")
    hook.chmod(0o755)
    return hook


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return tmp_path / "remote.git"


def test_the_first_run_renews_and_all_later_ones_use_what_it_got(
    one: Machine, two: Machine, server: SignIn
) -> None:
    assert one.token() == "access-1"
    assert one.token() == "access-1"
    assert two.token() == "access-1"
    assert server.asked == ["refresh-0"]
    assert two.renew().expires == {"x": NOON + timedelta(hours=2)}


def test_a_token_near_its_end_is_renewed_with_the_newest_refresh_token(
    one: Machine, two: Machine, server: SignIn
) -> None:
    one.token()
    two.clock.sleep(timedelta(minutes=101).total_seconds())
    assert two.token() == "access-2"
    assert server.asked == ["refresh-0", "refresh-1"]


def test_two_runs_at_once_ask_once(one: Machine, two: Machine, server: SignIn) -> None:
    with ThreadPoolExecutor(2) as threads:
        tokens = list(threads.map(Machine.token, (one, two)))
    assert tokens == ["access-1", "access-1"]
    assert server.asked == ["refresh-0"]


def test_a_run_waits_for_the_one_that_renews(
    one: Machine, two: Machine, server: SignIn
) -> None:
    server.before = die
    with pytest.raises(Killed):
        one.token()
    calm(server)
    assert two.token() == "access-1"
    assert LEASE.total_seconds() <= sum(two.clock.slept) <= LEASE.total_seconds() + 5


def test_a_run_killed_before_it_asked_costs_nothing(
    one: Machine, server: SignIn
) -> None:
    server.before = die
    with pytest.raises(Killed):
        one.token()
    calm(server)
    assert one.token() == "access-1"
    assert server.asked == ["refresh-0"]


def test_a_run_killed_after_it_asked_is_told_plainly_and_asked_about_once(
    one: Machine, two: Machine, server: SignIn
) -> None:
    server.after = die_after
    with pytest.raises(Killed):
        one.token()
    calm(server)
    why = two.why()
    assert "answer with its new token was lost" in why
    assert "sign in again" in why
    assert "sign in again" in two.why()
    assert server.asked == ["refresh-0", "refresh-0"]


def test_a_push_that_fails_loses_nothing_and_nothing_unpushed_is_used(
    one: Machine, two: Machine, server: SignIn, bare: Path
) -> None:
    def fail_next(answer: httpx.Response) -> httpx.Response:
        forbid_pushes(bare)
        return answer

    server.after = fail_next
    assert "could not be pushed" in one.why()
    (bare / "hooks" / "pre-receive").unlink()
    calm(server)
    assert one.token() == "access-1"
    assert two.token() == "access-1"
    assert server.asked == ["refresh-0"]
    assert list((one.root / SLIPS).iterdir()) == []


def test_what_one_disk_has_heals_what_another_machine_gave_up(
    one: Machine, two: Machine, server: SignIn, bare: Path
) -> None:
    def fail_next(answer: httpx.Response) -> httpx.Response:
        forbid_pushes(bare)
        return answer

    server.after = fail_next
    one.why()
    (bare / "hooks" / "pre-receive").unlink()
    calm(server)
    two.why()
    assert one.token() == "access-1"
    assert two.token() == "access-1"


def test_a_run_killed_after_its_push_pushes_nothing_older_later(
    one: Machine, server: SignIn, tmp_path: Path, bare: Path
) -> None:
    saved = tmp_path / "saved.json"
    slip = one.root / SLIPS / "x.json"
    hook = bare / "hooks" / "post-receive"
    hook.write_text(f"#!/bin/sh\ncp '{slip}' '{saved}' 2>/dev/null || true\n")
    hook.chmod(0o755)
    one.token()
    hook.unlink()
    one.clock.sleep(timedelta(hours=2).total_seconds())
    assert one.token() == "access-2"
    shutil.copy(saved, slip)
    assert one.token() == "access-2"
    assert not slip.exists()
    assert server.asked == ["refresh-0", "refresh-1"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json={"access_token": "", "refresh_token": ""}),
        httpx.Response(200, json={"access_token": "a"}),
        httpx.Response(200, json=["what"]),
        httpx.Response(200, html="<html>sorry"),
        httpx.Response(200, content=b"\xff{"),
        httpx.Response(200, json={"access_token": 7, "refresh_token": None}),
        httpx.Response(500, json={"error": "oops"}),
        httpx.Response(503),
        httpx.Response(400, json={"error": "invalid_request"}),
        httpx.Response(401, json={"error": "invalid_client"}),
        httpx.Response(429),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        httpx.Response(400, json={"error": "invalid_grant"}),
    ],
)
def test_no_bad_answer_replaces_a_good_token(
    one: Machine, server: SignIn, answer: httpx.Response
) -> None:
    one.token()
    kept = one.state.keeping("x")
    one.clock.sleep(timedelta(minutes=101).total_seconds())
    server.after = lambda _: answer
    assert one.token() == "access-1"
    state = one.state
    state.fetch()
    now = state.keeping("x")
    assert kept is not None
    assert now is not None
    assert (now.sealed, now.number, now.expires) == (kept.sealed, 1, kept.expires)
    assert now.lease is None


def test_a_lost_answer_lets_the_old_token_live_to_its_end_and_is_told_then(
    one: Machine, server: SignIn
) -> None:
    one.token()
    one.clock.sleep(timedelta(minutes=101).total_seconds())
    server.after = lose
    assert one.token() == "access-1"
    calm(server)
    one.clock.sleep(timedelta(minutes=20).total_seconds())
    assert "was lost" in one.why()
    asked = len(server.asked)
    assert "sign in again" in one.why()
    assert len(server.asked) == asked


def test_a_newly_set_secret_wins_over_what_is_sealed(
    one: Machine, two: Machine, server: SignIn
) -> None:
    one.token()
    server.newest = 7
    two.values["X_REFRESH"] = "refresh-7"
    assert two.token() == "access-8"
    assert "older than the one" in one.why()
    assert two.token() == "access-8"


def test_another_key_opens_nothing_and_destroys_nothing(
    one: Machine, two: Machine, server: SignIn
) -> None:
    one.token()
    two.values["SMMFLOW_KEY"] = new_key().reveal()
    assert "another SMMFLOW_KEY" in two.why()
    assert one.token() == "access-1"
    assert server.asked == ["refresh-0"]


def test_without_a_key_a_token_that_rotates_is_not_touched(
    one: Machine, server: SignIn
) -> None:
    del one.values["SMMFLOW_KEY"]
    assert "smmflow auth --new-key" in one.why()
    assert server.asked == []


def test_a_key_that_is_none_is_refused_before_anything_is_asked(
    one: Machine, server: SignIn
) -> None:
    one.values["SMMFLOW_KEY"] = "password"
    why = one.why()
    assert "is no key" in why
    assert "password" not in why
    assert server.asked == []


def test_a_token_without_a_refresh_token_is_used_as_it_is(
    one: Machine, server: SignIn
) -> None:
    del one.values["X_REFRESH"]
    assert one.token() == "access-0"
    assert server.asked == []
    assert git(one.root, "ls-remote", "origin") == ""


def test_channels_that_name_the_same_secret_share_one_grant(
    one: Machine, two: Machine, server: SignIn
) -> None:
    assert one.renew("x", "xx").shut == {}
    assert two.renew("xx").credentials.find("X_TOKEN") == Secret("access-1")
    assert server.asked == ["refresh-0"]


def test_a_grant_moved_to_another_channel_is_refused(one: Machine) -> None:
    one.token()
    kept = one.state.keeping("x")
    assert kept is not None
    seal = Seal(Secret(one.values["SMMFLOW_KEY"]))
    with pytest.raises(StateError, match="belongs elsewhere"):
        seal.open(kept.sealed, channel="stolen", origin=kept.origin)


def test_nothing_readable_of_a_token_is_left_behind(
    one: Machine, two: Machine, bare: Path
) -> None:
    one.token()
    two.token()
    packed = git(bare, "log", "-p", "--all", "--format=%B")
    for secret in ("access-1", "refresh-1", "refresh-0", one.values["SMMFLOW_KEY"]):
        assert secret not in packed
    for file in one.root.rglob("*"):
        if file.is_file():
            assert b"refresh-" not in file.read_bytes()


class LongLived(httpx.BaseTransport):
    """As Meta's: the token in the query asks for sixty days more."""

    def __init__(self, renewal: Extended) -> None:
        self.renewal = renewal
        self.asked: list[str] = []
        self.answer: Callable[[str], httpx.Response] = lambda token: httpx.Response(
            200,
            json={
                "access_token": f"{token}+",
                "token_type": "bearer",
                "expires_in": 5184000,
            },
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        assert str(request.url.copy_with(query=None)) == self.renewal.address
        asked = dict(request.url.params)
        assert asked.keys() == {"grant_type", "access_token"}
        assert asked["grant_type"] == self.renewal.grant_type
        self.asked.append(asked["access_token"])
        return self.answer(asked["access_token"])


LONG_LIVED: list[tuple[Network, str]] = [
    (Threads(), "https://graph.threads.net/refresh_access_token th_refresh_token"),
    (Instagram(), "https://graph.instagram.com/refresh_access_token ig_refresh_token"),
]


@pytest.fixture(params=LONG_LIVED, ids=lambda each: each[0].name)
def long_lived(one: Machine, request: pytest.FixtureRequest) -> LongLived:
    one.network, where = request.param
    assert isinstance(one.network.renewal, Extended)
    assert f"{one.network.renewal.address} {one.network.renewal.grant_type}" == where
    one.server = server = LongLived(one.network.renewal)
    return server


def test_a_long_lived_token_is_renewed_when_it_was_seen_a_day_ago_and_then_late(
    one: Machine, long_lived: LongLived
) -> None:
    assert one.token() == "access-0"
    one.clock.sleep(timedelta(hours=23).total_seconds())
    assert one.token() == "access-0"
    assert long_lived.asked == []
    one.clock.sleep(timedelta(hours=1).total_seconds())
    assert one.token() == "access-0+"
    one.clock.sleep(timedelta(days=29).total_seconds())
    assert one.token() == "access-0+"
    one.clock.sleep(timedelta(days=1).total_seconds())
    assert one.token() == "access-0++"
    assert long_lived.asked == ["access-0", "access-0+"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json={"access_token": "", "expires_in": 5184000}),
        httpx.Response(200, text="<!doctype html>"),
        httpx.Response(500),
        httpx.Response(400, json={"error": {"message": "x", "code": 190}}),
    ],
)
def test_a_long_lived_token_that_can_not_be_renewed_is_used_while_it_lives(
    one: Machine, long_lived: LongLived, answer: httpx.Response
) -> None:
    one.token()
    one.clock.sleep(timedelta(hours=25).total_seconds())
    assert one.token() == "access-0+"
    long_lived.answer = lambda _: answer
    one.clock.sleep(timedelta(days=40).total_seconds())
    assert one.token() == "access-0+"
    one.clock.sleep(timedelta(days=20).total_seconds())
    assert "x" in one.renew().shut


def test_two_runs_at_once_ask_for_a_longer_life_once(
    one: Machine, two: Machine, long_lived: LongLived
) -> None:
    two.network, two.server = one.network, long_lived
    one.token()
    for each in (one, two):
        each.clock.sleep(timedelta(hours=25).total_seconds())
    with ThreadPoolExecutor(2) as threads:
        tokens = list(threads.map(Machine.token, (one, two)))
    assert tokens == ["access-0+", "access-0+"]
    assert long_lived.asked == ["access-0"]


def test_without_a_key_a_long_lived_token_is_used_as_it_is(
    one: Machine, long_lived: LongLived
) -> None:
    del one.values["SMMFLOW_KEY"]
    one.clock.sleep(timedelta(hours=25).total_seconds())
    assert one.token() == "access-0"
    assert long_lived.asked == []
