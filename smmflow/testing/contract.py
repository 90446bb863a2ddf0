"""The contract of every network, as a test class: what is declared works.

An adapter's tests are a subclass that provides fixtures; see `NetworkContract`. Tests
of an ability that the network does not declare check that it is refused, so leaving an
ability out is as much a promise as declaring it.
"""

# ruff: noqa: S101 - assertions are what the suite consists of

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    MissingSecret,
    Rejected,
    Unsupported,
    UsageError,
)
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.channel import Channel
from smmflow.model.metric import METRICS
from smmflow.model.post import Poll
from smmflow.networks.interface import Among, Connection, Network, Thread
from smmflow.testing.contract_ahead import AheadContract
from smmflow.testing.contract_base import Look, Seen, Write, only_if, publish
from smmflow.testing.contract_failing import FailingContract
from smmflow.testing.contract_talk import TalkContract
from smmflow.testing.samples import (
    DUE,
    key_of,
    part,
    picture_file,
    rich,
)
from smmflow.testing.transports import (
    Recording,
)

__all__ = ["Look", "NetworkContract", "Seen"]


class NetworkContract(AheadContract, FailingContract, TalkContract):
    """Subclass it as `class TestMyNetwork(NetworkContract)` and give it fixtures.

    See `smmflow.testing.contract_base.ContractBase` for which.
    """

    # --- Connecting -------------------------------------------------------------------

    def test_connecting_sends_nothing(
        self,
        connect: Callable[[httpx.BaseTransport], Connection],
    ) -> None:
        """Check and plan make connections nowhere, and a typing error costs nothing."""
        recording = Recording(httpx.MockTransport(lambda _: httpx.Response(500)))
        connect(recording)
        assert recording.requests == []

    def test_a_local_network_sends_nothing_at_all(
        self,
        connect: Callable[[httpx.BaseTransport], Connection],
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """`local` promises that."""
        only_if(capabilities.local)
        recording = Recording(httpx.MockTransport(lambda _: httpx.Response(500)))
        connection = connect(recording)
        receipt = publish(connection, write("Hello"))
        connection.whoami()
        connection.withdraw(receipt)
        assert recording.requests == []

    def test_a_secret_that_is_not_set_is_named(
        self,
        network: Network,
        channel: Channel,
    ) -> None:
        """A person has to know which one to set."""
        only_if(bool(network.secrets))
        for name in channel.secrets.values():
            with pytest.raises(MissingSecret, match=name):
                network.connect(channel, Credentials({}))

    def test_the_account_has_a_name(
        self,
        connection: Connection,
    ) -> None:
        """`smmflow channels` shows it."""
        identity = connection.whoami()
        assert identity.id
        assert identity.name

    # --- Publishing -------------------------------------------------------------------

    @pytest.mark.parametrize(
        "text",
        [
            "Version 1 is out: https://example.org/launch #opensource",
            "نسخهٔ ۱ آمد: «می‌خواهم» #نرم‌افزار",
            "First line\n\nThird line & <b>no markup</b> 👩‍👩‍👧",
        ],
    )
    def test_a_published_part_says_what_was_written(
        self,
        connection: Connection,
        look: Look,
        text: str,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """Whatever the script."""
        receipt = publish(connection, write(text))
        seen = look(receipt)
        assert seen is not None
        assert seen.text.split() == text.split()
        assert receipt.url.startswith("http") or not capabilities.permalinks
        assert receipt.at.tzinfo is not None

    def test_text_of_the_greatest_length_is_taken(
        self,
        network: Network,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """The declared limit is no smaller than the network's."""
        limit = capabilities.text
        text = ("word " * limit.maximum)[: limit.maximum - 1] + "."
        assert network.length(rich(text), limit.unit) == limit.maximum
        assert look(publish(connection, write(text))) is not None

    def test_longer_text_is_refused(
        self,
        network: Network,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """The declared limit is no greater than the network's."""
        limit = capabilities.text
        only_if(limit.sure and not capabilities.local)
        text = ("word " * limit.maximum)[: limit.maximum] + "."
        assert not network.fits(rich(text), (limit,))
        with pytest.raises(Rejected):
            publish(connection, write(text))

    def test_the_same_key_posts_once(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """`idempotent` promises that."""
        only_if(capabilities.idempotent)
        post = write("Once and only once")
        assert publish(connection, post).id == publish(connection, post).id

    def test_other_keys_post_again(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """A recurring post says the same words under another key."""
        only_if(capabilities.repeats)
        post = write("Good morning")
        again = replace(post, post="again")
        assert publish(connection, post).id != publish(connection, again).id

    def test_parts_of_a_thread_follow_each_other(
        self,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """Each answers the one before it."""
        only_if(capabilities.threads is Support.YES)
        post = write("One", "Two", "Three")
        first = publish(connection, post)
        second = publish(connection, post, 1, Thread(first, first))
        third = publish(connection, post, 2, Thread(first, second))
        parents = [seen.parent if (seen := look(e)) else None for e in (second, third)]
        assert parents == [first.id, second.id]

    def test_descriptions_of_pictures_arrive(
        self,
        connection: Connection,
        look: Look,
        tmp_path: Path,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """In the order of the pictures."""
        only_if(capabilities.alt_text is not None)
        alts = ("A green square", "یک مربع سبز")
        media = tuple(
            picture_file(tmp_path, f"{n}.png", side=8 + n, alt=alt)
            for n, alt in enumerate(alts)
        )
        post = write(part("Two squares", media=media))
        seen = look(publish(connection, post))
        assert seen is not None
        assert seen.alts == alts

    def test_polls_arrive(
        self,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """With their answers in order."""
        limits = capabilities.poll
        only_if(limits is not None)
        poll = Poll(("Yes", "بله"), timedelta(days=1))
        seen = look(publish(connection, write(part("Well?", poll=poll))))
        assert seen is not None
        assert seen.options == poll.options

    # --- Afterwards -------------------------------------------------------------------

    def test_what_went_out_is_found(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """By its key, or by what it says."""
        only_if(capabilities.find is Support.YES)
        post = write("Lost and found: https://example.org/a?b=c #tag")
        receipt = publish(connection, post)
        found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
        assert found is not None
        assert (found.id, found.url) == (receipt.id, receipt.url)

    def test_a_live_post_is_adopted_by_its_address(
        self,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """As a person gives it who looked; from then on it is as if it was heard."""
        only_if(capabilities.find is Support.YES)
        text = "Seen by a person: https://example.org/a?b=c #tag"
        receipt = publish(connection, write(text))
        adopted = connection.adopt(receipt.url)
        assert (adopted.id, adopted.url) == (receipt.id, receipt.url)
        assert adopted.more == receipt.more
        assert adopted.at.tzinfo is not None
        words = connection.words(adopted)
        assert words is None or words.split() == text.split()
        if capabilities.withdraw is Support.YES:
            connection.withdraw(adopted)
            assert capabilities.local or look(receipt) is None

    def test_an_address_that_leads_to_no_post_is_not_adopted(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """Be it nonsense, another site's, or that of a post that is gone."""
        only_if(capabilities.find is Support.YES)
        for nonsense in ("", "launch", "https://elsewhere.example/posts/launch"):
            with pytest.raises(UsageError):
                connection.adopt(nonsense)
        if capabilities.withdraw is Support.YES and not capabilities.local:
            gone = publish(connection, write("Gone before it is seen"))
            connection.withdraw(gone)
            with pytest.raises(UsageError):
                connection.adopt(gone.url)

    def test_what_never_went_out_is_not_found(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """Else it would never be sent."""
        only_if(capabilities.find is Support.YES and not capabilities.local)
        publish(connection, write("Something else"))
        post = write("Never sent", post="other")
        assert connection.find(post, 0, key=key_of(post), among=Among(DUE)) is None

    def test_an_edit_changes_what_is_live(
        self,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """And keeps its name."""
        post = write("Teh launch")
        receipt = publish(connection, post)
        better = write("The launch")
        if capabilities.edit is not Support.YES:
            with pytest.raises(Unsupported):
                connection.edit(receipt, better, 0)
            return
        edited = connection.edit(receipt, better, 0)
        seen = look(edited)
        assert edited.id == receipt.id
        if not capabilities.local:
            assert seen is not None
            assert seen.text == "The launch"

    def test_a_withdrawn_part_is_gone(
        self,
        connection: Connection,
        look: Look,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """And withdrawing it again is no error."""
        receipt = publish(connection, write("Too early"))
        if capabilities.withdraw is not Support.YES:
            with pytest.raises(Unsupported):
                connection.withdraw(receipt)
            return
        connection.withdraw(receipt)
        connection.withdraw(receipt)
        if not capabilities.local:
            assert look(receipt) is None

    def test_counters_are_numbers_or_unknown(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """By declared names only; a part that is gone is None."""
        post = write("Count me")
        receipt = publish(connection, post)
        if capabilities.measure is not Support.YES:
            with pytest.raises(Unsupported):
                connection.measure([receipt])
            return
        gone = publish(connection, write("Gone", post="gone"))
        asked = [receipt, gone][: capabilities.measure_batch]
        if capabilities.withdraw is Support.YES:
            connection.withdraw(gone)
        counters = {**connection.measure(asked), **connection.measure([gone])}
        assert set(counters) == {receipt.id, gone.id}
        if capabilities.withdraw is Support.YES:
            assert counters[gone.id] is None
        live = counters[receipt.id]
        assert live is not None
        assert set(live) == set(capabilities.metrics)
        assert set(live) <= set(METRICS)
        assert all(count in {0, None} for count in live.values())

    def test_followers_are_counted_if_declared(
        self,
        connection: Connection,
        capabilities: Capabilities,
    ) -> None:
        """And refused if not."""
        if capabilities.followers is not Support.YES:
            with pytest.raises(Unsupported):
                connection.followers()
            return
        count = connection.followers()
        assert count is None or count >= 0
