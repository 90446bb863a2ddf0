"""What a person saw settles a doubt, and nothing but a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from smmflow.errors import StateContended, UsageError
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    PartRecord,
    Publication,
    Receipt,
)
from smmflow.networks.interface import Connection
from smmflow.publishing import LEASE
from smmflow.publishing.doubts import choose, doubts
from smmflow.publishing.reconcile import (
    Sighting,
    adopted,
    decide,
    forgotten,
    sight,
)
from tests.publishing.conftest import Desk
from tests.publishing.fakes import (
    NOON,
    BlindNetwork,
    FolderConnection,
    IdempotentNetwork,
    Once,
    lose_the_answer,
    plan,
    post,
    postings,
    texts,
)

LATER = NOON + LEASE + timedelta(seconds=1)
BLIND = {"folder": BlindNetwork()}


def record(
    name: str = "launch",
    *parts: str,
    outcome: Outcome = Outcome.IN_DOUBT,
    channel: str = "folder",
) -> Publication:
    """A publication that went wrong at noon."""
    return Publication(
        occurrence=name,
        post=name.partition("@")[0],
        channel=channel,
        network="folder",
        outcome=outcome,
        digest="sha256:00",
        due=NOON,
        parts=tuple(PartRecord(text) for text in parts or ("سلام",)),
        run="r1",
        lease_until=NOON + LEASE,
        updated=NOON,
        error="the connection broke",
    )


def receipt(name: str) -> Receipt:
    return Receipt(name, f"https://f.example/{name}", NOON)


def live(of: Publication, *names: str) -> Publication:
    """The same with its first parts live."""
    parts = list(of.parts)
    for number, name in enumerate(names):
        parts[number] = replace(parts[number], receipt=receipt(name))
    return replace(of, parts=tuple(parts))


def changing(kind: ChangeKind, *, uncertain: bool = True) -> Publication:
    """A live thread of two parts that a run which is over began to change."""
    base = live(record("launch", "یک", "دو", outcome=Outcome.PUBLISHED), "a", "b")
    change = Change(kind, "sha256:01", (), "r2", NOON, uncertain=uncertain)
    return replace(base, change=change)


# --- Which doubts there are -----------------------------------------------------------


def test_doubts_are_answers_that_never_came_and_runs_and_changes_without_an_end() -> (
    None
):
    unheard = record("a")
    dead = record("b", outcome=Outcome.CLAIMED)
    released = replace(record("c", outcome=Outcome.FAILED), uncertain=True)
    edit = replace(changing(ChangeKind.EDIT), occurrence="d")
    settled = [
        record("e", outcome=Outcome.PUBLISHED),
        record("f", outcome=Outcome.FAILED),
        record("g", outcome=Outcome.REFUSED),
        changing(ChangeKind.EDIT, uncertain=False),
        replace(record("h", outcome=Outcome.CLAIMED), lease_until=LATER),
    ]
    every = [*settled, edit, released, dead, unheard]
    assert doubts(every, LATER - timedelta(seconds=1)) == (
        unheard,
        dead,
        released,
        edit,
    )


def test_one_doubt_is_chosen_by_post_by_occurrence_or_by_channel() -> None:
    first, second = record("week@1"), record("week@2", channel="other")
    done = record("week@3", outcome=Outcome.PUBLISHED)
    every = [first, second, done]

    def chosen(name: str, channel: str = "") -> Publication:
        return choose(every, post=name, channel=channel, now=LATER, adopting=False)

    assert chosen("week@2") == second
    assert chosen("week", "folder") == first
    with pytest.raises(UsageError, match="2 doubts match") as caught:
        chosen("week")
    assert "week@1 on folder" in caught.value.message
    with pytest.raises(UsageError, match="nothing of week@3 is in doubt") as caught:
        chosen("week@3")
    assert caught.value.hint == "week@3 on folder is published"
    with pytest.raises(UsageError, match="the ledger knows nothing of other on x"):
        chosen("other", "x")


def test_what_a_run_may_still_be_sending_is_left_to_it() -> None:
    sending = record(outcome=Outcome.CLAIMED)
    with pytest.raises(UsageError, match=r"run r1 is at launch.*until 12:30 UTC"):
        choose([sending], post="launch", channel="", now=NOON, adopting=True)
    edit = changing(ChangeKind.EDIT)
    assert edit.change is not None
    edit = replace(edit, change=replace(edit.change, lease_until=LATER))
    with pytest.raises(UsageError, match="run r2 is at launch"):
        choose([edit], post="launch", channel="", now=NOON, adopting=False)


def test_what_a_look_missed_and_released_can_still_be_adopted_but_not_forgotten() -> (
    None
):
    missed = record(outcome=Outcome.FAILED)
    found = choose([missed], post="launch", channel="", now=LATER, adopting=True)
    assert found == missed
    with pytest.raises(UsageError, match="nothing of launch is in doubt"):
        choose([missed], post="launch", channel="", now=LATER, adopting=False)


# --- It is live -----------------------------------------------------------------------


def in_doubt(desk: Desk, *parts: str, lost: str) -> Publication:
    """Publish on a network that nobody can look at, where one answer is lost."""
    connection = FolderConnection(desk.postings, Once("after", lost, lose_the_answer))
    desk.publish(plan(post("launch", *parts)), {"folder": connection}, BLIND)
    known = desk.ledger()["launch"]
    assert known.outcome is Outcome.IN_DOUBT
    return known


def addresses(desk: Desk) -> dict[str, str]:
    return {
        each["text"]: f"https://f.example/{each['id']}"
        for each in postings(desk.postings)
    }


def adopt(desk: Desk, known: Publication, urls: Sequence[str]) -> Publication:
    every = desk.ledger().values()
    seen = sight(known, urls, desk.connection(), every)
    receipts = [each.receipt for each in seen]
    decision = adopted(known, receipts, owner="سارا", now=desk.clock.now())
    return decide(desk.state, known, decision)


def test_a_post_that_is_live_gets_its_receipt_and_goes_out_no_more(desk: Desk) -> None:
    known = in_doubt(desk, "سلام", lost="سلام")
    url = addresses(desk)["سلام"]
    done = adopt(desk, known, [url])
    assert done == desk.ledger()["launch"]
    assert done.outcome is Outcome.PUBLISHED
    assert done.receipts[0].url == url
    assert (done.decided, done.error) == (f"adopted by سارا: {url}", "")
    assert desk.publish(plan(post("launch", "سلام")), networks=BLIND, run="r2") == {}
    assert texts(desk.postings) == ["سلام"]


def test_a_thread_goes_on_after_the_part_that_was_adopted_as_its_reply(
    desk: Desk,
) -> None:
    known = in_doubt(desk, "یک", "دو", "سه", lost="دو")
    done = adopt(desk, known, [addresses(desk)["دو"]])
    assert (done.outcome, len(done.receipts)) == (Outcome.FAILED, 2)
    assert done.error == "1 of 3 parts still to be sent"

    again = plan(post("launch", "یک", "دو", "سه"), known=desk.ledger())
    desk.publish(again, networks=BLIND, run="r2")
    assert desk.ledger()["launch"].outcome is Outcome.PUBLISHED
    first, second, third = postings(desk.postings)
    assert [first["text"], second["text"], third["text"]] == ["یک", "دو", "سه"]
    assert third["parent"] == second["id"]


def test_several_parts_are_adopted_in_order(desk: Desk) -> None:
    known = in_doubt(desk, "یک", "دو", lost="یک")
    other = FolderConnection(desk.postings)
    desk.publish(plan(post("by hand", "دو")), {"folder": other}, BLIND, run="r2")
    by_hand = desk.ledger()["by hand"]
    two = addresses(desk)
    with pytest.raises(UsageError, match="it is by hand on folder"):
        adopt(desk, known, [two["یک"], two["دو"]])
    seen = sight(known, [two["یک"], two["دو"]], desk.connection(), [known])
    assert [each.part for each in seen] == [0, 1]
    assert not any(each.differs for each in seen)
    done = adopted(known, [each.receipt for each in seen], owner="س", now=LATER)
    assert done.outcome is Outcome.PUBLISHED
    assert done.published == NOON
    assert [each.id for each in done.receipts][1] == by_hand.receipts[0].id


def test_an_address_stands_for_one_part_only_and_there_are_no_more_than_parts(
    desk: Desk,
) -> None:
    known = in_doubt(desk, "یک", "دو", lost="یک")
    url = addresses(desk)["یک"]
    with pytest.raises(UsageError, match="it is part 1, given just before"):
        sight(known, [url, url], desk.connection(), [known])
    with pytest.raises(UsageError, match="3 addresses were given, and 2 parts are"):
        sight(known, [url] * 3, desk.connection(), [known])
    with pytest.raises(UsageError, match="is gone"):
        sight(known, ["https://f.example/nothing"], desk.connection(), [known])


@pytest.mark.parametrize(
    ("says", "differs"), [("سلام دنیا\n", False), ("سلام", True), (None, False)]
)
def test_other_words_are_noticed_if_they_can_be_seen(
    says: str | None, *, differs: bool
) -> None:
    assert Sighting(0, receipt("a"), "سلام  دنیا", says).differs is differs


class Mute(FolderConnection):
    """An account of a network that can't be asked about an address."""

    adopt = Connection.adopt


