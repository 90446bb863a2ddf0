"""Checking: run every rule once, leave out what posts ignore, spare drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from smmflow.checks.ignores import UnknownRule, UnusedIgnore
from smmflow.checks.registry import RULES
from smmflow.checks.rule import (
    Case,
    ChannelPostRule,
    PostRule,
    TimedRule,
    WorkspaceRule,
)
from smmflow.checks.subject import Subject
from smmflow.checks.verdict import Verdict
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.post import Post

__all__ = ["adjust", "check", "judge"]

_TIMED_RULES = tuple(each for each in RULES.values() if isinstance(each, TimedRule))
_POST_RULES = tuple(
    each
    for each in RULES.values()
    if isinstance(each, PostRule) and not isinstance(each, TimedRule)
)
_CHANNEL_RULES = tuple(
    each for each in RULES.values() if isinstance(each, ChannelPostRule)
)
_WORKSPACE_RULES = tuple(
    each for each in RULES.values() if isinstance(each, WorkspaceRule)
)
_RAN = frozenset(
    each.name
    for each in (*_POST_RULES, *_TIMED_RULES, *_CHANNEL_RULES, *_WORKSPACE_RULES)
)
_UNKNOWN_RULE, _UNUSED_IGNORE = UnknownRule(), UnusedIgnore()


def check(subject: Subject) -> tuple[Finding, ...]:
    """Return every fault the rules find in a workspace.

    A withdrawn post is not checked by itself, for it never goes out again. Faults of
    form stand in `Workspace.findings`, those of composing come from the composer; both
    can be passed through `adjust` to honour `ignore:` likewise.

    Args:
        subject: The workspace and what became of it.
    """
    found = [
        *(each for post in subject.posts for each in _check_post(post, subject)),
        *(each for rule in _WORKSPACE_RULES for each in rule.check(subject)),
    ]
    found += _check_ignores(subject, found)
    return adjust(found, subject)


def adjust(findings: Iterable[Finding], subject: Subject) -> tuple[Finding, ...]:
    """Leave out what posts ignore; what is an error elsewhere only warns in a draft."""
    kept = []
    for finding in findings:
        post = subject.by_path.get(finding.place.path)
        if post is None:
            kept.append(finding)
        elif finding.rule not in post.ignore:
            soft = post.draft and finding.severity is Severity.ERROR
            kept.append(
                replace(finding, severity=Severity.WARNING) if soft else finding
            )
    return tuple(kept)


def judge(post: Post, subject: Subject, composing: Iterable[Finding] = ()) -> Verdict:
    """Return what a post by itself comes to; a withdrawn one is not checked.

    Args:
        post: One of the subject's.
        subject: What it rests on; the rules are shown only what is lasting.
        composing: What was wrong while composing it.
    """
    lasting = subject.lasting
    found: list[Finding] = []
    if not post.withdrawn:
        for rule in _POST_RULES:
            found += rule.check(post, lasting)
        found += _merge(_on_channels(post, lasting), len(set(post.channels)))
    return Verdict(tuple(composing), tuple(found), subject.sayings(post))


def _check_post(post: Post, subject: Subject) -> Iterator[Finding]:
    verdict = subject.verdicts.get(post.id) or judge(post, subject)
    yield from verdict.found
    for rule in _TIMED_RULES:
        yield from rule.check(post, subject)


def _on_channels(post: Post, subject: Subject) -> list[Finding]:
    found: list[Finding] = []
    for case in _cases(post, subject):
        for rule in _CHANNEL_RULES:
            found += rule.check(case)
    return found


def _cases(post: Post, subject: Subject) -> Iterator[Case]:
    for name in dict.fromkeys(post.channels):
        channel = subject.workspace.channels.get(name)
        composed = subject.composed.get((post.id, name))
        capabilities = subject.capabilities.get(name)
        network = subject.networks.get(name)
        if channel and composed and composed.parts and capabilities and network:
            yield Case(post, channel, composed, capabilities, network, subject)


def _merge(findings: list[Finding], channels: int) -> Iterator[Finding]:
    """Say once what holds on every channel; what holds on some names each of them.

    A finding without a channel is about the whole post, so one that spares a channel
    must never lose its name.
    """
    groups: dict[tuple[str, Severity, str, Place], list[Finding]] = defaultdict(list)
    for each in findings:
        groups[each.rule, each.severity, each.message, each.place].append(each)
    for several in groups.values():
        names = {each.channel for each in several}
        if len(names) == channels > 1:
            yield replace(several[0], channel="")
        else:
            yield from {each.channel: each for each in several}.values()


def _check_ignores(subject: Subject, found: list[Finding]) -> list[Finding]:
    used: dict[str, set[str]] = defaultdict(set)
    for each in found:
        used[each.place.path].add(each.rule)
    return [
        finding
        for post in subject.posts
        if post.ignore
        for finding in (
            *_UNKNOWN_RULE.check(post, RULES),
            *(() if post.draft else _UNUSED_IGNORE.check(post, _RAN, used[post.path])),
        )
    ]
