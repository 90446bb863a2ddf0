"""Rules about polls."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from smmflow.model.media import MediaFile
from smmflow.model.post import Poll
from tests.checks.builders import MASTODON, facts, find, post

GOOD = Poll(("چای", "قهوه"))


@pytest.mark.parametrize(
    "rule",
    [
        "poll-options",
        "poll-option-too-long",
        "poll-duration",
        "poll-multiple",
        "poll-duplicate-options",
        "poll-unsupported",
        "poll-with-media",
    ],
)
def test_an_ordinary_poll_is_fine(rule: str) -> None:
    assert not find(rule, post(poll=GOOD))
    assert not find(rule, post())


def test_a_network_without_polls() -> None:
    one = post(poll=GOOD, channels=("mastodon", "bluesky"))
    [found] = find("poll-unsupported", one)
    assert (found.channel, found.place.keys) == ("bluesky", ("poll",))


@pytest.mark.parametrize("options", [("1",), ("1", "2", "3", "4", "5")])
def test_too_few_or_too_many_options(options: tuple[str, ...]) -> None:
    [found] = find("poll-options", post(poll=Poll(options)))
    assert f"this one has {len(options)}" in found.message


def test_an_option_over_the_limit_is_named_by_its_place() -> None:
    [found] = find("poll-option-too-long", post(poll=Poll(("Yes", "x" * 51))))
    assert found.place.keys == ("poll", "options", 1)
    assert not find("poll-option-too-long", post(poll=Poll(("Yes", "می‌خ" * 16))))


def test_several_answers_where_a_network_takes_one() -> None:
    several = post(poll=replace(GOOD, multiple=True))
    assert MASTODON.poll is not None
    single = replace(MASTODON, poll=replace(MASTODON.poll, multiple=False))
    [found] = find("poll-multiple", several, capabilities={"mastodon": single})
    assert found.place.keys == ("poll", "multiple")
    assert not find("poll-multiple", several)


def test_a_network_that_knows_some_times_only() -> None:
    assert MASTODON.poll is not None
    days = tuple(timedelta(days=each) for each in (1, 3))
    some = replace(MASTODON, poll=replace(MASTODON.poll, durations=days))
    one = post(poll=replace(GOOD, open_for=timedelta(days=2)))
    [found] = find("poll-duration", one, capabilities={"mastodon": some})
    assert found.message == "mastodon keeps polls open for 1d, 3d, not 2d"
    fits = post(poll=replace(GOOD, open_for=timedelta(days=3)))
    assert not find("poll-duration", fits, capabilities={"mastodon": some})


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=30), "30s"),
        (timedelta(minutes=1), "1m"),
        (timedelta(days=31), "31d"),
    ],
)
def test_a_poll_open_for_too_short_or_too_long(span: timedelta, shown: str) -> None:
    [found] = find("poll-duration", post(poll=Poll(("Yes", "No"), span)))
    assert found.message == f"mastodon keeps polls open from 5m to 30d, not {shown}"


@pytest.mark.parametrize("twice", [("Yes", "No", " yes"), ("عالی", "بد", "عالي")])
def test_an_answer_offered_twice(twice: tuple[str, ...]) -> None:
    [found] = find("poll-duplicate-options", post(poll=Poll(twice)))
    assert found.place.keys == ("poll", "options", 2)


def test_a_poll_beside_a_picture() -> None:
    shown = (MediaFile("a.png", "Cups"),)
    one = post(poll=GOOD, media=shown)
    assert find("poll-with-media", one, media={"a.png": facts("a.png")})
    apart = post("1\n---\n2", poll=GOOD, poll_part=2, media=shown)
    assert not find("poll-with-media", apart, media={"a.png": facts("a.png")})