def test_where_a_network_can_not_be_asked_the_address_is_kept_as_it_was_given(
    desk: Desk,
) -> None:
    mute = Mute(desk.postings)
    url = "https://mute.example/channel/7"
    (seen,) = sight(record(), [url], mute, ())
    assert not seen.asked
    assert (seen.receipt.id, seen.receipt.url) == (url, url)
    with pytest.raises(UsageError, match="no address of a post"):
        sight(record(), ["7"], mute, ())
    thread = record("launch", "یک", "دو")
    with pytest.raises(UsageError, match="nothing can be sent as a reply to it"):
        sight(thread, [url], mute, ())
    assert len(sight(thread, [url, f"{url}1"], mute, ())) == 2


# --- It is not live -------------------------------------------------------------------


def test_what_is_not_live_goes_out_with_the_next_run_under_the_same_key(
    desk: Desk,
) -> None:
    connection = FolderConnection(
        desk.postings, Once("before", "سلام", lose_the_answer)
    )
    desk.publish(plan(post("launch", "سلام")), {"folder": connection}, BLIND)
    known = desk.ledger()["launch"]
    released = forgotten(known, owner="سارا", now=LATER)
    assert decide(desk.state, known, released) == released
    assert (released.outcome, released.attempt) == (Outcome.FAILED, 0)
    assert released.decided == "found not live by سارا, who looked"
    desk.publish(plan(post("launch", "سلام")), networks=BLIND, run="r2")
    assert texts(desk.postings) == ["سلام"]
    assert desk.ledger()["launch"].outcome is Outcome.PUBLISHED


