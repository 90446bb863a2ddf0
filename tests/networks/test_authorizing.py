from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smmflow.clock import FixedClock
from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    RateLimited,
    SignInFailed,
    SmmflowError,
    Unreachable,
)
from smmflow.model.channel import Channel
from smmflow.networks.authorizing import (
    CodeFlow,
    DeviceFlow,
    Lengthen,
    OwnApp,
    Password,
    SignIn,
    Typed,
)
from smmflow.networks.authorizing.answers import Tokens
from smmflow.networks.authorizing.app import App
from smmflow.networks.authorizing.consent import Agreed, Declined, consent, reply
from smmflow.networks.authorizing.device import begin, wait
from smmflow.networks.authorizing.tokens import redeem
from smmflow.networks.interface import Network
from smmflow.networks.registry import all_networks, network
from tests.vendors.authorization import (
    AuthorizationServer,
    MetaSignIn,
    RegisteredApp,
)
from tests.vendors.instagram import ACCOUNT, InstagramVendor
from tests.vendors.linkedin import MEMBER, ORGANIZATION, LinkedInVendor

REDIRECT = "http://127.0.0.1:8912/callback"
APP = App(Secret("the-client"), Secret("the-password/+ "))
SETTINGS = {
    "instance": "https://social.example",
    "homeserver": "https://matrix.example",
    "page": "1234567890",
    "author": ORGANIZATION,
}
FLOW = CodeFlow(
    page="https://network.example/authorize",
    token="https://network.example/token",
    scopes=("read", "write"),
    app=OwnApp("the network"),
)


def way_of(network: Network) -> SignIn:
    return network.ways_in(Channel("there", network.name, settings=SETTINGS))[0]


# --- Every network --------------------------------------------------------------------


@pytest.mark.parametrize(
    "network", [v for n in all_networks() for v in n.variants()], ids=lambda n: n.title
)
def test_a_sign_in_gives_what_the_network_calls_a_secret(network: Network) -> None:
    for way in network.ways_in(Channel("there", network.name, settings=SETTINGS)):
        check(network, way)


def check(network: Network, way: SignIn) -> None:
    match way:
        case CodeFlow():
            assert {way.secret, way.refresh or way.secret} <= network.secrets.keys()
            assert network.scopes <= set(way.scopes)
            assert all(u.startswith("https://") for u in (way.page, way.token))
        case DeviceFlow():
            assert way.secret in network.secrets
            assert network.scopes <= set(way.scopes)
            assert all(u.startswith("https://") for u in (way.start, way.poll))
        case Password():
            assert way.secret in network.secrets
            assert way.address.startswith("https://")
        case Typed():
            pass


def test_six_networks_have_a_page_to_agree_on_and_one_takes_a_password() -> None:
    kinds = {each.name: type(way_of(each)) for each in all_networks()}
    assert {name for name, kind in kinds.items() if kind is CodeFlow} == {
        "facebook",
        "instagram",
        "linkedin",
        "mastodon",
        "threads",
        "x",
    }
    assert {name for name, kind in kinds.items() if kind is Password} == {"matrix"}


# --- The question and its answer ------------------------------------------------------


def test_what_a_person_agreed_to_is_read_from_where_the_browser_ends() -> None:
    wanted = consent(FLOW, APP.client, REDIRECT)
    state = wanted.state.reveal()
    address = f"  {REDIRECT}?code=abc&state={state}#_ \n"
    assert reply(wanted, address) == Agreed(Secret("abc"))
    no = f"{REDIRECT}?error=access_denied&error_description=Not+now&state={state}"
    assert reply(wanted, no) == Declined("Not now")


@given(
    st.lists(
        st.tuples(st.sampled_from(["code", "state", "error", "x"]), st.text()),
        max_size=5,
    )
)
def test_no_address_counts_without_the_state_of_this_question(
    said: list[tuple[str, str]],
) -> None:
    wanted = consent(FLOW, APP.client, REDIRECT)
    assert reply(wanted, f"{REDIRECT}?{urlencode(said)}") is None


@given(st.text())
@example("https://[")
@example("https://example.org/?state=\udce9")
def test_whatever_is_pasted_is_read_without_an_error(said: str) -> None:
    assert reply(consent(FLOW, APP.client, REDIRECT), said) is None


def test_a_question_shows_none_of_its_secrets() -> None:
    wanted = consent(FLOW, APP.client, REDIRECT)
    assert wanted.verifier.reveal() not in wanted.url
    assert wanted.state.reveal() not in repr(wanted).replace(wanted.url, "")


