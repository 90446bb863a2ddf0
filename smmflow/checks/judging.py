"""Judging each post by itself: from memory where that holds, else on every core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from smmflow.checks.basis import basis_of
from smmflow.checks.check import judge
from smmflow.checks.cores import on_every_core
from smmflow.checks.memory import Memory, digest_of
from smmflow.checks.seal import key_of_this_account
from smmflow.checks.subject import Subject
from smmflow.checks.verdict import Verdict
from smmflow.diagnostics import Finding
from smmflow.model.post import Post

__all__ = ["judge_all"]

Composing = Callable[[Post], Iterable[Finding]]


def judge_all(
    subject: Subject, composing: Composing, memory: Path | None
) -> Mapping[str, Verdict]:
    """Return, by post, what it comes to by itself.

    Args:
        subject: The workspace; its verdicts are not looked at.
        composing: Tells what is wrong while composing a post.
        memory: A folder to remember verdicts in; None to remember nothing.
    """
    posts = tuple(subject.workspace.posts.values())
    key = key_of_this_account() if memory else None
    if memory is None or key is None:
        return _in_order(posts, _judge(posts, subject, composing))
    basis = basis_of(subject.workspace, subject.capabilities)
    remembered = Memory.read(memory, key, basis)
    digests = {post.id: digest_of(post, subject.workspace.media) for post in posts}
    known: dict[str, Verdict] = {}
    changed: list[Post] = []
    for post in posts:
        verdict = remembered.get(post, digests[post.id])
        if verdict is None:
            changed.append(post)
        else:
            known[post.id] = verdict
    for name, verdict in _judge(changed, subject, composing).items():
        known[name] = verdict
        remembered.put(name, digests[name], verdict)
    remembered.save()
    return _in_order(posts, known)


def _judge(
    posts: Sequence[Post], subject: Subject, composing: Composing
) -> dict[str, Verdict]:
    def verdict(post: Post) -> tuple[str, Verdict]:
        return post.id, judge(post, subject, composing(post))

    return dict(on_every_core(verdict, posts))


def _in_order(
    posts: Iterable[Post], verdicts: Mapping[str, Verdict]
) -> Mapping[str, Verdict]:
    return {post.id: verdicts[post.id] for post in posts}
