"""A run that kills itself: `python -m tests.publishing.dying_run ROOT WHEN KIND`."""

from __future__ import annotations

import sys
from pathlib import Path

from smmflow.model.publication import Publication
from smmflow.networks.interface import Network
from smmflow.publishing import Journal, publish
from tests.publishing.conftest import Desk
from tests.publishing.fakes import (
    BlindNetwork,
    FindsNetwork,
    FolderConnection,
    IdempotentNetwork,
    Once,
    die,
    plan,
    post,
)

NETWORKS: dict[str, Network] = {
    "finds": FindsNetwork(),
    "idempotent": IdempotentNetwork(),
    "blind": BlindNetwork(),
}
POSTS = (post("thread", "یک", "دو", "سه"), post("after"))


class DyingJournal(Journal):
    """Dies at a step of its own, just before or after it is on disk."""

    when = ""

    def sending(self, record: Publication) -> None:
        if len(record.receipts) == 1:
            if self.when == "before the journal says sending":
                die()
            super().sending(record)
            if self.when == "after the journal says sending":
                die()
        else:
            super().sending(record)

    def record(self, record: Publication) -> None:
        if len(record.receipts) != 2:
            super().record(record)
            return
        if self.when == "before the journal has the receipt":
            die()
        super().record(record)
        if self.when == "after the journal has the receipt":
            die()


def main() -> None:
    root, when, kind = sys.argv[1:]
    desk = Desk(Path(root))
    moments = {"before the request": "before", "after the request": "after"}
    connection = FolderConnection(
        desk.postings,
        Once(moments.get(when, ""), "دو", die),
        keyed=kind == "idempotent",
    )
    with DyingJournal(desk.journals, "dies") as journal:
        journal.when = when
        publish(
            plan(*POSTS),
            state=desk.state,
            connections={"folder": connection},
            networks={"folder": NETWORKS[kind]},
            clock=desk.clock,
            journal=journal,
            run="dies",
        )


if __name__ == "__main__":
    main()
