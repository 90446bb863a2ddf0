"""Meta's Graph API: what its errors mean, and how its lists go on."""

from collections.abc import Iterator

import httpx
import pytest

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, RateLimited, Rejected, Unreachable
from smmflow.networks.graph import Graph, next_cursor
from smmflow.networks.http import Http

Answering = dict[str, object]


@pytest.fixture
def answers() -> list[Answering]:
    return []


@pytest.fixture
def graph(answers: list[Answering]) -> Iterator[Graph]:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answers.pop()))
    http = Http("https://graph.example/v1", "Graph", transport=transport)
    yield Graph(http, Secret("a-token"), "Graph")
    http.close()


@pytest.mark.parametrize("code", [-1, 0, 1, 2, "7", None])
def test_trouble_that_comes_with_a_success_leaves_a_post_in_doubt(
    graph: Graph, answers: list[Answering], code: object
) -> None:
    answers += [{"error": {"code": code, "message": "oops"}}] * 2
    with pytest.raises(OutcomeUnknown):
        graph.ask("POST", "/feed", repeatable=False)
    with pytest.raises(Unreachable):
        graph.ask("GET", "/feed", repeatable=True)


@pytest.mark.parametrize(
    ("error", "otherwise"),
    [
        ({"code": 506, "message": "Duplicate Post"}, Rejected),
        ({"code": 4, "error_subcode": 2207051, "message": "Blocked"}, RateLimited),
    ],
)
def test_some_errors_come_with_posts_that_are_live(
    graph: Graph, answers: list[Answering], error: object, otherwise: type[Exception]
) -> None:
    answers += [{"error": error}] * 2
    with pytest.raises(OutcomeUnknown):
        graph.ask("POST", "/feed", repeatable=False)
    with pytest.raises(otherwise):
        graph.ask("GET", "/feed", repeatable=True)


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ({}, ""),
        ({"paging": {"cursors": {"after": "x"}}}, ""),
        ({"paging": {"cursors": {"after": "x"}, "next": "https://more"}}, "x"),
        ({"data": [], "paging": {"cursors": {"after": "x"}, "next": "https://m"}}, "x"),
    ],
)
def test_a_list_goes_on_where_it_says_so(page: Answering, after: str) -> None:
    assert next_cursor(page) == after


@pytest.mark.parametrize("cursors", [None, {}, {"after": ""}, [1]])
def test_a_list_that_goes_on_nobody_knows_where_was_not_read_whole(
    cursors: object,
) -> None:
    with pytest.raises(OutcomeUnknown):
        next_cursor({"paging": {"next": "https://more", "cursors": cursors}})
