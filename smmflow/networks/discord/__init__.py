"""Discord: a bot in a channel, or a webhook of one."""

from smmflow.networks.discord.network import Discord, DiscordSettings, DiscordWebhook

__all__ = ["Discord", "DiscordSettings", "DiscordWebhook"]
