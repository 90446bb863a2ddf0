"""Print how smmflow compares with the least its work could cost.

Examples:
    python -m benchmarks
    python -m benchmarks --only check --posts 1000
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.publishing import contention, cost
from benchmarks.site import site
from benchmarks.timing import CommandFailed, Ratio, alternating, run, seconds

SMMFLOW = (sys.executable, "-m", "smmflow")
FLOORS = (sys.executable, "-m", "benchmarks.floors")
FINDINGS = (0, 1)
"""Exit codes of a check that ran: generated posts may well have findings."""


def check(posts: int) -> Iterator[str]:
    """Check a fresh workspace, then again after one post changed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = generate(root, posts)
        command = (*SMMFLOW, "-C", folder, "check")

        def cold() -> None:
            shutil.rmtree(root / ".smmflow", ignore_errors=True)
            run(command, FINDINGS)

        floor = partial(run, (*FLOORS, "read", folder))
        cold()  # bytecode, and the system’s own cache of files, for both
        floor()
        taken, least = alternating(cold, floor, 3)
        name = f"check of {posts} posts, cold"
        yield str(Ratio(name, taken, "libyaml + markdown-it-py", least, 1.5))
        with paths[len(paths) // 2].open("a", encoding="utf-8") as file:
            file.write("\nOne more line.\n")
        again = seconds(partial(run, command, FINDINGS))
        name = f"check of {posts} posts, one changed"
        yield str(Ratio(name, again, "libyaml + markdown-it-py", least))
        yield f"  aim: under 1 s: {'met' if again < 1 else 'missed'}"


def start(posts: int) -> Iterator[str]:
    """Start the command line."""
    del posts
    taken, floor = alternating(
        partial(run, (*SMMFLOW, "--help")),
        partial(run, (sys.executable, "-c", "import click")),
        31,
    )
    yield str(Ratio("smmflow --help", taken, "import click", floor, 1.3))


BENCHMARKS: dict[str, Callable[[int], Iterator[str]]] = {
    "start": start,
    "check": check,
    "site": site,
    "publish": cost,
    "contention": contention,
}


def main() -> None:
    """Run the benchmarks that were asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, help="how many to make")
    parser.add_argument("--only", choices=BENCHMARKS, help="run just this one")
    chosen = parser.parse_args()
    failed = False
    for name, benchmark in BENCHMARKS.items():
        if chosen.only in {None, name}:
            try:
                for line in benchmark(chosen.posts):
                    print(line, flush=True)
            except CommandFailed as failure:
                failed = True
                print(f"{name}: {failure}", file=sys.stderr)
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
