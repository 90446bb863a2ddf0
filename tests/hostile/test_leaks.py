"""Secrets never reach files, logs, errors, state or process lists."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import quote

import httpx
import pytest

from smmflow.model.channel import Channel
from smmflow.networks import registry
from tests.faults.grounds import open_ground
from tests.hostile.accounts import (
    HOSTS,
    KINDS,
    VENDOR_HOSTS,
    Kept,
    account,
    vendors_account,
)
from tests.hostile.hosts import ELSEWHERE, Hosts, Temper, certificate
from tests.hostile.needles import Found
from tests.hostile.parrot import Parrot
from tests.hostile.traces import Machine
from tests.vendors.catalogue import VENDORS
from tests.vendors.vendor import Vendor

PUBLISH = ("publish", "--yes", "--allow-many")
SIGNING_IN = (
    ("channels", "--format", "json"),
    ("watch", "--sign-in", "--issue"),
    PUBLISH,
    ("measure",),
    ("reconcile",),
)
LOOKING = (
    ("check",),
    ("plan",),
    ("report",),
    ("log", "first"),
    ("preview",),
    ("site",),
)
HOSTILE = [each for each in Temper if each not in {Temper.WORKS, Temper.SPOILS}]
SHARING = {"discord (webhook)", "linkedin (member)", "slack (webhook)"}
"""Kinds whose vendor answers at the host of another kind."""
VENDOR_KINDS = (
    tuple(sorted(VENDOR_HOSTS.keys() - SHARING)),
    tuple(sorted(SHARING)),
)
REAL = tuple(sorted(set(KINDS) - set(VENDOR_HOSTS)))
UNSENT = {
    # Never leave the machine: one seals, and one signs.
    *("SMMFLOW_KEY", "NOSTR_KEY"),
    # Told to the parrot.
    *("NEWSLETTER_USER", "NEWSLETTER_PASSWORD"),
    # Is renewed before it is used, which no hostile server does.
    "X_TOKEN",
    # Of a webhook's address only the end is secret.
    *("DISCORDWEBHOOK_WEBHOOK", "SLACKWEBHOOK_WEBHOOK"),
    # A token is asked about only if it has signed in.
    *(
        f"LINKEDIN{who}_CLIENT_{what}"
        for who in ("MEMBER", "PAGE")
        for what in ("ID", "SECRET")
    ),
}
"""Secrets that hostile servers do not get to know."""
CRASH = """\
import logging, sys
logging.basicConfig(level=logging.DEBUG)
from smmflow.cli import main
sys.setrecursionlimit({depth})
main()
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), HOSTS)


@contextmanager
def served(
    machine: Machine,
    pair: tuple[Path, Path],
    honest: Mapping[str, httpx.BaseTransport] | None = None,
) -> Iterator[Hosts]:
    with Hosts.of(pair, honest) as hosts:
        hosts.knows(machine.needles)
        yield hosts


def run_all(machine: Machine, hosts: Hosts, *commands: Sequence[str]) -> None:
    for command in commands:
        machine.run(*command, **hosts.variables)


def machine_of(folder: Path, accounts: Sequence[Kept]) -> Machine:
    machine = Machine(folder, accounts)
    machine.set_up()
    return machine


def test_every_network_and_every_variant_of_it_is_tried() -> None:
    accounts = [account(kind) for kind in KINDS]
    tried = {
        type(registry.network(each.network).on(_channel(each))) for each in accounts
    }
    known = {each.name: each for each in registry.all_networks() if each.secrets}
    assert {each.network for each in accounts} == set(known)
    signing_in = {
        type(each) for network in known.values() for each in network.variants()
    }
    formats = {each for each in signing_in if each not in tried}
    # Of these a setting changes what is written, and not how it is signed in.
    names = {each.__name__ for each in formats}
    assert names <= {"ArchivedNewsletter", "NostrArticles", "XPremium"}
    for name, network in known.items():
        given = {it for each in accounts if each.network == name for it in each.secrets}
        assert given == set(network.secrets)


