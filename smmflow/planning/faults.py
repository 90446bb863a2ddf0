"""Faults that hold posts: an error holds what rests on the faulty file, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.diagnostics import Finding, Severity
from smmflow.model.channel_post import ChannelPost
from smmflow.model.workspace import Workspace

__all__ = ["faults"]

_EVERYTHING_RESTS_ON = ("calendar.yaml", "channels.yaml", "team.yaml")


def faults(
    workspace: Workspace,
    composed: Mapping[tuple[str, str], ChannelPost],
    findings: Iterable[Finding],
) -> Mapping[tuple[str, str], str]:
    """Return, by post and channel, the first thing that must be put right before.

    Args:
        workspace: Its posts, and the files of it that can't be read.
        composed: By post and channel: which files each rests on.
        findings: Everything `smmflow check` found.
    """
    errors = _errors(workspace, findings)
    found: dict[tuple[str, str], str] = {}
    if not errors:
        return found
    # Only a fault outside the posts' own files makes it worth composing every post.
    own = {post.path for post in workspace.posts.values()}
    shared = any(path not in own for path, _ in errors)
    for post in workspace.posts.values():
        for channel in post.channels:
            made = composed.get((post.id, channel)) if shared else None
            sources = made.sources if made is not None else ()
            for path in (*_EVERYTHING_RESTS_ON, post.path, *sources):
                words = errors.get((path, "")) or errors.get((path, channel))
                if words is not None:
                    found[post.id, channel] = words
                    break
    return found


def _errors(
    workspace: Workspace, findings: Iterable[Finding]
) -> Mapping[tuple[str, str], str]:
    """Return the first error by path and channel; no channel if it is about all."""
    found: dict[tuple[str, str], str] = {}
    for each in findings:
        if each.severity is Severity.ERROR:
            words = f"{each.place.path}: {each.rule}: {each.message}"
            found.setdefault((each.place.path, each.channel), words)
    for path in workspace.unreadable:
        found.setdefault((path, ""), f"{path} can't be read")
    return found
