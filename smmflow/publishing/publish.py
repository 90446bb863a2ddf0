"""The publishing protocol, top to bottom.

1. One commit claims everything this run will send or change, and is pushed before
   anything is sent. What another run claimed or published meanwhile is not claimed.
2. Each channel sends its posts in order, then changes what is live (`changes`), side by
   side with the other channels. Every step is in the journal on disk before the next.
3. Outcomes are pushed to the state in batches while the run goes on, and at its end.

So a run may die at any instant, and any number may start at once. What it left behind
is put right by the next run: `recover` reads the journals on this machine, `settle`
looks at the networks for claims whose lease is over. docs/explanation/publishing.md
says what is promised, and what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smmflow.clock import Clock
from smmflow.model.plan import Plan
from smmflow.model.publication import Publication
from smmflow.networks.interface import Connection, Network
from smmflow.publishing.changes import Changer
from smmflow.publishing.claims import claim
from smmflow.publishing.journal import Journal
from smmflow.publishing.lanes import Lanes
from smmflow.publishing.outbox import Outbox
from smmflow.publishing.seen import Seen
from smmflow.publishing.sending import Sender
from smmflow.store import State

__all__ = ["publish"]


def publish(  # noqa: PLR0913 - a run is made of these, and each is named
    plan: Plan,
    *,
    state: State,
    connections: Mapping[str, Connection],
    networks: Mapping[str, Network],
    clock: Clock,
    journal: Journal,
    run: str,
    report: Callable[[Publication], None] = lambda _publication: None,
) -> tuple[Publication, ...]:
    """Carry out what a plan publishes, edits and withdraws.

    Args:
        plan: What to do. Actions on a channel without a connection are left alone.
        state: Where claims and outcomes go.
        connections: By channel.
        networks: By channel: what each can do decides what may be sent again.
        clock: Tells the time and waits.
        journal: This run's own, open.
        run: A name for this run that no other run has.
        report: Told of each outcome as it becomes known.

    Returns:
        What became of everything that was claimed, in the order it became known.

    Raises:
        StateContended: Other runs kept winning the push; nothing was sent.
        StateError: Nothing could be claimed, so nothing was sent; or the outcomes
            could not be pushed, and wait in the journal for the next run.
    """
    seen = Seen.of(state.publications().values())
    senders = {
        name: Sender(connection, networks[name].capabilities, clock, journal, seen)
        for name, connection in connections.items()
    }
    changers = {
        name: Changer(connection, clock, journal, seen)
        for name, connection in connections.items()
    }
    won = claim(plan, state, channels=connections, run=run, clock=clock)
    outbox = Outbox(state, run, clock)

    def take(result: Publication) -> None:
        outbox.add(result)
        report(result)

    lanes = Lanes(won, senders, changers)
    try:
        for result in lanes.results():
            take(result)
    except BaseException:  # interrupted: what was begun ends, and is recorded
        lanes.stop()
        for result in lanes.results():
            outbox.add(result)
        raise
    finally:
        outbox.flush()
    journal.discard()
    return outbox.results
