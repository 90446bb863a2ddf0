"""The contract of what is said below posts: by ourselves at once, and by others."""

# ruff: noqa: S101 - assertions are what the suite consists of

from __future__ import annotations

from dataclasses import replace

import pytest

from smmflow.errors import Unsupported
from smmflow.model.capabilities import Capabilities, Support
from smmflow.networks.interface import Connection, Thread
from smmflow.testing.contract_base import (
    ContractBase,
    Look,
    Say,
    Write,
    only_if,
    publish,
)
from smmflow.testing.samples import part, rich

__all__ = ["TalkContract"]

_KEY = "answer-1"


class TalkContract(ContractBase):
    """What `comment`, `messages` and `reply` promise."""

    def test_a_first_comment_stands_below_its_post(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
        look: Look,
    ) -> None:
        """It is the last part, and follows the one before it."""
        only_if(capabilities.comment is not None)
        below = replace(part("Where it comes from"), comment=True)
        post = write("The post itself", below)
        first = publish(connection, post)
        comment = publish(connection, post, 1, Thread(first, first))
        seen = look(comment)
        assert seen is not None
        assert (seen.text, seen.parent) == ("Where it comes from", first.id)

    def test_what_others_say_is_read_once(
        self, connection: Connection, capabilities: Capabilities, write: Write, say: Say
    ) -> None:
        """From a cursor on, the oldest first; a first reading starts at the start."""
        only_if(capabilities.messages is Support.YES)
        receipt = publish(connection, write("What do you think?"))
        before = connection.messages([receipt], after="")
        assert before.messages == ()
        first = say(receipt, "Well done")
        second = say(receipt, "آفرین، می‌خواهم 👩‍👩‍👧")
        read = connection.messages([receipt], after=before.cursor)
        assert [each.id for each in read.messages] == [first, second]
        assert [each.text for each in read.messages] == [
            "Well done",
            "آفرین، می‌خواهم 👩‍👩‍👧",
        ]
        for each in read.messages:
            assert each.on == receipt.id
            assert each.author.name
            assert each.at.tzinfo is not None
        again = connection.messages([receipt], after=read.cursor)
        assert again.messages == ()
        third = say(receipt, "One more")
        more = connection.messages([receipt], after=again.cursor)
        assert [each.id for each in more.messages] == [third]

    def test_an_answer_stands_below_its_message_and_is_no_message_itself(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
        say: Say,
        look: Look,
    ) -> None:
        """Else we would answer ourselves."""
        only_if(capabilities.reply is Support.YES)
        receipt = publish(connection, write("Questions, please"))
        asked = say(receipt, "How much is it?")
        read = connection.messages([receipt], after="")
        message = read.messages[0]
        answer = connection.reply(message, rich("Nothing: it is free"), key=_KEY)
        seen = look(answer)
        assert seen is not None
        assert (seen.text, seen.parent) == ("Nothing: it is free", asked)
        later = connection.messages([receipt], after=read.cursor)
        assert later.messages == ()

    def test_without_messages_nothing_is_read(
        self, connection: Connection, capabilities: Capabilities
    ) -> None:
        """A network that declares nothing refuses."""
        only_if(capabilities.messages is not Support.YES)
        with pytest.raises(Unsupported):
            connection.messages([], after="")
