"""The harness itself: publishers that break the promise are found out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from smmflow.errors import OutcomeUnknown, Unreachable
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Outcome, Publication, Receipt
from smmflow.networks.interface import Thread
from smmflow.publishing import Journal
from smmflow.store import Ledger
from smmflow.testing.fake import FakeConnection
from tests.faults.machines import Files, machine_at
from tests.faults.proxy import Fault, Proxy
from tests.faults.targets import CHANNEL, FakeHost, Towards
from tests.faults.trial import Trial, trial_in
from tests.faults.verdict import Broken, Verdict, judge


@pytest.fixture
def trial() -> Iterator[Trial]:
    host = FakeHost("blind").start()
    proxy = Proxy(host.target().url).start()
    with TemporaryDirectory(prefix="smmflow-") as folder:
        yield trial_in(Path(folder), host.target(), proxy)
    proxy.stop()
    host.stop()


def test_a_good_publisher_is_cleared(trial: Trial) -> None:
    trial.run(trial.machine, Files())
    got = trial.verdict_two_runs_later(Files(), trial.machine, trial.other)
    assert got is Verdict.ONCE


def test_a_publisher_that_forgets_its_claims_is_found_out(trial: Trial) -> None:
    trial.run(trial.machine, Files())
    forget = ["git", "-C", str(trial.remote), "update-ref", "-d"]
    subprocess.run([*forget, "refs/heads/smmflow-state"], check=True)
    with pytest.raises(Broken, match=r"live twice: .*'Two'"):
        trial.verdict_two_runs_later(Files(), trial.other, trial.other)


class _Careless(FakeConnection):
    """Takes every silence for "nothing was sent"."""

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        try:
            return super().publish(post, part, after=after, key=key)
        except OutcomeUnknown as problem:
            raise Unreachable(problem.message) from problem


def test_a_publisher_that_sends_blindly_again_is_found_out(trial: Trial) -> None:
    machine, target, url = trial.machine, trial.target, trial.proxy.url
    trial.proxy.spoil(Fault.DROPPED_ANSWER, 2)
    good = target.connect(machine.root, url, Towards(url, trial.proxy))
    assert isinstance(good, FakeConnection)
    careless = _Careless(*vars(good).values())
    machine.run("careless", Files(), target, careless)
    careless.close()
    with pytest.raises(Broken, match=r"live twice: .*'Two'"):
        judge(machine, Files(), target)


class _Forgetful(Journal):
    """Never says that it sends, and keeps no receipts."""

    def sending(self, record: Publication) -> None:
        pass

    def record(self, record: Publication) -> None:
        pass


def test_a_publisher_whose_journal_lies_is_found_out(trial: Trial) -> None:
    machine, target, url = trial.machine, trial.target, trial.proxy.url
    connection = target.connect(machine.root, url, Towards(url))
    away = trial.remote.with_name("away.git")

    def go_away(_publication: Publication) -> None:
        if trial.remote.exists():
            trial.remote.rename(away)

    machine.run(
        "forgetful",
        Files(),
        target,
        connection,
        journal=_Forgetful,
        report=go_away,
    )
    connection.close()
    away.rename(trial.remote)
    with pytest.raises(Broken, match="live twice"):
        trial.verdict_two_runs_later(Files(), machine, machine)


def test_what_the_server_lost_is_found_out(trial: Trial) -> None:
    trial.run(trial.machine, Files())
    empty = FakeHost("blind").start()
    other = replace(trial.target, url=empty.target().url)
    with pytest.raises(Broken, match="the ledger says 'یک 1' is 1"):
        judge(trial.machine, Files(), other)
    empty.stop()


def test_what_is_live_and_in_no_ledger_is_found_out(trial: Trial) -> None:
    url = trial.proxy.url
    stranger = trial.target.connect(trial.machine.root, url, Towards(url))
    post = Files().composed(trial.machine.root, trial.target)["single", CHANNEL]
    text = replace(post.parts[0].text, text="Who am I", spans=())
    lone = replace(post, parts=(replace(post.parts[0], text=text),))
    key = PartKey("lone", CHANNEL, 0, Files().due)
    stranger.publish(lone, 0, after=None, key=key)
    stranger.close()
    trial.run(trial.machine, Files())
    with pytest.raises(Broken, match=r"unknown to the ledger: \['Who am I'\]"):
        judge(trial.machine, Files(), trial.target)


def test_a_post_that_is_never_sent_is_found_out(trial: Trial) -> None:
    trial.proxy.hang_up()
    trial.run(trial.machine, Files())
    with pytest.raises(Broken, match="thread is failed"):
        judge(trial.machine, Files(), trial.target)


def test_a_ledger_that_calls_a_doubt_refused_is_found_out(trial: Trial) -> None:
    trial.run(trial.machine, Files())
    state = trial.machine.state()

    def lie(ledger: Ledger) -> list[Publication]:
        known = ledger.all()["single", CHANNEL]
        return [replace(known, outcome=Outcome.REFUSED)]

    state.update("A lie", lie)
    with pytest.raises(Broken, match="single is refused"):
        judge(trial.machine, Files(), trial.target)


def test_a_fresh_clone_judges_alike(trial: Trial) -> None:
    trial.run(trial.machine, Files())
    shutil.rmtree(trial.machine.root)
    fresh = machine_at(trial.machine.root, trial.remote)
    assert judge(fresh, Files(), trial.target) is Verdict.ONCE
