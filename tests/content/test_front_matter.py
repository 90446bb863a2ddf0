"""Front matter: two fences, and nothing of the text lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content.files import parse_markdown
from smmflow.content.front_matter import FrontMatter, FrontMatterMissing, split


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("---\na: 1\n---\nbody\n", FrontMatter("a: 1\n", "body\n", 4)),
        ("---\na: 1\n---\n", FrontMatter("a: 1\n", "", 4)),
        ("---\na: 1\n---", FrontMatter("a: 1\n", "", 4)),
        ("---\n---\nbody", FrontMatter("", "body", 3)),
        ("--- \na: 1\n---\t\n\nbody", FrontMatter("a: 1\n", "\nbody", 4)),
        ("---\na: 1\n---x\n---\nb", FrontMatter("a: 1\n---x\n", "b", 5)),
        ("---\na: 1\n---\nb\n---\nc", FrontMatter("a: 1\n", "b\n---\nc", 4)),
    ],
)
def test_the_first_fence_after_the_first_line_ends_it(
    text: str, halves: FrontMatter
) -> None:
    assert split(text) == halves


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "no front matter", 1),
        ("body", "no front matter", 1),
        ("---", "first line", 1),
        ("\n\n---\na: 1\n---\n", "first line", 3),
        ("---\na: 1\n", "never closed", 1),
        ("---\na: 1\n ---\n", "never closed", 1),
        ("----\na: 1\n----\n", "first line", 1),
    ],
)
def test_text_without_it_is_refused(text: str, message: str, line: int) -> None:
    with pytest.raises(FrontMatterMissing, match=message) as caught:
        split(text)
    assert caught.value.line == line


@given(st.text(), st.text())
def test_nothing_is_lost(yaml: str, body: str) -> None:
    text = f"---\n{yaml}\n---\n{body}"
    halves = split(text)
    lines = text.split("\n")
    assert text.endswith(halves.body)
    assert halves.body == "\n".join(lines[halves.body_line - 1 :])
    assert halves.yaml == "".join(f"{x}\n" for x in lines[1 : halves.body_line - 2])


def test_front_matter_that_is_a_list_is_refused() -> None:
    (finding,) = parse_markdown("x.md", "---\n- a\n---\n").findings
    assert finding.rule == "wrong-type"
