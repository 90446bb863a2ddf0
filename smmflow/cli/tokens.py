"""What is to be said of a channel's token: what it lacks, when it dies, what then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.plan import Wait
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Visit

__all__ = ["Token", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of one.

    Attributes:
        missing: Permissions it lacks, sorted; None if the network doesn't say.
        expires: When it dies, aware; None if it doesn't, or nobody says.
        renewed: Whether it is replaced by itself before that.
        misses: Occurrences that come due after its end, by time.
    """

    missing: tuple[str, ...] | None
    expires: datetime | None
    renewed: bool
    misses: tuple[str, ...]

    def words(self) -> tuple[str, ...]:
        """Return it in lines for people; nothing where all is well for ever."""
        lines = []
        if self.missing:
            lines.append(f"the token may not: {', '.join(self.missing)}")
        if self.expires is not None:
            ends = f"the token dies on {self.expires:%Y-%m-%d %H:%M} UTC"
            lines.append(f"{ends}; it is renewed before" if self.renewed else ends)
        if self.misses:
            lines.append(f"posts due after that: {', '.join(self.misses)}")
        return tuple(lines)

    def plain(self) -> Mapping[str, object]:
        """Return it for programs."""
        return {
            "missing_scopes": None if self.missing is None else list(self.missing),
            "expires": self.expires and self.expires.isoformat(),
            "renewed": self.renewed,
            "misses": list(self.misses),
        }


def tokens_of(
    workspace: Workspace,
    visits: Iterable[Visit],
    waits: Callable[[], Iterable[Wait]],
) -> Mapping[str, Token]:
    """Return what is known of the tokens of the channels that answered.

    Args:
        workspace: The files.
        visits: What the channels answered.
        waits: What waits for its time; asked for only if a token dies.
    """
    from smmflow import workflow
    from smmflow.credentials import within_reach
    from smmflow.renewing import is_renewed

    answered = {each.channel: each.identity for each in visits if each.identity}
    mortal = any(who.expires for who in answered.values())
    planned = tuple(waits()) if mortal else ()
    networks, reach = workflow.networks_of(workspace), within_reach(workspace.root)
    found = {}
    for name, who in answered.items():
        ends, scopes = who.expires, networks[name].scopes
        renewed = is_renewed(workspace.channels[name], reach)
        late = sorted(
            (each.occurrence.due, each.occurrence.id)
            for each in planned
            if each.post.channel == name
            and ends is not None
            and not renewed
            and each.occurrence.due is not None
            and each.occurrence.due >= ends
        )
        lacks = None if who.scopes is None else scopes - who.scopes
        found[name] = Token(
            None if lacks is None else tuple(sorted(lacks)),
            ends,
            renewed,
            tuple(name for _, name in late),
        )
    return found