# --- What it buys ---------------------------------------------------------------------


@pytest.mark.parametrize("author", [ORGANIZATION, MEMBER])
def test_linkedin_gives_a_token_for_what_the_author_needs(author: str) -> None:
    vendor = LinkedInVendor(author)
    token = vendor.account.secrets["token"]
    server = AuthorizationServer(
        vendor,
        RegisteredApp("the-client", {REDIRECT}, "the-password/+ ", challenge=False),
        page="/oauth/v2/authorization",
        token="/oauth/v2/accessToken",
        given={"access_token": token, "expires_in": 5184000},
    )
    channel = Channel("there", "linkedin", settings={"author": author})
    there = network("linkedin").on(channel)
    (flow,) = there.ways_in(channel)
    assert isinstance(flow, CodeFlow)
    tokens = bought(flow, server)
    assert tokens.token == Secret(token)
    assert tokens.scopes == there.scopes
    wanted = {"organization" in each for each in flow.scopes if "social" in each}
    assert wanted == {author == ORGANIZATION}


@pytest.mark.parametrize("listed", [True, False])
def test_instagram_gives_a_token_that_lives_long(*, listed: bool) -> None:
    """Its documentation shows the first answer as a list, and its server as none."""
    granted = "instagram_business_basic,instagram_business_content_publish"
    given = {
        "access_token": MetaSignIn.short,
        "user_id": ACCOUNT,
        "permissions": granted,
    }
    server = MetaSignIn(
        InstagramVendor(),
        RegisteredApp("the-client", {REDIRECT}, "the-password/+ ", challenge=False),
        page="/oauth/authorize",
        token="/oauth/access_token",
        given={"data": [given]} if listed else given,
        separator=",",
    )
    server.tells_scopes = False
    server.exchange = ("/access_token", "ig_exchange_token")
    server.long = InstagramVendor.account.secrets["token"]
    flow = way_of(network("instagram"))
    assert isinstance(flow, CodeFlow)
    tokens = bought(flow, server)
    assert tokens.token == Secret(server.long)
    assert tokens.scopes == frozenset(granted.split(","))
    assert [each.url.host for each in server.requests] == [
        "www.instagram.com",
        "api.instagram.com",
        "graph.instagram.com",
    ]


def bought(flow: CodeFlow, server: AuthorizationServer) -> Tokens:
    wanted = consent(flow, APP.client, REDIRECT)
    said = reply(wanted, server.agree(wanted.url))
    assert isinstance(said, Agreed)
    return redeem(flow, APP, wanted, said.code, transport=server)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), SignInFailed),
        (httpx.Response(401, json={"error": "invalid_client"}), SignInFailed),
        (httpx.Response(429, headers={"Retry-After": "7"}), RateLimited),
        (httpx.Response(500), Unreachable),
        (httpx.Response(302, headers={"Location": "https://a.example"}), Unreachable),
        (httpx.Response(200, text="<html>"), SignInFailed),
        (httpx.Response(200, json=["a token"]), SignInFailed),
        (httpx.Response(200, json={"data": []}), SignInFailed),
        (httpx.Response(200, json={"access_token": None}), SignInFailed),
    ],
)
@pytest.mark.parametrize("steps", [0, 1])
def test_an_answer_without_a_token_is_the_error_that_fits(
    answer: httpx.Response, kind: type[NetworkError], steps: int
) -> None:
    good = httpx.Response(200, json={"access_token": "short-lived"})
    answers = iter([good] * steps + [answer])
    flow = CodeFlow(
        page=FLOW.page,
        token=FLOW.token,
        scopes=(),
        app=FLOW.app,
        steps=(Lengthen("https://network.example/longer", "grant", "token"),),
    )
    wanted = consent(flow, APP.client, REDIRECT)
    with pytest.raises(kind):
        redeem(
            flow,
            APP,
            wanted,
            Secret("the-code"),
            transport=httpx.MockTransport(lambda _: next(answers)),
        )


def _form(request: httpx.Request) -> str:
    return request.content.decode() + str(request.url)


def _values(request: httpx.Request) -> str:
    form = parse_qs(request.content.decode())
    query = parse_qs(urlsplit(str(request.url)).query)
    return repr(sorted((form | query).values()))


