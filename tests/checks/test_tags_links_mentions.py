"""Rules about what stands in the text besides words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smmflow.diagnostics import Severity
from smmflow.model.campaign import Campaign
from smmflow.model.capabilities import Most
from smmflow.model.post import Card
from smmflow.model.text import SpanKind
from tests.checks.builders import BLUESKY, MASTODON, find, post


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("A #می‌خواهم tag", "#می"),
        ("A #خانهٔ_ما tag", "#خانه"),
    ],
)
def test_a_tag_that_a_network_cuts(text: str, seen: str) -> None:
    strict = replace(BLUESKY, hashtag_zwnj=False, hashtag_marks=False, hashtag_max=64)
    one = post(text, channels=("bluesky",))
    [found] = find("hashtag-cut", one, capabilities={"bluesky": strict})
    assert found.message.endswith(seen)
    assert found.place.offset == 2


def test_a_tag_of_too_many_letters_becomes_plain_text() -> None:
    [found] = find("hashtag-cut", post("A #" + "x" * 65, channels=("bluesky",)))
    assert found.message.startswith("bluesky takes at most 64 letters in a hashtag")
    assert found.place.offset == 2
    assert not find("hashtag-cut", post("A #" + "x" * 64, channels=("bluesky",)))


@pytest.mark.parametrize("text", ["A #می‌خواهم tag", "#خانهٔ", "#OpenSource, and more."])
def test_a_tag_that_is_kept_whole(text: str) -> None:
    assert not find("hashtag-cut", post(text))


def test_a_hyphen_ends_a_tag_everywhere() -> None:
    [found] = find("hashtag-cut", post("We love #open-source."))
    assert found.message == "mastodon cuts #open-source to #open"


@pytest.mark.parametrize(
    ("text", "bounds", "severity", "words"),
    [
        ("#a #b #c", (Most(SpanKind.TAG, 2),), Severity.ERROR, "2 hashtags"),
        (
            "#a #b #c",
            (Most(SpanKind.TAG, 1, sure=False), Most(SpanKind.TAG, 2)),
            Severity.ERROR,
            "2 hashtags",
        ),
        (
            "#a #b",
            (Most(SpanKind.TAG, 1, sure=False), Most(SpanKind.TAG, 2)),
            Severity.WARNING,
            "1 hashtags",
        ),
        (
            "@a@b.example @c@d.example",
            (Most(SpanKind.MENTION, 1),),
            Severity.ERROR,
            "1 mentions",
        ),
        (
            "https://a.example https://b.example",
            (Most(SpanKind.LINK, 1),),
            Severity.ERROR,
            "1 links",
        ),
    ],
)
def test_more_marks_than_a_network_takes(
    text: str, bounds: tuple[Most, ...], severity: Severity, words: str
) -> None:
    strict = {"mastodon": replace(MASTODON, most=bounds)}
    [found] = find("too-many-marks", post(text), capabilities=strict)
    assert found.severity is severity
    assert f"takes {words} in a part" in found.message


@pytest.mark.parametrize("text", ["#a #b", "https://a.example https://a.example"])
def test_as_many_marks_as_a_network_takes(text: str) -> None:
    strict = replace(MASTODON, most=(Most(SpanKind.TAG, 2), Most(SpanKind.LINK, 1)))
    assert not find("too-many-marks", post(text), capabilities={"mastodon": strict})


@pytest.mark.parametrize("rule", ["hashtag-cut", "hashtag-only-digits"])
def test_our_own_pages_cut_no_tags(rule: str) -> None:
    pages = {"site": replace(MASTODON, local=True)}
    one = post("#1405 #open-source", channels=("site",))
    assert not find(rule, one, capabilities=pages)


@pytest.mark.parametrize("text", ["In #1405.", "در #۱۴۰۵ دیدار می‌کنیم"])
def test_a_tag_of_digits_alone_is_none(text: str) -> None:
    [found] = find("hashtag-only-digits", post(text))
    assert found.place.offset == 3


@pytest.mark.parametrize("text", ["#Nowruz1405", "issue a#12", "#۱۴۰۵_نوروز", "none"])
def test_a_tag_with_a_letter_is_one(text: str) -> None:
    assert not find("hashtag-only-digits", post(text))


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("bluesky", "Thanks @sara"),
        ("bluesky", "Thanks @sara@example.social"),
        ("mastodon", "Thanks @sara.bsky.social"),
    ],
)
def test_an_account_of_another_network_leads_nowhere(channel: str, text: str) -> None:
    [found] = find("mention-unresolvable", post(text, channels=(channel,)))
    assert found.place.offset == 7


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("bluesky", "Thanks @sara.bsky.social."),
        ("mastodon", "ممنون از @sara@example.social"),
        ("mastodon", "Thanks @sara"),
        ("mastodon", "Write to sara@example.org"),
    ],
)
def test_an_account_of_the_network_itself_is_fine(channel: str, text: str) -> None:
    assert not find("mention-unresolvable", post(text, channels=(channel,)))


def test_a_network_without_mentions_has_no_wrong_ones() -> None:
    pages = {"site": replace(MASTODON, mentions=type(MASTODON.mentions).NONE)}
    one = post("@a.b", channels=("site",))
    assert not find("mention-unresolvable", one, capabilities=pages)


def test_a_link_over_plain_http_is_named_once_for_all_channels() -> None:
    one = post("See http://example.org now", channels=("bluesky", "mastodon"))
    [found] = find("link-insecure", one)
    assert (found.channel, found.place.offset) == ("", 4)


def test_a_card_over_plain_http_is_placed_at_its_key() -> None:
    [found] = find("link-insecure", post(card=Card("http://example.org")))
    assert found.place.keys == ("card", "url")


def test_an_encrypted_link_is_fine() -> None:
    assert not find("link-insecure", post("https://example.org/http://x"))


@pytest.mark.parametrize(
    "text",
    [
        "See [notes] (https://example.org/a)",
        "See [notes](https://example.org/a",
        "See (notes)[https://example.org/a]",
        "See https:/example.org/a",
        "See http//example.org/a",
        "See htps://example.org",
        "See ttps://example.org",
    ],
)
def test_what_was_meant_to_be_a_link(text: str) -> None:
    assert find("link-broken-syntax", post(text))


@pytest.mark.parametrize(
    "text", ["See https://example.org/a_(b)", "Call f(x)[0].", "and/or", "a//b", "1:/2"]
)
def test_what_was_not_meant_to_be_a_link(text: str) -> None:
    assert not find("link-broken-syntax", post(text))


@pytest.mark.parametrize("url", ["https:///nowhere", "example", "https://[::1"])
def test_a_card_that_leads_nowhere(url: str) -> None:
    [found] = find("link-broken-syntax", post(card=Card(url)))
    assert "leads nowhere" in found.message


LAUNCH = Campaign(
    "launch",
    "content/campaigns/launch.md",
    "Launch",
    tag_links=True,
    link_hosts=("example.org",),
)
MORE = {"campaigns": {"launch": LAUNCH}}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://example.org/a", "carries no utm_source and no utm_campaign"),
        ("https://www.example.org/?utm_source=x", "carries no utm_campaign"),
        ("https://example.org/?utm_source=X&utm_campaign=y", "has capital letters"),
        ("https://example.org/?UTM_source=x", "has capital letters"),
    ],
)
def test_a_campaigns_link_that_statistics_miss(text: str, fault: str) -> None:
    [found] = find("link-untagged", post(text, campaign="launch"), more=MORE)
    assert fault in found.message


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/?utm_source=x&utm_campaign=y",
        "https://elsewhere.example/",
        "https://notexample.org/",
    ],
)
def test_a_campaigns_link_that_is_tagged_or_not_its_own(text: str) -> None:
    assert not find("link-untagged", post(text, campaign="launch"), more=MORE)


def test_a_campaign_that_tags_nothing_and_a_post_without_one() -> None:
    plain = {"campaigns": {"launch": replace(LAUNCH, tag_links=False)}}
    one = post("https://example.org", campaign="launch")
    assert not find("link-untagged", one, more=plain)
    assert not find("link-untagged", post("https://example.org"), more=MORE)