def test_a_person_who_was_mistaken_makes_no_second_post_where_keys_are_known(
    desk: Desk,
) -> None:
    known = in_doubt(desk, "سلام", lost="سلام")
    decide(desk.state, known, forgotten(known, owner="سارا", now=LATER))
    keyed = FolderConnection(desk.postings, keyed=True)
    networks = {"folder": IdempotentNetwork()}
    desk.publish(plan(post("launch", "سلام")), {"folder": keyed}, networks, run="r2")
    assert texts(desk.postings) == ["سلام"]
    assert desk.ledger()["launch"].outcome is Outcome.PUBLISHED


def test_nothing_is_forgotten_while_a_request_may_still_arrive() -> None:
    with pytest.raises(UsageError, match="may still arrive") as caught:
        forgotten(record(), owner="سارا", now=NOON)
    assert "after 12:30 UTC" in caught.value.hint


def test_what_may_only_be_sent_again_as_it_was_is_free_once_it_is_forgotten() -> None:
    held = replace(record(outcome=Outcome.FAILED), uncertain=True)
    assert forgotten(held, owner="سارا", now=LATER).uncertain is False


# --- Changes of what is live ----------------------------------------------------------


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_change_that_was_not_made_is_forgotten_and_the_post_stays_live(
    kind: ChangeKind,
) -> None:
    before = changing(kind)
    after = forgotten(before, owner="سارا", now=LATER)
    assert after.change is None
    assert (after.outcome, after.parts) == (before.outcome, before.parts)
    assert after.decided == f"{kind} found not done by سارا, who looked"


def test_a_withdrawal_of_which_a_part_is_known_to_be_done_is_not_forgotten() -> None:
    before = changing(ChangeKind.WITHDRAW)
    first, second = before.parts
    half = replace(before, parts=(first, replace(second, gone=True)))
    with pytest.raises(UsageError, match="part 2 of launch on folder was taken down"):
        forgotten(half, owner="سارا", now=LATER)


def test_a_change_needs_no_address_because_it_may_be_made_again(desk: Desk) -> None:
    edit = changing(ChangeKind.EDIT)
    with pytest.raises(UsageError, match="may be made again") as caught:
        sight(edit, ["https://f.example/a"], desk.connection(), [edit])
    assert "smmflow publish --post launch --channel folder" in caught.value.hint


# --- Side by side ---------------------------------------------------------------------


def test_what_changed_while_a_person_looked_is_left_as_it_is(
    desk: Desk, other_desk: Desk
) -> None:
    known = in_doubt(desk, "سلام", lost="سلام")
    other_desk.clock.sleep(LEASE.total_seconds() + 1)
    settled = other_desk.settle(IdempotentNetwork())
    assert settled["launch"].uncertain
    with pytest.raises(StateContended, match="changed meanwhile; nothing was written"):
        decide(desk.state, known, forgotten(known, owner="سارا", now=LATER))
    assert desk.ledger() == settled


def test_the_ledgers_history_says_who_decided_what(desk: Desk) -> None:
    known = in_doubt(desk, "سلام", lost="سلام")
    url = addresses(desk)["سلام"]
    adopt(desk, known, [url])
    version, _ = desk.state.history("launch")[-1]
    assert version.commit
    told = [each.decided for _, each in desk.state.history("launch")]
    assert told == ["", "", f"adopted by سارا: {url}"]
