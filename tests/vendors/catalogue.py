"""The vendors by the kinds of account that are tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.vendors.bale import BaleVendor
from tests.vendors.telegram import TelegramVendor
from tests.vendors.vendor import Vendor

VENDORS: Mapping[str, Callable[[], Vendor]] = {
    "bale": BaleVendor,
    "telegram": TelegramVendor,
}
