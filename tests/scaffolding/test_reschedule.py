"""A new time goes into a file as if a careful hand had typed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content import matter_of, refuse_other_changes
from smmflow.errors import UsageError
from smmflow.model.post import At, Frequency, Post, Repeating
from smmflow.model.publication import Outcome, Publication
from smmflow.scaffolding import refuse_unmovable, replace_file, reschedule

NEW = "2026-12-24 18:00"


def changed(text: str) -> str:
    after = reschedule(text, matter_of(text), NEW)
    refuse_other_changes(text, after, NEW)
    return after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("publish_at: 2026-12-01 09:00", f"publish_at: {NEW}"),
        ("publish_at:   '2026-12-01 09:00'  # soon", f"publish_at:   '{NEW}'  # soon"),
        ('"publish_at": "2026-12-01 09:00"', f'"publish_at": "{NEW}"'),
        ("publish_at: # not known", f"publish_at: {NEW} # not known"),
        ("publish_at:", f"publish_at: {NEW}"),
        ("publish_at: 2026-12-01\n  09:00", f"publish_at: {NEW}"),
        ("slot: mornings # ours", f"publish_at: {NEW} # ours"),
        ("'slot': \"شب‌ها\"", f"'publish_at': \"{NEW}\""),
        ("publish_at: ۱۴۰۵-۰۹-۱۰ ۰۹:۰۰", f"publish_at: {NEW}"),
        ("x: 1", f"x: 1\npublish_at: {NEW}"),
        ("x: |\n  a\n  slot: b", f"x: |\n  a\n  slot: b\npublish_at: {NEW}"),
        ("# slot: a", f"# slot: a\npublish_at: {NEW}"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_time_changes(
    before: str, after: str, newline: str, mark: str
) -> None:
    text = "---\ntitle: سلام 🌱\n{}\n---\nslot: here\npublish_at: there\n"
    one, other = (
        mark + text.format(each).replace("\n", newline) for each in (before, after)
    )
    assert changed(one) == other


def test_keys_in_braces_and_indented_keys_are_found() -> None:
    assert changed("---\n{title: a, slot: b}\n---\n") == (
        f"---\n{{title: a, publish_at: {NEW}}}\n---\n"
    )
    assert changed("---\n{title: a}\n---\n") == (
        f"---\n{{publish_at: {NEW}, title: a}}\n---\n"
    )
    assert changed("---\n  title: a\n---\n") == (
        f"---\n  title: a\n  publish_at: {NEW}\n---\n"
    )


@pytest.mark.parametrize(
    "odd",
    [
        "slot: |\n  mornings",
        "slot: &a mornings\ngoal: *a",
        "slot: !!str mornings",
        "publish_at: [a]",
        '"s\\x6cot": mornings',
    ],
)
def test_what_is_written_oddly_is_left_to_a_person(odd: str) -> None:
    with pytest.raises(UsageError) as refused:
        changed(f"---\ntitle: a\n{odd}\n---\n")
    assert "publish_at" in str(refused.value.hint)


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(UsageError):
        changed("Only words.\n")


WORDS = st.text(st.sampled_from("ab نیم\u200cفاصله🌱#:'-\"[]{}&*!|>%@`,?"), max_size=20)
LINES = st.one_of(
    WORDS.map(lambda words: f"# {words}"),
    WORDS.map(lambda words: f"tags: ['{words.replace(chr(39), '')}']"),
    WORDS.map(lambda words: f'title: "{words.replace(chr(34), "")}"'),
    # Spaces before the first word would be the indentation of the whole block.
    WORDS.map(lambda words: f"summary: |\n  -{words}\n\n  slot: no"),
    st.just("variables:\n  publish_at: never\n  slot: [a, b]"),
    st.just(""),
)


@given(
    above=st.lists(LINES, max_size=4),
    below=st.lists(LINES, max_size=4),
    old=st.sampled_from(["2026-12-01 09:00", "۲۰۲۶-۱۲-۰۱ ۰۹:۰۰", "soon", "''"]),
    key=st.sampled_from(["publish_at", "slot"]),
    comment=st.sampled_from(["", "  # فردا: slot"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
    body=st.text(max_size=40),
)
def test_any_front_matter_keeps_every_other_byte(
    above: list[str],
    below: list[str],
    old: str,
    key: str,
    comment: str,
    newline: str,
    mark: str,
    body: str,
) -> None:
    head = newline.join(("---", *above, "")).replace("\n", newline)
    tail = newline.join((comment, *below, "---", "")).replace("\n", newline)
    if newline == "\r\n":
        head, tail = (each.replace("\r\r\n", "\r\n") for each in (head, tail))
    text = f"{mark}{head}{key}: {old}{tail}{body}"
    new = f"'{NEW}'" if old == "''" else NEW
    after = reschedule(text, matter_of(text), NEW)
    assert after == f"{mark}{head}publish_at: {new}{tail}{body}"


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
POST = Post("p", "content/posts/p.md", "P", "Hi", 5, "en", ("a", "b"), At(NOW))


def live(channel: str, outcome: Outcome = Outcome.PUBLISHED) -> Publication:
    return Publication(
        "p", "p", channel, "fake", outcome, "0", NOW, (), "run", NOW, NOW
    )


@pytest.mark.parametrize(
    ("post", "why"),
    [
        (replace(POST, withdrawn=True), "`withdrawn: true`"),
        (replace(POST, draft=True), "`draft: true`"),
        (
            replace(
                POST,
                schedule=Repeating(Frequency.DAILY, time(9), date(2026, 1, 1)),
            ),
            "of `repeat` in content/posts/p.md",
        ),
    ],
)
def test_a_post_that_goes_out_at_no_one_time_is_refused(post: Post, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        refuse_unmovable(post, LATER, {}, NOW)
    assert why in str(refused.value.hint)


def test_a_post_with_a_channel_to_go_may_be_moved_and_another_may_not() -> None:
    half = {("p", "a"): live("a"), ("p", "b"): live("b", Outcome.FAILED)}
    refuse_unmovable(POST, LATER, half, NOW)
    whole = {("p", "a"): live("a"), ("p", "b"): live("b", Outcome.WITHDRAWN)}
    with pytest.raises(UsageError, match="published on every channel"):
        refuse_unmovable(POST, LATER, whole, NOW)


def test_a_time_that_is_past_is_refused() -> None:
    with pytest.raises(UsageError, match="past"):
        refuse_unmovable(POST, NOW, {}, NOW)


def test_a_file_is_replaced_whole_with_its_permissions(tmp_path: Path) -> None:
    file, link = tmp_path / "p.md", tmp_path / "link.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    replace_file(link, b"old", b"new")
    assert (file.read_bytes(), link.is_symlink()) == (b"new", True)
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, file]


def test_what_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_bytes(b"newer")
    with pytest.raises(UsageError, match="meanwhile"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [file]
