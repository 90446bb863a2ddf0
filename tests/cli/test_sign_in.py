"""`smmflow auth` over real HTTP: the test is the person, the browser and all others."""

from __future__ import annotations

import http.client
import os
import shlex
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from tests.cli.person import Sitting, sitting
from tests.cli.terminal import make_workspace
from tests.servers.browser import axe
from tests.servers.processes import free_port, poll
from tests.vendors.authorization import AuthorizationServer, RegisteredApp
from tests.vendors.host import VendorHost
from tests.vendors.x import TOKEN, XVendor

CLIENT, PASSWORD, REFRESH = "x-client-0000", "x-password-0000", "x-refresh-0000"
PAGE = "https://x.com/i/oauth2/authorize"
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SECRETS = {"X_CLIENT_ID": CLIENT}
NAMED = "{token: X_TOKEN, refresh_token: X_REFRESH, client_id: X_CLIENT_ID}"
CONFIDENTIAL = NAMED.replace("}", ", client_secret: X_PASSWORD}")


class XSite:
    """X on loopback with one app, and a workspace that has an account there."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.redirect = f"http://127.0.0.1:{self.port}/callback"
        self.server = AuthorizationServer(
            XVendor(),
            RegisteredApp(CLIENT, {self.redirect}),
            page="/i/oauth2/authorize",
            token="/2/oauth2/token",
            given={
                "access_token": TOKEN,
                "refresh_token": REFRESH,
                "expires_in": 7200,
                "token_type": "bearer",
            },
        )
        host = VendorHost(self.server).start()
        self.url = host.url
        self._closing = ExitStack()
        self._closing.callback(host.stop)
        self.folder = folder
        self.name(NAMED)

    def stop(self) -> None:
        """Let X be gone; once is enough."""
        self._closing.close()

    def name(self, secrets: str) -> None:
        """Write which secrets the channel names."""
        settings = f"network: x, service: '{self.url}', secrets: {secrets}"
        text = f"title: Example\nchannels:\n  bird: {{{settings}}}\n"
        make_workspace(self.folder, {"channels.yaml": text}, repository=False)

    def auth(self, *options: str) -> tuple[str, ...]:
        """The command line."""
        return ("auth", "bird", "--port", str(self.port), *options)


@pytest.fixture
def x_site(tmp_path: Path) -> Iterator[XSite]:
    site = XSite(tmp_path)
    yield site
    site.stop()
    assert site.server.faults == []


def asked_of(person: Sitting) -> str:
    """The address that a person is told to open."""
    return person.line(f"{PAGE}?")


def follow(address: str) -> httpx.Response:
    """Go where the browser is sent."""
    return httpx.get(address, trust_env=False)


def others(site: XSite, target: str, method: str = "GET") -> int:
    """Ask the listener something as any page in the browser could; the status."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        connection.request(method, target)
        return connection.getresponse().status
    finally:
        connection.close()


def assignments(out: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in shlex.split(out))


# --- Being let in ---------------------------------------------------------------------


def test_a_person_who_agrees_gets_all_secrets_of_the_channel(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        page = follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert code == 0, err
    assert assignments(out) == {
        "X_TOKEN": TOKEN,
        "X_REFRESH": REFRESH,
        "X_CLIENT_ID": CLIENT,
    }
    assert "signed in as" in err
    assert (page.status_code, '<html lang="en">' in page.text) == (200, True)
    assert "viewport" in page.text
    assert "<script" not in page.text


def test_what_is_asked_is_bound_to_this_run_and_holds_no_secret(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        asked = parse_qs(urlsplit(asked_of(person)).query)
        with sitting(
            x_site.folder, "auth", "bird", "--port", str(free_port()), secrets=SECRETS
        ) as another:
            theirs = parse_qs(urlsplit(asked_of(another)).query)
    assert asked["redirect_uri"] == [x_site.redirect]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43
    assert asked["state"] != theirs["state"]
    assert asked["code_challenge"] != theirs["code_challenge"]
    assert "offline.access" in asked["scope"][0].split(" ")
    assert asked.keys() == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
    }


def test_a_confidential_app_shows_its_secret_in_a_header(x_site: XSite) -> None:
    x_site.server.app.password, x_site.server.app.basic = PASSWORD, True
    x_site.name(CONFIDENTIAL)
    secrets = {**SECRETS, "X_PASSWORD": PASSWORD}
    with sitting(x_site.folder, *x_site.auth(), secrets=secrets) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, assignments(out)["X_PASSWORD"]) == (0, PASSWORD), err
    assert PASSWORD not in err


def test_what_the_environment_lacks_is_asked_for_without_showing_it(
    x_site: XSite,
) -> None:
    with sitting(x_site.folder, *x_site.auth()) as person:
        person.type("X_CLIENT_ID", CLIENT)
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, assignments(out)["X_CLIENT_ID"]) == (0, CLIENT), err