def _channel(kept: Kept) -> Channel:
    return Channel(
        kept.channel, kept.network, settings=kept.settings, secrets=kept.names
    )


@dataclass(frozen=True)
class Played:
    """What is to be known of a machine after its runs."""

    found: list[Found]
    asked: set[str]
    unsent: set[str]
    silent: list[object] = field(default_factory=list)


Play = Temper | tuple[str, ...]


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    pair: tuple[Path, Path],
) -> Iterator[Mapping[Play, Future[Played]]]:
    """Runs side by side: mostly they wait before they try again."""
    plays = [
        cast("Play", each.callspec.params["play"])
        for each in request.session.items
        if isinstance(each, pytest.Function)
        and each.originalname
        in {
            test_nothing_leaks_where_every_server.__name__,
            test_nothing_leaks_where_servers_work_and_then_spoil_every_write.__name__,
        }
    ]
    with ThreadPoolExecutor(4) as threads:
        yield {
            each: threads.submit(_play, each, tmp_path_factory.mktemp("machine"), pair)
            for each in plays
        }


def _play(play: Play, folder: Path, pair: tuple[Path, Path]) -> Played:
    if isinstance(play, Temper):
        return _among_hostile(play, folder, pair)
    return _among_working(play, folder, pair)


def _among_hostile(temper: Temper, folder: Path, pair: tuple[Path, Path]) -> Played:
    parrot = Parrot().start()
    kept = [account(each) for each in KINDS if each != "newsletter"]
    try:
        with Hosts.of(pair) as hosts:
            port = hosts.nobody if temper is Temper.DEAD else parrot.port
            kept.append(account("newsletter", port=port))
            machine = machine_of(folder, kept)
            hosts.knows(machine.needles)
            hosts.temper = temper
            run_all(machine, hosts, *SIGNING_IN)
    finally:
        parrot.stop()
    unsent = set(machine.needles) - hosts.repeated
    return Played(machine.found(), hosts.asked, unsent)


def _among_working(
    kinds: tuple[str, ...], folder: Path, pair: tuple[Path, Path]
) -> Played:
    machine = machine_of(folder, [vendors_account(kind) for kind in kinds])
    vendors = {kind: VENDORS[kind]() for kind in kinds}
    with Hosts.of(pair, _by_host(vendors)) as hosts:
        hosts.knows(machine.needles)
        run_all(machine, hosts, PUBLISH, ("channels",), PUBLISH)
        silent = [kind for kind, each in vendors.items() if not each.live()]
        hosts.temper = Temper.SPOILS
        machine.post("second")
        run_all(machine, hosts, PUBLISH, ("reconcile",))
        hosts.temper = Temper.WORKS
        run_all(machine, hosts, ("measure",), *LOOKING)
    unsent = set(machine.needles) - hosts.repeated
    silence: list[object] = [silent, *machine.said[:2]] if silent else []
    return Played(machine.found(), hosts.asked, unsent, silence)


@pytest.mark.parametrize("play", HOSTILE)
def test_nothing_leaks_where_every_server(
    play: Temper, played: Mapping[Play, Future[Played]]
) -> None:
    ended = played[play].result()
    assert ended.found == []
    assert ELSEWHERE not in ended.asked
    if play is not Temper.DEAD:
        assert ended.unsent <= UNSENT


@pytest.mark.parametrize("play", VENDOR_KINDS, ids=["bots", "webhooks"])
def test_nothing_leaks_where_servers_work_and_then_spoil_every_write(
    play: tuple[str, ...], played: Mapping[Play, Future[Played]]
) -> None:
    ended = played[play].result()
    assert ended.found == []
    assert ended.silent == []
    assert ended.unsent <= UNSENT | {"GITHUB_TOKEN"}


