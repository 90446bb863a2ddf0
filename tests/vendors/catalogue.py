"""The vendors by the kinds of account that are tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.vendors.bale import BaleVendor
from tests.vendors.discord import Discord, DiscordWebhook
from tests.vendors.facebook import FacebookVendor
from tests.vendors.instagram import InstagramVendor
from tests.vendors.linkedin import MEMBER, LinkedInVendor
from tests.vendors.slack import Slack, SlackWebhook
from tests.vendors.telegram import TelegramVendor
from tests.vendors.threads import ThreadsVendor
from tests.vendors.vendor import Vendor
from tests.vendors.x import XVendor

VENDORS: Mapping[str, Callable[[], Vendor]] = {
    "bale": BaleVendor,
    "discord (bot)": Discord,
    "discord (webhook)": DiscordWebhook,
    "facebook": FacebookVendor,
    "instagram": InstagramVendor,
    "linkedin (member)": lambda: LinkedInVendor(MEMBER),
    "linkedin (page)": LinkedInVendor,
    "slack (bot)": Slack,
    "slack (webhook)": SlackWebhook,
    "telegram": TelegramVendor,
    "threads": ThreadsVendor,
    "x": XVendor,
}
