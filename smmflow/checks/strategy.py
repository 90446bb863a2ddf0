"""Rules about what posts are for."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import PostRule, WorkspaceRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Severity
from smmflow.model.post import Post

__all__ = ["NoChannel", "PillarShares", "ServesNothing"]


class NoChannel(PostRule):
    """A post goes to no channel.

    What: `channels` is empty.

    Why: The post is never seen by anybody.

    Fix: Name the channels it is for, or write `draft: true`.

    Bad:
        channels: []

    Good:
        channels: [site, mastodon]
    """

    name = "no-channel"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if there is no channel."""
        if not post.channels:
            yield self.finding(
                at_key(post.path, "channels"),
                "the post goes to no channel",
                hint=f"known: {', '.join(sorted(subject.workspace.channels))}",
            )


class ServesNothing(PostRule):
    """A post serves no pillar and no goal.

    What: The post names neither `pillar` nor `goal`, nor a campaign that has a goal,
    although the strategy has some.

    Why: A post that serves nothing costs the same work, and reports can't say what for.

    Fix: Name the pillar or the goal, or leave the post unwritten.

    Bad:
        title: Happy Monday

    Good:
        title: Version 1 is out
        pillar: releases
    """

    name = "serves-nothing"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if the post names nothing that it serves."""
        if post.pillar or post.goal:
            return
        strategy = subject.workspace.strategy
        if not strategy.pillars and not strategy.goals:
            return
        campaign = subject.workspace.campaigns.get(post.campaign)
        if campaign is None or not campaign.goal:
            pillars = ", ".join(each.id for each in strategy.pillars)
            yield self.finding(
                at_key(post.path),
                "the post serves no pillar and no goal",
                hint=f"add `pillar:` ({pillars}) or `goal:`"
                if pillars
                else "add `goal:`",
            )


class PillarShares(WorkspaceRule):
    """The shares of the pillars are more than the whole.

    What: The `share` of all pillars together is above 100 %.

    Why: No mix of posts can keep to them.

    Fix: Lower some of them; a pillar may leave its share open.

    Bad:
        pillars: [{id: releases, share: 70%}, {id: craft, share: 40%}]

    Good:
        pillars: [{id: releases, share: 60%}, {id: craft, share: 40%}]
    """

    name = "pillar-shares"
    severity = Severity.WARNING

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return a finding if the sum is above the whole."""
        strategy = subject.workspace.strategy
        total = round(sum(each.share or 0.0 for each in strategy.pillars) * 100, 6)
        if total > 100:  # noqa: PLR2004 - per cent
            yield self.finding(
                at_key(strategy.path, "pillars"),
                f"the shares of the pillars are {total:g}% together",
                hint=f"lower them by {total - 100:g}%",
            )
