"""The page of what becomes of posts at faults: `python -m tests.faults.page`."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.deaths import Death
from tests.faults.every import TROUBLES, Everywhere, Row
from tests.faults.grounds import HANDED_KINDS, KINDS, REAL
from tests.faults.nursery import Nursery
from tests.faults.proxy import Fault
from tests.faults.stories import LATER, NOW, Story

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
TOLD: tuple[tuple[str, Story], ...] = (
    *((kind, NOW) for kind in KINDS),
    *((kind, LATER) for kind in HANDED_KINDS),
)
_NUMBERS = {trouble: number for number, trouble in enumerate(TROUBLES, start=1)}
_TOLD = """# Faults

What becomes of a post when something goes wrong just as it goes out,
network by network.
Each cell was tried: a post (and a thread, where there are threads) is published through
a proxy that spoils a request, or by a run that is killed; two undisturbed runs follow.
*once* says that all of it is live once in the end.
*held* says that nobody can know, because the network shows nothing back:
it waits for a person, see [how to settle a doubt](../how-to/settle-a-doubt.md).
Never is anything live twice, and never is anything lost.

The second table is of networks that are given posts before their time,
and send them themselves: there, *once* says that it waits there once, and then is live
once.
On Mastodon just the waiting was tried, because nobody can set the clock of its server.

Behind {real} stands a real server (of Mastodon: one that speaks its API);
for the others stands one of ours,
which holds every request against the vendor's description.

This page is written by the trials themselves, and a test holds it to them.
Bluesky and Mastodon are tried at more places, on real servers:
see [how publishing works](../explanation/publishing.md#how-it-is-proven).
"""


def line(kind: str, row: Row, story: Story = NOW) -> str:
    """A kind's line of a story's table."""
    told = kind if story == NOW else f"{kind}, for later"
    return f"| {told} | {' | '.join(row[trouble] for trouble in TROUBLES)} |"


def lines() -> list[str]:
    """The page as it is."""
    return PAGE.read_text(encoding="utf-8").splitlines() if PAGE.is_file() else []


def page(rows: Mapping[tuple[str, Story], Row]) -> str:
    """The page as it should be."""
    numbered = [f"{number}. {_meaning(each)}" for each, number in _NUMBERS.items()]
    head = f"| network | {' | '.join(map(str, _NUMBERS.values()))} |"
    rule = f"| --- {'| --- ' * len(_NUMBERS)}|"
    tables = [
        ["", head, rule, *(line(kind, rows[kind, story], story) for kind in kinds)]
        for story, kinds in ((NOW, KINDS), (LATER, HANDED_KINDS))
    ]
    told = _TOLD.format(real=", ".join(sorted(REAL)))
    return "\n".join((told, *numbered, *tables[0], *tables[1], ""))


def _meaning(trouble: Fault | Death) -> str:
    if isinstance(trouble, Fault):
        return f"the request {trouble}"
    return f"the run is {trouble.replace(' of part 2', '')}"


def main() -> None:
    with TemporaryDirectory() as folder:
        nursery = Nursery(Path(folder) / "log").start()

        def row(told: tuple[str, Story]) -> Row:
            kind, story = told
            return Everywhere(nursery, Path(folder), story).row(kind)

        with ThreadPoolExecutor(4) as threads:
            rows = dict(zip(TOLD, threads.map(row, TOLD), strict=True))
        nursery.stop()
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