def test_a_browser_is_given_the_address_and_nothing_else(x_site: XSite) -> None:
    """It may stay, and say what it likes; the person is not kept waiting for it."""
    browser, seen = x_site.folder / "browser", x_site.folder / "seen"
    browser.write_text(
        f"#!{sys.executable}\nimport os, sys, time\n"
        f"with open('{seen}.part', 'w') as file:\n"
        "    print(os.getpid(), sys.argv[1:], dict(os.environ), file=file)\n"
        f"os.rename('{seen}.part', '{seen}')\n"
        "print('Opening in existing browser session.', flush=True)\n"
        "time.sleep(3600)\n"
    )
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    x_site.server.app.password, x_site.server.app.basic = PASSWORD, True
    x_site.name(CONFIDENTIAL)
    told = {"BROWSER": str(browser), "DISPLAY": ":99", "GH_TOKEN": "gh-token-0000"}
    secrets = {**SECRETS, "X_PASSWORD": PASSWORD, **told}
    with sitting(x_site.folder, *x_site.auth(), secrets=secrets) as person:
        url = asked_of(person)
        poll(seen.exists, "the browser")
        given = seen.read_text()
        follow(x_site.server.agree(url))
        code, out, err = person.end()
    number, _, given = given.partition(" ")
    os.kill(int(number), signal.SIGKILL)  # it was still there
    assert code == 0, err
    assert given.startswith(f"['{url}'] ")
    assert not [each for each in (PASSWORD, "gh-token-0000") if each in given]
    assert all(line.startswith("X_") for line in out.splitlines())


@pytest.mark.parametrize("screen", [["--no-browser"], []])
def test_no_browser_opens_where_none_is_wanted_or_there_is_no_desktop(
    x_site: XSite, screen: list[str]
) -> None:
    seen = x_site.folder / "seen"
    display = ":99" if screen else ""
    secrets = {**SECRETS, "BROWSER": f"touch {seen} #%s", "DISPLAY": display}
    with sitting(x_site.folder, *x_site.auth(*screen), secrets=secrets) as person:
        person.line("waiting")
    assert not seen.exists()


def test_less_than_was_asked_is_said(x_site: XSite) -> None:
    x_site.server.person.grants = {"tweet.read", "users.read", "offline.access"}
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, _, err = person.end()
    assert code == 0
    assert "granted less than was asked: media.write, tweet.write" in err


def test_on_another_machine_the_address_is_copied(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth("--paste"), secrets=SECRETS) as person:
        ends_at = x_site.server.agree(asked_of(person))
        with pytest.raises(httpx.ConnectError):  # nothing listens
            follow(ends_at)
        person.type("address", ends_at)
        code, out, err = person.end()
    assert (code, assignments(out)["X_TOKEN"]) == (0, TOKEN), err
    assert urlsplit(ends_at).query not in err


def test_an_address_of_another_run_is_not_taken(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth("--paste"), secrets=SECRETS) as person:
        ends_at = x_site.server.agree(asked_of(person))
        person.type("address", f"{x_site.redirect}?code=theirs&state=theirs")
        person.line("that is no answer to this question")
        person.type("address", ends_at)
        assert person.end()[0] == 0


def test_after_three_foreign_addresses_nothing_is_asked_again(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth("--paste"), secrets=SECRETS) as person:
        for _ in range(3):
            person.type("address", "https://example.org/?code=theirs")
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "none of these addresses" in err


def test_what_a_walk_gives_is_kept_where_it_shall_be_and_not_shown(
    x_site: XSite, tmp_path: Path
) -> None:
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    told = {**home, "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
    keyring = ["--to", "keyring"]
    with sitting(
        x_site.folder, *x_site.auth(*keyring), secrets={**SECRETS, **told}
    ) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, out) == (0, ""), err
    assert "X_REFRESH is kept in your keyring" in err
    # The app's id is found there, so the next walk asks for nothing.
    with sitting(x_site.folder, *x_site.auth(*keyring), secrets=told) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, out) == (0, ""), err
    for secret in (TOKEN, REFRESH):
        assert secret not in err


