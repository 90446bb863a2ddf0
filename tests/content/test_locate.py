"""Lines and columns count what people see: code points, from one."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmflow.content import locate
from smmflow.diagnostics import Finding, Place, Severity

POST = "---\ntitle: سلام 🎈\ntags: [یک, 🎈, دو]\n---\nمتن\n\tنیم\u200cفاصله 🎈 #ته\n"
BODY = "متن\n\tنیم\u200cفاصله 🎈 #ته\n"


def at(root: Path, text: str, place: Place) -> tuple[int, int, str]:
    (root / "x.md").write_bytes(text.encode())
    [found] = locate(root, [Finding("rule", Severity.ERROR, "message", place)])
    assert found.source is not None
    return found.source.line, found.source.column, found.source.text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("x.md"), (1, 1, "---")),
        (Place("x.md", ("title",), on_key=True), (2, 1, "title: سلام 🎈")),
        (Place("x.md", ("title",)), (2, 8, "title: سلام 🎈")),
        (Place("x.md", ("tags", 2)), (3, 15, "tags: [یک, 🎈, دو]")),
        (Place("x.md", ("absent",)), (1, 1, "---")),
        (Place("x.md", offset=0), (5, 1, "متن")),
        (
            Place("x.md", offset=BODY.index("#")),
            (6, 14, "\tنیم\u200cفاصله 🎈 #ته"),
        ),
        (Place("x.md", offset=10_000), (7, 1, "")),
        (Place("x.md", line=99), (99, 1, "")),
    ],
)
def test_columns_are_code_points_whatever_ends_the_lines(
    tmp_path: Path, mark: str, end: str, place: Place, expected: tuple[int, int, str]
) -> None:
    assert at(tmp_path, mark + POST.replace("\n", end), place) == expected


def test_a_file_that_is_gone_is_pointed_at_all_the_same(tmp_path: Path) -> None:
    place = Place("gone.md", ("title",))
    [found] = locate(tmp_path, [Finding("rule", Severity.ERROR, "message", place)])
    assert found.source is not None
    assert (found.source.line, found.source.column) == (1, 1)
