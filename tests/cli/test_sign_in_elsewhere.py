"""`smmflow auth` on Mastodon and Matrix, on real servers, and on Meta's networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.cli.person import Sitting, sitting
from tests.cli.terminal import make_workspace
from tests.servers.mastodon import MastodonServer
from tests.servers.synapse import SynapseServer
from tests.vendors.authorization import (
    CLIENT_TOKEN,
    AuthorizationServer,
    FacebookSignIn,
    MetaSignIn,
    RegisteredApp,
)
from tests.vendors.facebook import PAGE, FacebookVendor
from tests.vendors.facebook import TOKEN as PAGE_TOKEN
from tests.vendors.host import VendorHost
from tests.vendors.threads import TOKEN as THREADS_TOKEN
from tests.vendors.threads import ThreadsVendor

REDIRECT = "https://example.org/back"
APP = RegisteredApp("1234567890", {REDIRECT}, "meta-app-secret", challenge=False)


def workspace(folder: Path, settings: str) -> Path:
    """One channel called `there`, whose token is in TOKEN."""
    channel = f"{{{settings}, secrets: {{token: TOKEN}}}}"
    text = f"title: Example\nchannels:\n  there: {channel}\n"
    return make_workspace(folder, {"channels.yaml": text}, repository=False)


def pick_account(address: str, username: str) -> httpx.Response:
    """Open the server's own page, and agree there as this account."""
    page = httpx.get(address, trust_env=False)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', page.text)
    form = {**dict(fields), "username": username}
    where = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}/oauth/authorize"
    return httpx.post(where, data=form, trust_env=False)


# --- Mastodon -------------------------------------------------------------------------


