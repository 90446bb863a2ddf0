"""Rules about names of channels, campaigns, slots and posts that nothing answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from smmflow.checks.places import at_key
from smmflow.checks.unknown import UnknownNameRule, Use
from smmflow.diagnostics import Place
from smmflow.model.post import InSlot
from smmflow.model.workspace import Workspace

__all__ = ["UnknownCampaign", "UnknownChannel", "UnknownPost", "UnknownSlot"]


class UnknownChannel(UnknownNameRule):
    """A file names a channel that does not exist.

    What: A name under `channels` or `on`, or a goal's `channel`, is not in
    `channels.yaml`.

    Why: Nothing goes out there.

    Fix: Correct the name, or add the channel to `channels.yaml`.

    Bad:
        channels: [mastadon]

    Good:
        channels: [mastodon]
    """

    name = "unknown-channel"
    noun, home = "channel", "channels.yaml"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the names of all channels; what is wrong with them is told there."""
        return workspace.channels.keys() | workspace.declared

    def place(self, path: str, keys: tuple[str | int, ...]) -> Place:
        """Return the place of a use; under `on:`, channels are keys themselves."""
        return at_key(path, *keys, on_key=keys[0] == "on")

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a channel."""
        for post in workspace.posts.values():
            for index, channel in enumerate(post.channels):
                yield channel, post.path, ("channels", index)
            for channel in post.overrides:
                yield channel, post.path, ("on", channel)
        yield from _channels_of_calendar(workspace)
        strategy, team = workspace.strategy, workspace.team
        for at, goal in enumerate(strategy.goals):
            yield goal.channel, strategy.path, ("goals", at, "channel")
        for at, rule in enumerate(team.rules):
            for index, channel in enumerate(rule.channels):
                yield channel, team.path, ("rules", at, "channels", index)


def _channels_of_calendar(workspace: Workspace) -> Iterator[Use]:
    calendar = workspace.calendar
    lists: list[tuple[tuple[str | int, ...], tuple[str, ...]]] = [
        *((("slots", each.name), each.channels) for each in calendar.slots),
        *(
            (("quiet_hours", at), q.channels)
            for at, q in enumerate(calendar.quiet_hours)
        ),
        *((("blackouts", at), b.channels) for at, b in enumerate(calendar.blackouts)),
    ]
    for keys, channels in lists:
        for index, channel in enumerate(channels):
            yield channel, calendar.path, (*keys, "channels", index)


class UnknownCampaign(UnknownNameRule):
    """A file names a campaign that does not exist.

    What: No file under `content/campaigns/` has the stem that a post's `campaign` or a
    team rule names.

    Why: The post's links get no tags, and no report counts it.

    Fix: Correct the name, or write `content/campaigns/<name>.md`.

    Bad:
        campaign: lauch

    Good:
        campaign: launch
    """

    name = "unknown-campaign"
    noun, home = "campaign", "content/campaigns/"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the names of all campaigns."""
        return workspace.campaigns.keys()

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a campaign."""
        for post in workspace.posts.values():
            yield post.campaign, post.path, ("campaign",)
        team = workspace.team
        for at, rule in enumerate(team.rules):
            for index, campaign in enumerate(rule.campaigns):
                yield campaign, team.path, ("rules", at, "campaigns", index)


class UnknownSlot(UnknownNameRule):
    """A post waits for a slot that does not exist.

    What: `slot` is not among the slots of `calendar.yaml`.

    Why: The post waits for ever.

    Fix: Correct the name, or add the slot to `calendar.yaml`.

    Bad:
        slot: morning

    Good:
        slot: mornings
    """

    name = "unknown-slot"
    noun, home = "slot", "calendar.yaml"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the names of all slots."""
        return [each.name for each in workspace.calendar.slots]

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a slot."""
        for post in workspace.posts.values():
            if isinstance(post.schedule, InSlot):
                yield post.schedule.slot, post.path, ("slot",)


class UnknownPost(UnknownNameRule):
    """A contest names a post that does not exist.

    What: The `post` of a contest is no post's id.

    Why: Nobody finds the post under which people take part.

    Fix: Write the stem of the post's file, or its `id`.

    Bad:
        post: content/posts/win-a-shirt.md

    Good:
        post: win-a-shirt
    """

    name = "unknown-post"
    noun, home = "post", "content/posts/"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the ids of all posts."""
        return workspace.posts.keys()

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a post."""
        for contest in workspace.contests.values():
            yield contest.post, contest.path, ("post",)
