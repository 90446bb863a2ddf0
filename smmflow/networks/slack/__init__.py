"""Slack: a bot in a channel, or an incoming webhook of one."""

from smmflow.networks.slack.network import Slack, SlackSettings, SlackWebhook

__all__ = ["Slack", "SlackSettings", "SlackWebhook"]