def test_on_mastodon_nobody_has_to_make_an_app(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    folder = workspace(tmp_path, f"network: mastodon, instance: {mastodon_server.url}")
    with sitting(folder, "auth", "there") as person:
        address = person.line(f"{mastodon_server.url}/oauth/authorize?")
        sent = pick_account(address, "author").headers["Location"]
        assert urlsplit(sent).hostname == "127.0.0.1"
        assert httpx.get(sent, trust_env=False).status_code == 200
        code, out, err = person.end()
    assert code == 0, err
    assert "signed in as @author" in err
    name, _, token = out.strip().partition("=")
    assert name == "TOKEN"
    headers = {"Authorization": f"Bearer {token}"}
    who = f"{mastodon_server.url}/api/v1/apps/verify_credentials"
    made = httpx.get(who, headers=headers, trust_env=False).json()
    assert (made["name"], made["scopes"]) == ("smmflow", ["read", "write"])


def test_on_mastodon_the_server_shows_a_code_to_copy(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    folder = workspace(tmp_path, f"network: mastodon, instance: {mastodon_server.url}")
    with sitting(folder, "auth", "there", "--paste") as person:
        address = person.line(f"{mastodon_server.url}/oauth/authorize?")
        asked = parse_qs(urlsplit(address).query)
        assert asked["redirect_uri"] == ["urn:ietf:wg:oauth:2.0:oob"]
        page = pick_account(address, "author").text
        shown = re.search(r"Authorization code: (\S+?)<", page)
        assert shown
        person.type("code", shown[1])
        code, out, err = person.end()
    assert (code, out.startswith("TOKEN=")) == (0, True), err


# --- Matrix ---------------------------------------------------------------------------


def test_on_matrix_a_password_buys_a_token_of_a_device_called_smmflow(
    tmp_path: Path, synapse_server: SynapseServer
) -> None:
    room = synapse_server.create_room()
    settings = f"network: matrix, homeserver: {synapse_server.url}, room: '{room}'"
    folder = workspace(tmp_path, settings)
    with sitting(folder, "auth", "there") as person:
        person.type("name", "author").type("password", "password")
        code, out, err = person.end()
    assert code == 0, err
    assert "signed in as @author:localhost" in err
    token = out.strip().partition("=")[2]
    headers = {"Authorization": f"Bearer {token}"}
    client = f"{synapse_server.url}/_matrix/client/v3"
    me = httpx.get(f"{client}/account/whoami", headers=headers, trust_env=False).json()
    device = httpx.get(
        f"{client}/devices/{me['device_id']}", headers=headers, trust_env=False
    ).json()
    assert device["display_name"] == "smmflow"


def test_a_wrong_password_is_neither_taken_nor_repeated(
    tmp_path: Path, synapse_server: SynapseServer
) -> None:
    settings = (
        f"network: matrix, homeserver: {synapse_server.url}, room: '#a:localhost'"
    )
    folder = workspace(tmp_path, settings)
    with sitting(folder, "auth", "there") as person:
        person.type("name", "author").type("password", "wrong-password")
        code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "wrong-password" not in err


# --- Meta -----------------------------------------------------------------------------


@contextmanager
def hosted(server: AuthorizationServer) -> Iterator[str]:
    host = VendorHost(server).start()
    try:
        yield host.url
    finally:
        host.stop()
        assert server.faults == []


def type_app(person: Sitting) -> None:
    """Say which app it is; nothing of it is in the environment."""
    person.type("client_id", APP.client).type("client_secret", APP.password)


def threads() -> MetaSignIn:
    server = MetaSignIn(
        ThreadsVendor(),
        APP,
        page="/oauth/authorize",
        token="/oauth/access_token",
        given={"access_token": MetaSignIn.short, "user_id": 17841405793187218},
        separator=",",
    )
    server.exchange = ("/access_token", "th_exchange_token")
    server.long = THREADS_TOKEN
    return server


def facebook(**pages: str) -> FacebookSignIn:
    server = FacebookSignIn(
        FacebookVendor(),
        APP,
        page="/v25.0/dialog/oauth",
        token="/v25.0/oauth/access_token",
        given={"access_token": MetaSignIn.short, "token_type": "bearer"},
        separator=",",
    )
    server.exchange = ("/v25.0/oauth/access_token", "fb_exchange_token")
    server.pages = {name.removeprefix("p"): token for name, token in pages.items()}
    return server


@pytest.mark.parametrize("said", [True, False])
def test_on_threads_the_token_that_is_kept_lives_long(
    tmp_path: Path, *, said: bool
) -> None:
    server = threads()
    with hosted(server) as url:
        folder = workspace(tmp_path, f"network: threads, service: {url}/v1.0")
        options = ["--redirect", REDIRECT] if said else []
        with sitting(folder, "auth", "there", *options) as person:
            if not said:
                person.type("redirect address", REDIRECT)
            type_app(person)
            address = person.line("https://threads.com/oauth/authorize?")
            person.type("address", f"{server.agree(address)}#_")
            code, out, err = person.end()
    assert (code, out) == (0, f"TOKEN={THREADS_TOKEN}\n"), err
    assert "threads_content_publish" in server.asked["scope"].split(",")
    for secret in (APP.password, MetaSignIn.short, THREADS_TOKEN):
        assert secret not in err


def test_on_facebook_the_token_is_that_of_the_page_the_channel_names(
    tmp_path: Path,
) -> None:
    server = facebook(p99="another-page-token", **{f"p{PAGE}": PAGE_TOKEN})
    server.denied = {"read_insights"}
    with hosted(server) as url:
        settings = f"network: facebook, page: '{PAGE}', service: {url}/v25.0"
        folder = workspace(tmp_path, settings)
        with sitting(folder, "auth", "there", "--redirect", REDIRECT) as person:
            type_app(person)
            address = person.line("https://www.facebook.com/v25.0/dialog/oauth?")
            person.type("address", server.agree(address))
            code, out, err = person.end()
    assert (code, out) == (0, f"TOKEN={PAGE_TOKEN}\n"), err
    assert "granted less than was asked: read_insights" in err
    for secret in (APP.password, MetaSignIn.short, server.long, PAGE_TOKEN):
        assert secret not in err


def test_on_facebook_a_person_may_agree_on_their_phone(tmp_path: Path) -> None:
    server = facebook(**{f"p{PAGE}": PAGE_TOKEN})
    server.typing = [1349174]
    server.denied = {"pages_manage_posts"}
    with hosted(server) as url:
        settings = f"network: facebook, page: '{PAGE}', service: {url}/v25.0"
        folder = workspace(tmp_path, settings)
        with sitting(folder, "auth", "there", "--device") as person:
            person.type("client_id", APP.client).type("client_token", CLIENT_TOKEN)
            person.line("https://www.facebook.com/device")
            code, out, err = person.end()
    assert (code, out) == (0, f"TOKEN={PAGE_TOKEN}\n"), err
    assert "Facebook: type A1NWZ9 at" in err
    assert "granted less than was asked: pages_manage_posts" in err
    for secret in (CLIENT_TOKEN, "device-code", server.long, PAGE_TOKEN):
        assert secret not in err


def test_a_person_who_says_no_on_their_phone_ends_it(tmp_path: Path) -> None:
    server = facebook(**{f"p{PAGE}": PAGE_TOKEN})
    server.typing = [1349173]
    with hosted(server) as url:
        settings = f"network: facebook, page: '{PAGE}', service: {url}/v25.0"
        folder = workspace(tmp_path, settings)
        with sitting(folder, "auth", "there", "--device") as person:
            person.type("client_id", APP.client).type("client_token", CLIENT_TOKEN)
            code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "the answer was no" in err


def test_a_network_without_codes_for_devices_says_so(tmp_path: Path) -> None:
    folder = workspace(tmp_path, "network: threads")
    with sitting(folder, "auth", "there", "--device") as person:
        code, out, err = person.end()
    assert (code, out) == (2, "")
    assert "Threads lets nobody agree on another device" in err


def test_a_page_of_others_is_not_taken_for_that_of_the_channel(tmp_path: Path) -> None:
    server = facebook(p99="another-page-token")
    with hosted(server) as url:
        settings = f"network: facebook, page: '{PAGE}', service: {url}/v25.0"
        folder = workspace(tmp_path, settings)
        with sitting(folder, "auth", "there", "--redirect", REDIRECT) as person:
            type_app(person)
            address = person.line("https://www.facebook.com/v25.0/dialog/oauth?")
            person.type("address", server.agree(address))
            code, out, err = person.end()
    assert (code, out) == (2, "")
    assert f"names the Page {PAGE}, and this sign-in sees: 99 (Page 99)" in err
    assert "another-page-token" not in err


def test_a_wrong_app_secret_is_said_and_not_repeated(tmp_path: Path) -> None:
    server = threads()
    with hosted(server) as url:
        folder = workspace(tmp_path, f"network: threads, service: {url}/v1.0")
        with sitting(folder, "auth", "there", "--redirect", REDIRECT) as person:
            person.type("client_id", APP.client).type("client_secret", "wrong-secret")
            address = person.line("https://threads.com/oauth/authorize?")
            person.type("address", server.agree(address))
            code, out, err = person.end()
    assert (code, out) == (4, "")
    assert "invalid_client" in err
    assert "wrong-secret" not in err


@pytest.mark.parametrize(
    "redirect", ["example.org", "https://", "https://a.org/#b", "https://["]
)
def test_what_is_no_redirect_address_is_refused(tmp_path: Path, redirect: str) -> None:
    folder = workspace(tmp_path, "network: threads")
    with sitting(folder, "auth", "there", "--redirect", redirect) as person:
        code, out, err = person.end()
    assert (code, out) == (2, "")
    assert "no address that a browser can be sent to" in err
