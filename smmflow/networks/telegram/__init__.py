"""Telegram channels, and Bale's, whose bots speak nearly the same API."""

from smmflow.networks.telegram.bale import Bale, BaleSettings
from smmflow.networks.telegram.network import Telegram, TelegramSettings

__all__ = ["Bale", "BaleSettings", "Telegram", "TelegramSettings"]
