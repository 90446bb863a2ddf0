"""The vendors by the kinds of account that are tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.vendors.discord import Discord, DiscordWebhook
from tests.vendors.slack import Slack, SlackWebhook
from tests.vendors.vendor import Vendor

VENDORS: Mapping[str, Callable[[], Vendor]] = {
    "discord": Discord,
    "discord webhook": DiscordWebhook,
    "slack": Slack,
    "slack webhook": SlackWebhook,
}
