"""A run that kills itself at a change: `python -m` this module, ROOT and WHEN."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from smmflow.model.channel_post import Occurrence
from smmflow.model.plan import Edit, Plan, Withdraw
from smmflow.model.publication import Publication
from smmflow.publishing import Journal, publish
from tests.publishing.conftest import Desk
from tests.publishing.fakes import (
    NOON,
    FindsNetwork,
    FolderConnection,
    Once,
    die,
    post,
)


class DyingJournal(Journal):
    """Dies before the first request, or after the last result is on disk."""

    when = ""

    def sending(self, record: Publication) -> None:
        if self.when == "before sending":
            die()
        super().sending(record)

    def record(self, record: Publication) -> None:
        super().record(record)
        if self.when == "after the last record" and record.change is None:
            die()


def main() -> None:
    root, when = sys.argv[1:]
    desk = Desk(Path(root))
    live = desk.ledger()["thread"]
    occurrence = Occurrence("thread", "thread", NOON)
    wanted = replace(
        post("thread", "one", "two"), digest="sha256:('one', 'two')", title="عنوان نو"
    )
    gone = when.endswith("withdraw")
    action = (
        Withdraw(occurrence, live, "withdrawn in the file")
        if gone
        else Edit(wanted, occurrence, live)
    )
    trouble = Once(when, "یک" if gone else "two", die)
    connection = FolderConnection(desk.postings, trouble)
    with DyingJournal(desk.journals, "dies") as journal:
        journal.when = when
        publish(
            Plan(NOON, (action,)),
            state=desk.state,
            connections={"folder": connection},
            networks={"folder": FindsNetwork()},
            clock=desk.clock,
            journal=journal,
            run="dies",
        )


if __name__ == "__main__":
    main()
