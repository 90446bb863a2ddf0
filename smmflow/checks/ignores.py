"""Rules about `ignore:` itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from smmflow.checks.places import at_key, did_you_mean
from smmflow.checks.rule import Rule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.post import Post

__all__ = ["UnknownRule", "UnusedIgnore"]

# Composing finds these too, and what it found is not known here.
_ALSO_COMPOSING = frozenset({"text-empty", "unknown-channel"})


class UnknownRule(Rule):
    """A post ignores a rule that does not exist.

    What: A name under `ignore` is no rule's name.

    Why: The finding it was meant for is still reported.

    Fix: Correct the name; `smmflow rules` lists all of them.

    Bad:
        ignore: [text-to-long]

    Good:
        ignore: [text-too-long]
    """

    name = "unknown-rule"
    severity = Severity.WARNING

    def check(self, post: Post, known: Collection[str]) -> Iterator[Finding]:
        """Return the names that are no rule's."""
        for name in sorted(post.ignore - set(known)):
            yield self.finding(
                at_key(post.path, "ignore"),
                f"there is no rule `{name}`",
                hint=did_you_mean(name, known, "`smmflow rules` lists all of them"),
            )


class UnusedIgnore(Rule):
    """A post ignores a rule that finds nothing in it.

    What: A name under `ignore` is a rule's name, but the rule has no fault to report.

    Why: It would hide a fault that comes later.

    Fix: Take the name out.

    Bad:
        ignore: [text-too-long]
        ---
        Short.

    Good:
        title: Nothing to ignore
        ---
        Short.
    """

    name = "unused-ignore"
    severity = Severity.NOTE

    def check(
        self, post: Post, ran: Collection[str], used: Collection[str]
    ) -> Iterator[Finding]:
        """Return the names of rules that ran and found nothing.

        Args:
            post: Whose `ignore`.
            ran: Rules that were tried on the post.
            used: Rules that found something there.
        """
        for name in sorted((post.ignore & set(ran)) - set(used) - _ALSO_COMPOSING):
            yield self.finding(
                at_key(post.path, "ignore"),
                f"`{name}` finds nothing here",
                hint="take it out of `ignore`",
            )
