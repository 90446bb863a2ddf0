"""The pages lead somewhere, and everything can be found from the first one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def targets(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = LINK.findall(CODE.sub("", FENCED.sub("", text)))
    return [each for each in found if not re.match(r"https?:|mailto:|#", each)]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file_of_the_repository(page: str) -> None:
    folder = (ROOT / page).parent
    lost = [
        each for each in targets(page) if not (folder / each.partition("#")[0]).exists()
    ]
    assert lost == []


def test_every_page_can_be_reached_from_the_index() -> None:
    seen, waiting = set[Path](), [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            relative = page.relative_to(ROOT).as_posix()
            waiting += [page.parent / each for each in targets(relative)]
    pages = {path.resolve() for path in (ROOT / "docs").rglob("*.md")}
    assert pages - seen == set()
