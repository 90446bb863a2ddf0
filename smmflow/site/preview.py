"""The preview: every post as its networks will show it, before anything goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from smmflow.diagnostics import Finding, Severity
from smmflow.language.controls import visible
from smmflow.site.pages import Voice
from smmflow.site.press import Page, asset, render
from smmflow.site.sheets import Proposal, Sheet, sheets
from smmflow.site.shelf import ReadMedia, Shelf
from smmflow.site.weeks import weeks
from smmflow.site.wording import Wording
from smmflow.site.words import web_address

__all__ = ["LIVE_SCRIPT", "Proposal", "preview"]

LIVE_SCRIPT = "live.js"
"""What pages ask for when they are served while their files are edited."""
_ASSETS = ("style.css", "preview.css", "icon.svg")
_NEXT = 8
_LARGEST_TOGETHER = 256 * 1024 * 1024
"""Bytes of all files that a preview copies: an artifact, not an archive."""


@dataclass(frozen=True, slots=True)
class Folio:
    """What all pages of a preview share.

    Attributes:
        assets: Paths, by the name of the asset.
        sections: The menu: name, path and English label.
        live: The script that loads a page anew when files change; empty in a folder,
            where no page runs any.
        compares: Changes since some commit are marked.
    """

    title: str
    assets: Mapping[str, str]
    sections: tuple[tuple[str, str, str], ...]
    live: str
    compares: bool


@dataclass(slots=True)
class _Frugal:
    """Reads files until there are enough."""

    read: ReadMedia
    left: int

    def __call__(self, path: str) -> bytes | None:
        content = self.read(path)
        if content is None or len(content) > self.left:
            return None
        self.left -= len(content)
        return content


def preview(
    proposal: Proposal, *, read_media: ReadMedia, only: str = "", live: str = ""
) -> Mapping[str, bytes]:
    """Return every file of the preview by its path; the same input, the same bytes.

    What authors wrote is escaped, whoever they are. No page runs a script, unless
    `live` asks for one, and none loads anything that is not in the folder.

    Args:
        proposal: The workspace, worked out.
        read_media: Gives a file of the workspace by its path; None if it is gone or too
            large to be shown. One that has changed since it was checked is described.
        only: The id of the one post to show; empty for all.
        live: What follows the name of the live script in pages that are served.
    """
    workspace = proposal.workspace
    shelf = Shelf(_Frugal(read_media, _LARGEST_TOGETHER), workspace.media)
    posts = [each for each in workspace.posts.values() if only in {"", each.id}]
    made = sheets(proposal, shelf, posts)
    printed = dict(map(asset, _ASSETS))
    folio = Folio(
        workspace.title or "smmflow",
        dict(zip(_ASSETS, printed, strict=True)),
        (
            ("home", "index.html", "Preview"),
            ("findings", "findings/index.html", "Findings"),
        ),
        f"{LIVE_SCRIPT}?{live}" if live else "",
        proposal.review is not None,
    )
    files = {**printed, **dict(_pages(proposal, folio, made))}
    if live:
        path, script = asset(LIVE_SCRIPT)
        del path
        files[LIVE_SCRIPT] = script
    return dict(sorted((files | shelf.files).items()))


def _pages(
    proposal: Proposal, folio: Folio, made: tuple[Sheet, ...]
) -> Iterator[tuple[str, bytes]]:
    voice = Voice(proposal.workspace)
    yield _index(proposal, folio, made, voice.home)
    yield _findings(proposal, folio, made, voice.home)
    for at, sheet in enumerate(made):
        page = Page(sheet.path, sheet.title, "", voice.home, section="post")
        yield (
            sheet.path,
            render(
                "preview_post.html",
                folio=folio,
                page=page,
                sheet=sheet,
                now=proposal.plan.at,
                earlier=made[at - 1] if at else None,
                later=made[at + 1] if at + 1 < len(made) else None,
                web_address=web_address,
            ),
        )


def _index(
    proposal: Proposal, folio: Folio, made: tuple[Sheet, ...], words: Wording
) -> tuple[str, bytes]:
    now, calendar = proposal.plan.at, proposal.workspace.calendar
    by_post = {each.post: each for each in made}
    coming = [
        each
        for post, every in proposal.occurrences.items()
        if post in by_post
        for each in every
        if each.due is not None
    ]
    upcoming = [
        each for each in made if each.is_due or (each.next and each.next >= now)
    ][:_NEXT]
    page = Page("index.html", words.say("Preview"), "", words, section="home")
    content = render(
        "preview_index.html",
        folio=folio,
        page=page,
        now=now,
        sheets=made,
        by_post=by_post,
        changed=[each for each in made if each.is_changed],
        gone=_gone(proposal),
        upcoming=upcoming,
        further=made[len(upcoming) :],
        weeks=weeks(coming, calendar, now),
        today=now.astimezone(calendar.zone).date(),
        zone=calendar.zone.key,
        tally=_tally(proposal.findings),
    )
    return page.path, content


def _gone(proposal: Proposal) -> tuple[tuple[str, str, str], ...]:
    """Return title, channel and change of what a review tells of and no sheet shows."""
    posts = proposal.workspace.posts
    return tuple(
        (visible(each.title or each.post), visible(each.channel), each.change.value)
        for each in (proposal.review.entries if proposal.review else ())
        if each.post not in posts or each.channel not in posts[each.post].channels
    )


def _findings(
    proposal: Proposal, folio: Folio, made: tuple[Sheet, ...], words: Wording
) -> tuple[str, bytes]:
    page = Page(
        "findings/index.html", words.say("Findings"), "", words, section="findings"
    )
    by_file = [
        (visible(path), tuple(found))
        for path, found in groupby(proposal.findings, key=lambda each: each.place.path)
    ]
    content = render(
        "preview_findings.html",
        folio=folio,
        page=page,
        by_file=by_file,
        paths={each.file: each.path for each in made},
        tally=_tally(proposal.findings),
    )
    return page.path, content


def _tally(findings: tuple[Finding, ...]) -> Mapping[Severity, int]:
    every = [each.severity for each in findings]
    return {each: every.count(each) for each in Severity if each in every}
