"""Messages that Slack keeps until their time.

https://docs.slack.dev/messaging/sending-and-scheduling-messages#scheduling
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.publication import Receipt
from smmflow.networks.slack.message import objects
from smmflow.networks.slack.rich import normal, shown
from smmflow.networks.slack.web import Refused, Web

__all__ = ["WaitingRoom"]

_PAGES = 10

Json = Mapping[str, object]


class WaitingRoom:
    """What waits in one channel.

    Args:
        web: Methods of the Web API.
        channel: Id of the channel.
    """

    def __init__(self, web: Web, channel: str) -> None:
        self._web = web
        self._channel = channel

    def give(self, body: Json) -> Receipt:
        """Hand a message over for `post_at`; the receipt keeps all of it.

        Raises:
            OutcomeUnknown: Nobody knows whether it waits.
        """
        fields = self._web.write("chat.scheduleMessage", body)
        name, at = fields.get("scheduled_message_id"), fields.get("post_at")
        if not isinstance(name, str) or not name or not str(at).isdecimal():
            raise OutcomeUnknown("Slack answered without the scheduled message's id")
        moment = datetime.fromtimestamp(int(str(at)), UTC)
        return Receipt(name, "", moment, {"body": json.dumps(dict(body))})

    def find(self, text: str, *, at: datetime) -> Receipt | None:
        """Look for what waits for a moment and says a text, as far as can be seen.

        https://docs.slack.dev/reference/methods/chat.scheduledMessages.list gives no
        metadata and no blocks, so the receipt can be taken back and not moved.

        Raises:
            OutcomeUnknown: So much waits that not all of it was read.
        """
        moment = int(at.timestamp())
        for waiting in self._every():
            same = normal(shown(str(waiting.get("text")))) == normal(text)
            if same and str(waiting.get("post_at")) == str(moment):
                when = datetime.fromtimestamp(moment, UTC)
                return Receipt(str(waiting.get("id")), "", when)
        return None

    def move(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Take a message back and hand it over for another time.

        Raises:
            Rejected: It does not wait any more, or nobody knows what it says.
        """
        if "body" not in receipt.more:
            raise Rejected(
                "Slack changes no time of what waits, and does not show what it says",
                hint="take it back, and let the next run hand it over anew",
            )
        if not self.take_back(receipt.id):
            raise Rejected("it does not wait on Slack any more")
        body = json.loads(receipt.more["body"])
        return self.give({**body, "post_at": int(at.timestamp())})

    def take_back(self, name: str) -> bool:
        """Take a message back; False if it does not wait any more.

        https://docs.slack.dev/reference/methods/chat.deleteScheduledMessage
        """
        body = {"channel": self._channel, "scheduled_message_id": name}
        try:
            self._web.write("chat.deleteScheduledMessage", body)
        except Refused as refusal:
            if refusal.code == "invalid_scheduled_message_id":
                return False
            raise
        return True

    def _every(self) -> Iterator[Json]:
        asked = {"channel": self._channel, "limit": "100"}
        for _ in range(_PAGES):
            page = self._web.read("chat.scheduledMessages.list", **asked)
            if not isinstance(page.get("scheduled_messages"), list):
                raise OutcomeUnknown("Slack did not say what waits")
            yield from objects(page["scheduled_messages"])
            further = page.get("response_metadata")
            cursor = further.get("next_cursor") if isinstance(further, dict) else ""
            if not cursor:
                return
            asked["cursor"] = str(cursor)
        raise OutcomeUnknown(f"more than {_PAGES} pages of messages wait on Slack")
