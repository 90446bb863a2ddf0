"""Names as paths."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smmflow.store.names import decode, encode

ANY = st.text(st.characters(), min_size=1)


@given(ANY)
@example("نوروز\u200cها")
@example("../../etc/passwd")
@example("a" * 1000)
@example("ن" * 300)
@example("a" * 199 + ". .")
@example("\ud800")
@example("%+/")
def test_every_name_comes_back(name: str) -> None:
    assert decode(encode(name)) == name


@given(st.text("a.%+/ ‌ن~:", min_size=1), st.text("a.%+/ ‌ن~:", min_size=1))
def test_different_names_have_different_paths(one: str, other: str) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(ANY)
@example("." * 500)
@example("git~1")
@example(".GIT")
def test_every_segment_is_harmless(name: str) -> None:
    for segment in encode(name).split("/"):
        assert 0 < len(segment.encode()) <= 202
        assert segment[0] not in ". "
        assert segment[-1] not in ". "
        assert not set(segment) & set('\0\n\r\\:*?"<>|~\u202e')


@given(st.text("ab", min_size=150, max_size=450), st.text("ab.json", min_size=1))
def test_a_long_name_is_never_the_folder_of_another(name: str, more: str) -> None:
    file = encode(name) + "/site.json"
    assert not (encode(name + more) + "/site.json").startswith(file + "/")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("launch-1.0", "launch-1.0"),
        ("نوروز\u200cها ۱۴۰۵", "نوروز\u200cها ۱۴۰۵"),
        ("café@2026-12-01T09:30", "café@2026-12-01T09%3A30"),
        ("news/فوری", "news%2Fفوری"),
        ("..", "%2E%2E"),
        (".git", "%2Egit"),
        ("end. ", "end.%20"),
        ("100%", "100%25"),
        ("a\0b", "a%00b"),
    ],
)
def test_names_look_like_themselves(name: str, path: str) -> None:
    assert encode(name) == path


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ValueError, match="empty name"):
        encode("")
