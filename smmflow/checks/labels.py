"""Rules about names of the strategy and the team that nothing answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from smmflow.checks.unknown import UnknownNameRule, Use
from smmflow.model.metric import METRICS
from smmflow.model.workspace import Workspace

__all__ = [
    "UnknownAudience",
    "UnknownGoal",
    "UnknownMetric",
    "UnknownPerson",
    "UnknownPillar",
]


class UnknownPillar(UnknownNameRule):
    """A post or an idea names a pillar that does not exist.

    What: `pillar` is not among the pillars of `strategy.md`.

    Why: Reports by pillar leave the post out.

    Fix: Correct the name, or add the pillar to `strategy.md`.

    Bad:
        pillar: relases

    Good:
        pillar: releases
    """

    name = "unknown-pillar"
    noun, home = "pillar", "strategy.md"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the ids of all pillars."""
        return [each.id for each in workspace.strategy.pillars]

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a pillar."""
        for post in workspace.posts.values():
            yield post.pillar, post.path, ("pillar",)
        for idea in workspace.ideas.values():
            yield idea.pillar, idea.path, ("pillar",)


class UnknownGoal(UnknownNameRule):
    """A post or a campaign names a goal that does not exist.

    What: `goal` is not among the goals of `strategy.md`.

    Why: Nobody sees what the post did for the goal it was meant for.

    Fix: Correct the name, or add the goal to `strategy.md`.

    Bad:
        goal: folowers

    Good:
        goal: followers
    """

    name = "unknown-goal"
    noun, home = "goal", "strategy.md"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the ids of all goals."""
        return [each.id for each in workspace.strategy.goals]

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a goal."""
        for post in workspace.posts.values():
            yield post.goal, post.path, ("goal",)
        for campaign in workspace.campaigns.values():
            yield campaign.goal, campaign.path, ("goal",)


class UnknownAudience(UnknownNameRule):
    """A post names an audience that does not exist.

    What: `audience` is not among the audiences of `strategy.md`.

    Why: Reports by audience leave the post out.

    Fix: Correct the name, or add the audience to `strategy.md`.

    Bad:
        audience: maintainer

    Good:
        audience: maintainers
    """

    name = "unknown-audience"
    noun, home = "audience", "strategy.md"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the ids of all audiences."""
        return [each.id for each in workspace.strategy.audiences]

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names an audience."""
        for post in workspace.posts.values():
            yield post.audience, post.path, ("audience",)


class UnknownMetric(UnknownNameRule):
    """A goal counts something that smmflow does not know.

    What: The `metric` of a goal is none of the metrics that reports define.

    Why: The goal's progress can never be shown.

    Fix: Choose a metric that is known.

    Bad:
        goals:
          - {id: reach, title: Reach, metric: follower, target: 500,
             deadline: 2027-06-01}

    Good:
        goals:
          - {id: reach, title: Reach, metric: followers, target: 500,
             deadline: 2027-06-01}
    """

    name = "unknown-metric"
    noun, home = "metric", "a release of smmflow"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the names of all metrics."""
        del workspace
        return METRICS.keys()

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every goal's metric."""
        strategy = workspace.strategy
        for at, goal in enumerate(strategy.goals):
            yield goal.metric, strategy.path, ("goals", at, "metric")


class UnknownPerson(UnknownNameRule):
    """A file names a person or a role that nobody has.

    What: A role that a rule of `team.yaml` asks for, or an approver of a playbook, is
    neither a person's id nor a role of anybody there.

    Why: The approval can never be given; in a crisis nobody knows whom to ask.

    Fix: Correct the name, or add the person or the role to `team.yaml`.

    Bad:
        rules: [{approve: [editors]}]     # people: {sara: {roles: [editor]}}

    Good:
        rules: [{approve: [editor]}]
    """

    name = "unknown-person"
    noun, home = "person or role", "team.yaml"

    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the ids and the roles of everybody."""
        members = workspace.team.members
        return {each.id for each in members} | {
            role for each in members for role in each.roles
        }

    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names a person or a role."""
        team = workspace.team
        for at, rule in enumerate(team.rules):
            for index, role in enumerate(rule.roles):
                yield role, team.path, ("rules", at, "approve", index)
        for playbook in workspace.playbooks.values():
            for index, person in enumerate(playbook.approvers):
                yield person, playbook.path, ("approvers", index)
