"""Rules, the composer and the networks together: what each network itself counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmflow.diagnostics import Finding
from tests.checks.workspaces import Files, findings_of, picture, post

FAMILY = "👩‍👩‍👧‍👦"
"""One grapheme of 25 bytes and 7 code points."""
WANTED = "می‌خواهم"
"""Seven graphemes of eight code points: a zero-width non-joiner is none of its own."""
LINK = f"https://example.org/{'a' * 200}"


def found(root: Path, rule: str, files: Files) -> list[Finding]:
    return [each for each in findings_of(root, files) if each.rule == rule]


def where(finding: Finding) -> tuple[int, int]:
    assert finding.source is not None
    return finding.source.line, finding.source.column


@pytest.mark.parametrize(
    ("channel", "body"),
    [
        ("bluesky", "x" * 300),
        ("bluesky", WANTED * 42),
        ("bluesky", FAMILY * 120),
        ("bluesky", f"[{'س' * 300}]({LINK})"),
        ("bluesky", f"**{'x' * 300}**"),
        ("mastodon", "x" * 500),
        ("mastodon", WANTED * 71),
        ("mastodon", FAMILY * 500),
        ("mastodon", f"{'x' * 476} {LINK}"),
        ("mastodon", f"{'x' * 491} @example@mastodon.social"),
        ("site", "س" * 100_000),
    ],
)
def test_what_a_network_takes_is_not_too_long(
    channel: str, body: str, tmp_path: Path
) -> None:
    assert not found(tmp_path, "text-too-long", post(body=body, channels=channel))


@pytest.mark.parametrize(
    ("channel", "body", "says"),
    [
        ("bluesky", "x" * 301, "300 graphemes, this part has 301"),
        ("bluesky", WANTED * 43, "300 graphemes, this part has 301"),
        ("bluesky", FAMILY * 121, "3000 UTF-8 bytes, this part has 3025"),
        ("bluesky", f"{'x' * 100} {LINK}", "this part has 321"),
        ("mastodon", "x" * 501, "500 graphemes, this part has 501"),
        ("mastodon", WANTED * 72, "500 graphemes, this part has 504"),
        ("mastodon", FAMILY * 501, "500 graphemes, this part has 501"),
        ("mastodon", f"{'x' * 477} {LINK}", "500 graphemes, this part has 501"),
        ("mastodon", f"{'x' * 492} @example@mastodon.social", "this part has 501"),
    ],
)
def test_one_more_than_a_network_takes_is_too_long(
    channel: str, body: str, says: str, tmp_path: Path
) -> None:
    [one] = found(tmp_path, "text-too-long", post(body=body, channels=channel))
    assert one.message.endswith(says)
    assert (one.channel, where(one)) == (channel, (6, 1))


def test_a_content_warning_takes_from_every_part_on_mastodon(tmp_path: Path) -> None:
    body = f"{'x' * 490}\n\n---\n\n{'y' * 491}"
    one = post("content_warning: هشدار ۱۲۳۴", body)
    [second] = found(tmp_path, "text-too-long", one)
    assert second.message.endswith("this part has 501")
    assert where(second) == (11, 1)


def test_a_part_that_is_too_long_is_found_on_its_own_line(tmp_path: Path) -> None:
    body = f"سلام.\n\n---\n\n{'س' * 301}\n\n---\n\nپایان."
    one = post("language: fa", body, channels="bluesky, mastodon")
    [second] = found(tmp_path, "text-too-long", one)
    assert (second.channel, where(second)) == ("bluesky", (11, 1))


def test_a_thread_made_by_smmflow_is_never_too_long(tmp_path: Path) -> None:
    text = "این یک جملهٔ فارسی است که خواندن آن آسان است. " * 40
    one = post("language: fa\nthread: auto", text, channels="bluesky, mastodon")
    assert not found(tmp_path, "text-too-long", one)


@pytest.mark.parametrize(("length", "count"), [(1500, 0), (1501, 1)])
def test_descriptions_are_counted_in_graphemes(
    length: int, count: int, tmp_path: Path
) -> None:
    alt = "آ" * length
    front = f"media:\n  - file: media/a.png\n    alt: {alt}"
    one = {**post(front), "content/media/a.png": picture()}
    several = found(tmp_path, "alt-text-too-long", one)
    assert [where(each) for each in several] == [(7, 10)] * count


@pytest.mark.parametrize(("length", "count"), [(50, 0), (51, 1)])
def test_options_of_polls_are_counted_in_graphemes(
    length: int, count: int, tmp_path: Path
) -> None:
    front = f"poll:\n  open_for: 1d\n  options:\n    - ok\n    - {FAMILY * length}"
    several = found(tmp_path, "poll-option-too-long", post(front))
    assert [where(each)[0] for each in several] == [9] * count


@pytest.mark.parametrize("tag", [f"#{WANTED}", "#خانهٔ_ما", "#مُعَلِّم", "#نوروز۱۴۰۵"])
def test_persian_hashtags_are_kept_whole(tag: str, tmp_path: Path) -> None:
    one = post("language: fa", f"دربارهٔ {tag} بخوانید.", channels="bluesky, mastodon")
    assert not found(tmp_path, "hashtag-cut", one)


def test_a_hashtag_that_goes_on_after_a_hyphen_is_cut_everywhere(
    tmp_path: Path,
) -> None:
    one = post(body="Line one.\n\nAn #open-source word", channels="bluesky, mastodon")
    several = found(tmp_path, "hashtag-cut", one)
    assert [each.channel for each in several] == ["bluesky", "mastodon"]
    assert {where(each) for each in several} == {(8, 4)}


def test_a_hashtag_over_64_letters_is_none_on_bluesky(tmp_path: Path) -> None:
    one = post(body=f"#{'ا' * 65}", channels="bluesky, mastodon")
    [only] = found(tmp_path, "hashtag-cut", one)
    assert only.channel == "bluesky"


@pytest.mark.parametrize(
    ("channel", "account"),
    [("bluesky", "@sara"), ("bluesky", "@sara@a.example"), ("mastodon", "@a.example")],
)
def test_an_account_of_another_network_is_found_where_it_stands(
    channel: str, account: str, tmp_path: Path
) -> None:
    one = post(body=f"با سپاس از {account} و شما", channels=channel)
    [only] = found(tmp_path, "mention-unresolvable", one)
    assert where(only) == (6, 12)


def test_accounts_written_for_each_network_are_fine(tmp_path: Path) -> None:
    body = (
        "::: only bluesky\nThanks to @sara.example.com\n:::\n"
        "::: only mastodon\nThanks to @sara@example.social and @ali\n:::\n"
        "::: only site\nThanks to @sara\n:::"
    )
    one = post(body=body, channels="site, bluesky, mastodon")
    assert not found(tmp_path, "mention-unresolvable", one)


def test_an_empty_post_and_an_empty_part_have_one_name(tmp_path: Path) -> None:
    body = "::: only site\nHello.\n:::"
    [only] = found(tmp_path, "text-empty", post(body=body, channels="site, bluesky"))
    assert only.channel == "bluesky"


def test_what_composing_finds_is_spared_by_ignore_and_softened_in_drafts(
    tmp_path: Path,
) -> None:
    html = "It is <b>new</b>."
    files = {
        **post("ignore: [html-in-text]", html, name="a"),
        **post("draft: true", "{{ nothing }}", name="b"),
        **post("ignore: [unknown-channel]", "Hi.\n\n::: only sit\nHo.\n:::", name="c"),
    }
    several = [
        (each.rule, str(each.severity))
        for each in findings_of(tmp_path, files)
        if each.rule != "too-close"
    ]
    assert several == [("template-error", "warning")]
