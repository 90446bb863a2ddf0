"""Publications and readings, as short as a test can say them."""

from datetime import UTC, datetime, timedelta

from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.model.snapshot import ChannelReading, PartReading, Snapshot

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def publication(
    occurrence: str,
    channel: str = "mastodon",
    *,
    at: datetime = NOON,
    parts: int = 1,
    outcome: Outcome = Outcome.PUBLISHED,
    labels: dict[str, str] | None = None,
) -> Publication:
    """One that is live in `parts` parts named `<occurrence>/<number>`."""
    records = tuple(
        PartRecord(
            f"part {number}",
            Receipt(
                f"{occurrence}/{number}", f"https://social.example/{occurrence}", at
            ),
        )
        for number in range(parts)
    )
    return Publication(
        occurrence=occurrence,
        post=occurrence,
        channel=channel,
        network=channel,
        outcome=outcome,
        digest="",
        due=at,
        parts=records,
        run="run",
        lease_until=at,
        updated=at,
        published=at if parts else None,
        **{"title": occurrence.capitalize(), "language": "en", **(labels or {})},  # type: ignore[arg-type]  # labels are the text fields only
    )


def ledger(*publications: Publication) -> dict[tuple[str, str], Publication]:
    return {(each.occurrence, each.channel): each for each in publications}


def part(
    id_: str, channel: str = "mastodon", *, gone: bool = False, **counters: int | None
) -> PartReading:
    occurrence, _, number = id_.partition("/")
    return PartReading(occurrence, channel, int(number or 0), id_, counters, gone=gone)


def followers(channel: str, count: int | None) -> ChannelReading:
    return ChannelReading(channel, {"followers": count})


def snapshot(after: timedelta, *readings: PartReading | ChannelReading) -> Snapshot:
    """A snapshot some time after noon."""
    taken = NOON + after
    return Snapshot(
        taken,
        f"run-{taken:%m%d%H%M}",
        tuple(each for each in readings if isinstance(each, PartReading)),
        tuple(each for each in readings if isinstance(each, ChannelReading)),
    )
