"""What a forge's answers mean: at the transport, where faults can be made."""

from __future__ import annotations

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
from smmflow.forge.client import Client

BASE = "https://forge.example/api"
TOKEN = "ghs_secret"


def client(
    answer: Callable[[httpx.Request], httpx.Response], token: str | None = TOKEN
) -> Client:
    return Client(
        BASE,
        "The forge",
        token=Secret(token) if token else None,
        transport=httpx.MockTransport(answer),
    )


def always(status: int, **more: object) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(status, **more)  # type: ignore[arg-type]  # options by name


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (401, {}, SignInFailed),
        (403, {}, SignInFailed),
        (403, {"x-ratelimit-remaining": "0"}, RateLimited),
        (403, {"retry-after": "60"}, RateLimited),
        (429, {}, RateLimited),
        (422, {}, Rejected),
        (302, {"location": "https://evil.example"}, Unreachable),
        (500, {}, Unreachable),
        (502, {}, Unreachable),
    ],
)
def test_a_refusal_becomes_the_error_that_fits(
    status: int, headers: dict[str, str], kind: type[NetworkError]
) -> None:
    forge = client(always(status, headers=headers, json={"message": f"no: {TOKEN}"}))
    with pytest.raises(kind) as refused:
        forge.get("/x")
    assert type(refused.value) is kind
    assert refused.value.message == f"The forge answered {status}: no: ***"


def test_what_is_not_there_is_an_answer() -> None:
    answer = client(always(404, json={"message": "Not Found"})).get("/x")
    assert (answer.status, answer.rows) == (404, ())


def test_a_page_instead_of_json_is_no_answer() -> None:
    with pytest.raises(Unreachable):
        client(always(200, html="<h1>Welcome</h1>")).get("/x")


def test_a_lost_answer_to_a_question_may_be_asked_again() -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(Unreachable):
        client(lose).get("/x")
    with pytest.raises(OutcomeUnknown):
        client(lose).write("POST", "/x", {})


def test_what_was_never_sent_did_nothing() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable):
        client(refuse).write("POST", "/x", {})


def test_the_token_follows_no_link_to_another_server() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        there = {"link": '<https://evil.example/api/x?page=2>; rel="next"'}
        return httpx.Response(200, json=[{"id": 1}], headers=there)

    assert list(client(answer).pages("/x")) == [{"id": 1}]
    assert asked == [f"{BASE}/x?per_page=100"]


def test_a_list_without_an_end_is_left() -> None:
    there = {"link": f'<{BASE}/x?page=2>; rel="next"'}
    with pytest.raises(Unreachable, match="without an end"):
        list(client(always(200, json=[], headers=there)).pages("/x"))


def test_a_stranger_is_told_which_secret_would_help() -> None:
    with pytest.raises(SignInFailed) as refused:
        client(always(403, json={"message": "Forbidden"}), token=None).get("/x")
    assert "set GITHUB_TOKEN" in refused.value.hint
