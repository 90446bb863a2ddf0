"""Cursors: whatever was read, and when, everything is read once."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.message import Author, Message, MessageKind
from smmflow.networks.cursors import Cursor

MOMENTS = st.integers(1, 5).map(lambda each: datetime.fromtimestamp(each, UTC))


def _said(number: int, at: datetime) -> Message:
    name = f"urn:li:comment:(urn:li:share:1,{number})"
    return Message(name, MessageKind.COMMENT, Author("", "member"), "Hi", at)


@given(st.lists(MOMENTS, max_size=6), st.integers(0, 6), st.randoms())
def test_whatever_the_cursor_everything_is_read_once_the_oldest_first(
    moments: list[datetime], split: int, chance: Random
) -> None:
    said = [_said(number, at) for number, at in enumerate(sorted(moments))]
    early = Cursor().past(said[:split])
    every = [*said, *said]
    chance.shuffle(every)
    late = Cursor.parse(early.cursor).past(every)
    assert [*early.messages, *late.messages] == said
    assert Cursor.parse(late.cursor).past(every).messages == ()


@pytest.mark.parametrize("text", ["", "nonsense", "2026-11-23", "7 x"])
def test_a_cursor_that_is_none_of_ours_begins_at_the_start(text: str) -> None:
    assert Cursor.parse(text) == Cursor()