@pytest.mark.parametrize("repeat", [_form, _values])
@pytest.mark.parametrize("steps", [0, 1])
def test_a_server_that_repeats_what_it_was_told_gives_nothing_away(
    repeat: Callable[[httpx.Request], str], steps: int
) -> None:
    answered = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal answered
        answered += 1
        if answered <= steps:
            return httpx.Response(200, json={"access_token": "the-short-token"})
        said = {"error": "invalid_request", "error_description": repeat(request)}
        return httpx.Response(400, json=said)

    flow = CodeFlow(
        page=FLOW.page,
        token=FLOW.token,
        scopes=(),
        app=FLOW.app,
        steps=(Lengthen("https://network.example/longer", "grant", "token"),),
    )
    wanted = consent(flow, APP.client, REDIRECT)
    with pytest.raises(SmmflowError) as caught:
        redeem(
            flow,
            APP,
            wanted,
            Secret("the-code"),
            transport=httpx.MockTransport(answer),
        )
    assert APP.password is not None
    for secret in ("the-code", "the-short-token", APP.password.reveal(), "the-client"):
        assert secret not in str(caught.value)
    assert "the-password" not in str(caught.value)
    assert wanted.verifier.reveal() not in str(caught.value)


# --- On another device ----------------------------------------------------------------

DEVICE = DeviceFlow(
    start="https://network.example/start",
    poll="https://network.example/poll",
    scopes=("pages",),
    place="the app",
)
TOLD = {
    "code": "device-code",
    "user_code": "A1NWZ9",
    "verification_uri": "https://network.example/device",
    "expires_in": 420,
    "interval": 5,
}
PENDING, TOO_OFTEN, DECLINED, EXPIRED = 1349174, 1349172, 1349173, 1349152


def not_yet(subcode: int) -> httpx.Response:
    error = {"message": "device-code is not", "code": 31, "error_subcode": subcode}
    return httpx.Response(400, json={"error": error})


def asked_until_done(
    *answers: httpx.Response | Exception, told: dict[str, object] = TOLD
) -> tuple[list[float], Tokens]:
    """What is waited between questions, and the end of it."""
    given = iter([httpx.Response(200, json=told), *answers])

    def answer(_: httpx.Request) -> httpx.Response:
        said = next(given)
        if isinstance(said, Exception):
            raise said
        return said

    clock = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))
    network = httpx.MockTransport(answer)
    code = begin(DEVICE, APP, transport=network)
    tokens = wait(DEVICE, APP, code, seconds=300, clock=clock, transport=network)
    return clock.slept, tokens


def test_a_server_is_asked_as_often_as_it_wants() -> None:
    done = httpx.Response(200, json={"access_token": "the-token"})
    slept, tokens = asked_until_done(
        not_yet(PENDING), not_yet(TOO_OFTEN), not_yet(PENDING), done
    )
    assert slept == [5, 5, 10, 10]
    assert tokens.token == Secret("the-token")


@pytest.mark.parametrize(
    "trouble",
    [httpx.ConnectError("no"), httpx.ReadTimeout("late"), httpx.Response(503)],
)
def test_a_server_in_trouble_is_asked_less_often(
    trouble: httpx.Response | Exception,
) -> None:
    done = httpx.Response(200, json={"access_token": "the-token"})
    assert asked_until_done(trouble, done)[0] == [5, 10]


@pytest.mark.parametrize(
    ("subcode", "words"),
    [(DECLINED, "the answer was no"), (EXPIRED, "too old"), (99, "400")],
)
def test_a_no_ends_the_asking(subcode: int, words: str) -> None:
    with pytest.raises(SignInFailed, match=words) as caught:
        asked_until_done(not_yet(subcode))
    assert "device-code" not in str(caught.value)


@pytest.mark.parametrize(("lives", "times"), [(420, 60), (20, 4)])
def test_asking_ends_with_the_code_or_with_our_patience(lives: int, times: int) -> None:
    told = {**TOLD, "expires_in": lives}
    answers = [not_yet(PENDING)] * times
    with pytest.raises(SignInFailed, match="nobody typed the code in time"):
        asked_until_done(*answers, told=told)


@pytest.mark.parametrize("interval", [None, 0, -1, "5", True])
def test_a_server_that_names_no_interval_is_asked_every_five_seconds(
    interval: object,
) -> None:
    done = httpx.Response(200, json={"access_token": "the-token"})
    assert asked_until_done(done, told={**TOLD, "interval": interval})[0] == [5]