def _by_host(vendors: Mapping[str, Vendor]) -> Mapping[str, httpx.BaseTransport]:
    further = (
        ("files.example", "threads"),
        ("files.example.org", "instagram"),
        ("files.slack.com", "slack (bot)"),
        ("www.linkedin.com", "linkedin (page)"),
        ("www.linkedin.com", "linkedin (member)"),
    )
    own = {VENDOR_HOSTS[kind]: each for kind, each in vendors.items()}
    return {**own, **{h: vendors[k] for h, k in further if k in vendors}}


@pytest.mark.servers
@pytest.mark.parametrize("kind", REAL)
def test_nothing_leaks_where_a_real_server_works(
    kind: str, tmp_path: Path, pair: tuple[Path, Path]
) -> None:
    with open_ground(kind) as ground:
        target = ground.fresh()
        channel, credentials = target.signing_in(target.url)
        kept = Kept(kind, channel.network, channel.settings, credentials)
        machine = machine_of(tmp_path, [kept])
        with served(machine, pair) as hosts:
            run_all(machine, hosts, PUBLISH, ("channels",), PUBLISH, ("measure",))
        assert target.live(), machine.said
    assert machine.found() == []


@pytest.mark.parametrize("depth", [70, 90, 110])
def test_nothing_leaks_where_smmflow_crashes_and_the_log_is_wide_open(
    depth: int, tmp_path: Path, pair: tuple[Path, Path]
) -> None:
    machine = machine_of(tmp_path, [account(each) for each in KINDS])
    with served(machine, pair) as hosts:
        hosts.temper = Temper.SENDS_AWAY
        program = (sys.executable, "-c", CRASH.format(depth=depth))
        ended = machine.child(
            [*program, "--debug", "watch", "--sign-in"], **hosts.variables
        )
    machine.said.append(("stdout", ended.stdout))
    machine.said.append(("stderr", ended.stderr))
    assert b"RecursionError" in ended.stderr
    assert machine.found() == []


SECRET = "of-the-planted-one+/0123456789"
PLACES = {
    "a file": "printf %s {plain} >note",
    "a file's name": "touch note-{quoted}",
    "a file in base64": "printf %s 'user:{plain}' | base64 -w0 >note",
    "a file in hex": "printf %s {plain} | od -An -tx1 | tr -d ' \\n' >note",
    "git's objects": "printf %s {plain} | git hash-object -w --stdin",
    "the remote": "printf %s {plain} | git -C ../remote.git hash-object -w --stdin",
    "a commit": "git commit -q --allow-empty -m {plain}",
    "the folder for temporary files": 'printf %s {plain} >"$TMPDIR/note"',
    "home": 'printf %s {plain} >"$HOME/.note"',
    "the job's summary": 'printf %s {plain} >>"$GITHUB_STEP_SUMMARY"',
    "the job's output": 'printf %s {plain} >>"$GITHUB_OUTPUT"',
    "the list of processes": "sh -c 'sleep 0.5; :' {plain}",
    "git's arguments": "git log -1 --grep {plain}",
    "git's environment": "OTHER={plain} git status",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("planted"), [], {"PLANTED": SECRET})
    machine.set_up()
    return machine


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_secret_is_found_in(
    place: str, planted: Machine, tmp_path: Path
) -> None:
    folder = tmp_path / "machine"
    shutil.copytree(planted.folder, folder)
    machine = Machine(folder, [], planted.common)
    machine.programs()
    script = PLACES[place].format(plain=SECRET, quoted=quote(SECRET, safe=""))
    ended = machine.child(["sh", "-c", f"unset PLANTED; {script}"], PLANTED="")
    assert ended.returncode == 0, ended.stderr
    assert {name for _, name, _ in machine.found()} == {"PLANTED"}


def test_a_secret_that_is_said_is_found(planted: Machine) -> None:
    machine = Machine(planted.folder, [], planted.common)
    machine.run("explain", SECRET)
    places = {place for place, _, _ in machine.found()}
    assert f"stderr of explain {SECRET}" in places
