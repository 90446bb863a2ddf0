"""What X makes of a text, and whether the text is still known by it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.errors import Rejected
from smmflow.model.post import Poll
from smmflow.networks.x.post import (
    Sought,
    counters_of,
    follows,
    polls_of,
    post_body,
    text_of,
)
from smmflow.testing import channel_post, part
from tests.vendors.x import XVendor, shortened

PIECES = st.lists(
    st.sampled_from(
        [
            "می‌خواهم ",
            "#نرم‌افزار ",
            "字漢。",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467 ",
            "caf\u0065\u0301 ",
            "<b>&amp; &lt;</b> ",
            "https://example.org/a?b=c&d=e ",
            "https://example.org ",
            "(example.com/) ",
            "\n\n",
            "@sara ",
            "&",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_a_text_is_known_by_what_x_makes_of_its_links_and_signs(text: str) -> None:
    shown, entities = shortened(text, "1900000000000000000", [])
    post = {"text": unicodedata.normalize("NFC", shown), "entities": entities}
    assert Sought.of_part(part(text), answer=False).says(post)


@given(PIECES, PIECES)
def test_other_words_are_not_taken_for_it(text: str, other: str) -> None:
    shown, entities = shortened(other, "1900000000000000000", [])
    sought = Sought.of_part(part(f"{text}end"), answer=False)
    assert not sought.says({"text": shown, "entities": entities})


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ({"text": "Well &amp; good"}, "Well & good"),
        ({"text": "short…", "note_post": {"text": "a long text"}}, "a long text"),
        ({"text": "@us hello", "display_text_range": [4, 9]}, "@us hello"),
        (
            {
                "text": "@us @them hello",
                "display_text_range": [10, 15],
                "referenced_posts": [{"type": "replied_to", "id": "20"}],
            },
            "hello",
        ),
        (
            {
                "text": "Look https://t.co/abc",
                "entities": {"urls": [{"url": "https://t.co/abc", "media_key": "3_1"}]},
            },
            "Look",
        ),
        ({"text": None, "entities": {"urls": [None, {"url": 5}]}}, ""),
        ({}, ""),
    ],
)
def test_words_are_read_as_people_see_them(post: dict[str, object], words: str) -> None:
    assert text_of(post) == words


def _reply(**more: object) -> dict[str, object]:
    return {"id": "30", "text": "Two", "conversation_id": "10", **more}


@pytest.mark.parametrize("key", ["referenced_posts", "referenced_tweets"])
def test_a_part_is_known_by_what_it_follows_under_either_name(key: str) -> None:
    reply = _reply(**{key: [{"type": "replied_to", "id": "20"}]})
    assert Sought.of_part(part("Two"), answer=True).is_(reply, {})
    assert not Sought.of_part(part("Two"), answer=False).is_(reply, {})
    assert follows(reply, {"20"})
    assert not follows(reply, {"10"})


def test_a_part_whose_parent_is_not_shown_is_known_by_its_thread() -> None:
    assert Sought.of_part(part("Two"), answer=True).is_(_reply(), {})
    assert follows(_reply(), {"10", "20"})
    assert not follows(_reply(), {"40"})
    assert Sought.of_part(part("Two"), answer=False).is_(
        _reply(conversation_id="30"), {}
    )


def test_counters_are_read_under_either_name() -> None:
    counters = counters_of({"public_metrics": {"retweet_count": 3, "like_count": 0}})
    assert (counters["reposts"], counters["likes"], counters["replies"]) == (3, 0, None)


def test_a_poll_of_several_answers_is_refused_before_anything_is_sent() -> None:
    asked = part("Well?", poll=Poll(("Yes", "No"), multiple=True))
    channel = XVendor.account.channel("x")
    with pytest.raises(Rejected, match="one answer"):
        post_body(channel_post(channel, asked), 0, None, [])


def test_a_poll_is_known_by_its_answers_however_they_are_spaced() -> None:
    asked = part("Well?", poll=Poll(("Yes ", "نمی\u200cدانم")))
    post = {"id": "10", "text": "Well?", "attachments": {"poll_ids": ["1"]}}
    options = [{"label": "Yes"}, {"label": "نمیدانم"}]
    polls = polls_of({"includes": {"polls": [{"id": "1", "options": options}]}})
    assert Sought.of_part(asked, answer=False).is_(post, polls)


def test_x_calls_itself_by_either_name() -> None:
    text = "Read https://twitter.com/sara/status/20"
    post = {"text": "Read https://x.com/sara/status/20"}
    assert Sought.of_part(part(text), answer=False).says(post)


def test_somebodys_film_that_an_address_shows_is_no_other_post() -> None:
    address = "https://x.com/sara/status/20/video/1"
    urls = [{"url": "https://t.co/a", "expanded_url": address}]
    post = {
        "id": "30",
        "text": "Watch this https://t.co/a",
        "entities": {"urls": urls},
        "attachments": {"media_keys": ["13_20"]},
    }
    assert Sought.of_part(part(f"Watch this {address}"), answer=False).is_(post, {})
    assert not Sought.of_part(part("Watch this"), answer=False).is_(post, {})


def test_addresses_are_the_same_escaped_or_not() -> None:
    text = "https://example.org/%D8%AE%D8%A8%D8%B1"
    post = {"text": "https://example.org/خبر"}
    assert Sought.of_part(part(text), answer=False).says(post)
