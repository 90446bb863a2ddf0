"""Every outcome of a request is the error that says what may happen next."""

from collections.abc import Callable

import httpx
import pytest

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Http

NOW = "Sun, 22 Nov 2026 09:30:00 GMT"


def _http(answer: Callable[[httpx.Request], httpx.Response]) -> Http:
    return Http("https://n.example", "Net", transport=httpx.MockTransport(answer))


def _failure(
    answer: Callable[[httpx.Request], httpx.Response], *, repeatable: bool = False
) -> NetworkError:
    http = _http(answer)
    with pytest.raises(NetworkError) as caught:
        http.carry_out("POST", "/x", repeatable=repeatable, token=Secret("s3cr3t"))
    http.close()
    return caught.value


def _raises(kind: type[Exception]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise kind("it broke s3cr3t")

    return answer


def _subclasses(
    kind: type[httpx.TransportError],
) -> set[type[httpx.TransportError]]:
    return {kind}.union(*(_subclasses(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(_subclasses(httpx.TransportError), key=str))
def test_every_failure_httpx_knows_is_mapped(kind: type[httpx.TransportError]) -> None:
    assert isinstance(_failure(_raises(kind), repeatable=True), Unreachable)
    unsent = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.LocalProtocolError,
    )
    wanted = Unreachable if kind in unsent else OutcomeUnknown
    assert type(_failure(_raises(kind))) is wanted


@pytest.mark.parametrize(
    ("status", "kind", "repeatable_kind"),
    [
        (301, Unreachable, Unreachable),
        (303, OutcomeUnknown, Unreachable),
        (400, Rejected, Rejected),
        (401, SignInFailed, SignInFailed),
        (403, SignInFailed, SignInFailed),
        (404, Rejected, Rejected),
        (408, OutcomeUnknown, Unreachable),
        (422, Rejected, Rejected),
        (429, RateLimited, RateLimited),
        (500, OutcomeUnknown, Unreachable),
        (503, OutcomeUnknown, Unreachable),
    ],
)
def test_a_status_says_what_may_happen_next(
    status: int, kind: type[NetworkError], repeatable_kind: type[NetworkError]
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": "No", "message": "because"})

    assert type(_failure(answer)) is kind
    error = _failure(answer, repeatable=True)
    assert type(error) is repeatable_kind
    if status not in {301, 303}:
        assert "No, because" in error.message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "Sun, 22 Nov 2026 09:31:00 GMT", "Date": NOW}, 60.0),
        ({"Retry-After": "Sun, 22 Nov 2026 09:00:00 GMT", "Date": NOW}, 0.0),
        ({"ratelimit-reset": "1795339830", "Date": NOW}, 30.0),
        ({"x-rate-limit-reset": "1795339830", "Date": NOW}, 30.0),
        ({"X-RateLimit-Reset": "2026-11-22T09:35:00.000Z", "Date": NOW}, 300.0),
        ({"X-RateLimit-Reset": "2026-11-22T09:35:00.000Z"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_rate_limit_says_how_long_by_the_servers_own_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    error = _failure(lambda _: httpx.Response(429, headers=headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_a_page_in_place_of_an_answer_is_named_as_one() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, html="<html>Log in to the hotel</html>")

    assert isinstance(_failure(answer), OutcomeUnknown)
    error = _failure(answer, repeatable=True)
    assert isinstance(error, Unreachable)
    assert "an HTML page instead of JSON" in error.message
    assert "hotel" not in error.message


def test_broken_json_leaves_a_writes_outcome_unknown() -> None:
    broken = httpx.Response(
        200, content=b'{"id": "1', headers={"content-type": "application/json"}
    )
    assert isinstance(_failure(lambda _: broken), OutcomeUnknown)


def test_an_endless_answer_is_cut_off() -> None:
    error = _failure(lambda _: httpx.Response(200, content=b" " * 9_000_000))
    assert isinstance(error, OutcomeUnknown)
    assert "more than" in error.message


def test_words_of_a_server_become_one_short_line_without_our_secrets() -> None:
    words = "bad token s3cr3t\n\x1b[31mred " + "x" * 10_000
    error = _failure(lambda _: httpx.Response(400, json={"error": words}))
    assert "s3cr3t" not in error.message
    assert "***" in error.message
    assert "\n" not in error.message
    assert "\x1b" not in error.message
    assert len(error.message) < 400


def test_requests_say_who_asks() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["User-Agent"])
        return httpx.Response(200, json={})

    http = _http(answer)
    http.carry_out("GET", "/", repeatable=True)
    http.close()
    assert seen[0].startswith("smmflow/")


def test_a_dead_server_is_unreachable() -> None:
    http = Http("http://127.0.0.1:9", "Net")
    with pytest.raises(Unreachable, match="can't be reached"):
        http.carry_out("POST", "/", repeatable=False)
    http.close()