@pytest.mark.parametrize("declines", [False, True])
def test_the_last_page_is_for_everybody_and_fits_a_phone(
    x_site: XSite, browser: Browser, *, declines: bool
) -> None:
    x_site.server.person.declines = declines
    with (
        sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person,
        browser.new_context(viewport={"width": 320, "height": 568}) as context,
    ):
        page = context.new_page()
        page.goto(x_site.server.agree(asked_of(person)))
        assert person.end()[0] == (4 if declines else 0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for colours in COLOURS:
            page.emulate_media(color_scheme=colours)
            assert [str(each) for each in axe(page)] == []


# --- Others ---------------------------------------------------------------------------


def test_a_page_that_calls_the_listener_changes_nothing(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        url = asked_of(person)
        person.line("waiting")
        state = parse_qs(urlsplit(url).query)["state"][0]
        foreign = (
            "/callback?code=theirs&state=theirs",
            "/callback?code=theirs",
            "/callback?error=access_denied&state=theirs",
            f"/callback?state={state}",
            f"/callback?code=a&code=b&state={state}",
            f"/callback?code=theirs&state={state}&state=theirs",
            f"/callback/?code=theirs&state={state}",
            f"/?code=theirs&state={state}",
            "/callback?code=theirs&state=%FF%00",
            "/favicon.ico",
        )
        assert {others(x_site, each) for each in foreign} == {404}
        mine = f"/callback?code=theirs&state={state}"
        assert {others(x_site, mine, each) for each in ("POST", "HEAD", "PUT")} == {404}
        with socket.create_connection(("127.0.0.1", x_site.port)) as silent:
            silent.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            page = follow(x_site.server.agree(url))
        code, out, err = person.end()
    assert (code, page.status_code) == (0, 200), err
    assert assignments(out)["X_TOKEN"] == TOKEN
    assert "Traceback" not in err


def test_the_listener_is_gone_once_it_has_its_answer(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        ends_at = x_site.server.agree(asked_of(person))
        follow(ends_at)
        person.end()
    with pytest.raises(httpx.ConnectError):
        follow(ends_at)


def test_nothing_is_heard_but_on_loopback(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        person.line("waiting")
        wanted = f":{x_site.port:04X} "
        sockets = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    listening = [
        line.split()[1]
        for line in sockets.splitlines()
        if wanted in line and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{x_site.port:04X}"]


# --- Faults ---------------------------------------------------------------------------


def test_a_person_who_says_no_ends_it(x_site: XSite) -> None:
    x_site.server.person.declines = True
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        page = follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "X says no: access_denied" in err
    assert "not let in" in page.text


def test_a_code_that_somebody_used_already_buys_nothing(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        ends_at = x_site.server.agree(asked_of(person))
        x_site.server.codes.clear()
        follow(ends_at)
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "invalid_grant" in err
    assert "run the command again" in err
    assert parse_qs(urlsplit(ends_at).query)["code"][0] not in err


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"access_token": "", "refresh_token": REFRESH},
        {"access_token": 7, "refresh_token": REFRESH},
        {"access_token": "two\nlines", "refresh_token": REFRESH},
        {"access_token": TOKEN},
    ],
)
def test_an_answer_without_all_of_it_prints_nothing(
    x_site: XSite, given: dict[str, object]
) -> None:
    x_site.server.given = given
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "without access_token" in err or "gave no refresh token" in err
    assert TOKEN not in err
    assert REFRESH not in err


def test_a_token_that_the_network_refuses_is_not_printed(x_site: XSite) -> None:
    x_site.server.given = {"access_token": "dead-token", "refresh_token": REFRESH}
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        follow(x_site.server.agree(asked_of(person)))
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "dead-token" not in err


def test_a_network_that_is_gone_is_said_without_the_code(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        ends_at = x_site.server.agree(asked_of(person))
        x_site.stop()
        follow(ends_at)
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "can't be reached" in err
    assert parse_qs(urlsplit(ends_at).query)["code"][0] not in err


def test_a_port_that_is_in_use_is_said_before_anything_is_asked(x_site: XSite) -> None:
    with (
        socket.create_server(("127.0.0.1", x_site.port)),
        sitting(x_site.folder, *x_site.auth()) as person,
    ):
        code, out, err = person.end()
    assert (code, out) == (2, "")
    assert f"port {x_site.port}" in err
    assert "--paste" in err


def test_waiting_ends(x_site: XSite) -> None:
    with sitting(
        x_site.folder, *x_site.auth("--wait", "1s"), secrets=SECRETS
    ) as person:
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "no answer came from the browser within 1 seconds" in err


def test_ctrl_c_ends_the_waiting_clearly(x_site: XSite) -> None:
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        person.line("waiting")
        person.stop()
        code, out, err = person.end()
    assert (code, out) == (130, "")
    assert err.rstrip().endswith("stopped")
    assert "Traceback" not in err


def test_a_channel_without_a_place_for_what_comes_is_told_the_lines(
    x_site: XSite,
) -> None:
    x_site.name("{token: X_TOKEN}")
    with sitting(x_site.folder, *x_site.auth()) as person:
        code, out, err = person.end()
    assert (code, out) == (2, "")
    lines = (
        "channels:\n  bird:\n    secrets:\n      token: X_TOKEN\n"
        "      refresh_token: BIRD_REFRESH_TOKEN\n      client_id: BIRD_CLIENT_ID\n"
    )
    assert lines in err


def test_a_run_that_is_killed_while_it_waits_leaves_nothing_behind(
    x_site: XSite,
) -> None:
    before = sorted(x_site.folder.rglob("*"))
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        person.line("waiting")
        person.running.kill()
        person.end()
    assert sorted(x_site.folder.rglob("*")) == before
    with sitting(x_site.folder, *x_site.auth(), secrets=SECRETS) as person:
        follow(x_site.server.agree(asked_of(person)))
        assert person.end()[0] == 0
