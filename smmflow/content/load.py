"""A whole workspace from its files: everything they say, and every fault of form."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from smmflow.content.cache import Cache
from smmflow.content.files import Parsed, read_file
from smmflow.content.formats.channels import (
    ChannelsForm,
    read_channel,
    read_overrides,
    with_public_places,
)
from smmflow.content.formats.documents import DocumentForm
from smmflow.content.formats.faults import findings_of
from smmflow.content.formats.fields import Reading
from smmflow.content.formats.kinds import KINDS
from smmflow.content.formats.post import PostDefaults, PostForm, check_id, to_post
from smmflow.content.formats.settings import CalendarForm, StrategyForm, TeamForm
from smmflow.content.media import look_at, remember
from smmflow.content.tree import ROOT_FILE, TextFile, collisions, walk
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.calendar import Calendar
from smmflow.model.channel import Channel
from smmflow.model.post import Post
from smmflow.model.strategy import Strategy
from smmflow.model.team import Team
from smmflow.model.workspace import Workspace

__all__ = ["load"]

_Form = TypeVar("_Form", bound=BaseModel)
_POSTS = "content/posts"
_DOCUMENTS = {
    "campaigns": ("campaign", "content/campaigns", False),
    "templates": ("template", "content/templates", False),
    "playbooks": ("playbook", "content/playbooks", False),
    "replies": ("reply", "content/replies", True),
    "ideas": ("idea", "content/ideas", False),
    "contests": ("contest", "content/contests", False),
    "surveys": ("survey", "content/surveys", False),
}
"""Fields of `Workspace`: the kind of file, the folder, whether it has folders in it."""


def load(root: Path, *, cache: Path | None = None) -> Workspace:
    """Return what the files of a workspace say, and all that is wrong with their form.

    Args:
        root: The folder that holds channels.yaml.
        cache: A folder to remember parsed files in; it may be deleted at any time.
    """
    loading = _Loading(root, Cache.read(cache))
    brand, channels, declared = loading.channels()
    calendar, reading = loading.calendar()
    strategy, team = loading.strategy(reading), loading.team(reading)
    documents = {
        name: loading.documents(kind, folder, reading, deep=deep)
        for name, (kind, folder, deep) in _DOCUMENTS.items()
    }
    defaults = PostDefaults(brand.language, channels, reading)
    posts = loading.posts(defaults, declared)
    media = look_at(root, _named_media(posts), loading.cache.media())
    remember(root, media, loading.cache.put_media)
    loading.found(collisions(loading.paths))
    loading.cache.save()
    return Workspace(
        root=root,
        title=brand.title,
        description=brand.description,
        language=brand.language,
        state=brand.state_settings(),
        calendar=calendar,
        strategy=strategy,
        team=team,
        channels=channels,
        declared=declared,
        posts=posts,
        media=media,
        findings=tuple(loading.findings),
        unreadable=frozenset(loading.unreadable),
        **documents,
    )


def _named_media(posts: Mapping[str, Post]) -> set[str]:
    named = {each.file for post in posts.values() for each in post.media}
    return named | {
        post.card.image for post in posts.values() if post.card and post.card.image
    }


@dataclass(slots=True)
class _Loading:
    """One pass over the files, and the faults it has met so far."""

    root: Path
    cache: Cache
    findings: list[Finding] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    paths: list[str] = field(default_factory=list)

    def found(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        """Collect findings; a file with an error in its form is not to be relied on."""
        for finding in findings:
            self.findings.append(finding)
            if finding.severity is Severity.ERROR:
                self.unreadable.add(finding.place.path)

    def channels(self) -> tuple[ChannelsForm, Mapping[str, Channel], frozenset[str]]:
        """Return the brand, its sound channels, and the names of all it declares."""
        parsed = read_file(self.root, ROOT_FILE)
        self.paths.append(ROOT_FILE)
        form = self._form(ROOT_FILE, parsed, ChannelsForm, None) or ChannelsForm()
        sound: dict[str, Channel] = {}
        for name, values in form.channels.items():
            channel, findings = read_channel(ROOT_FILE, name, values)
            self.found(findings)
            if channel is not None:
                sound[name] = channel
        sound = with_public_places(sound)
        return form, sound, frozenset(form.channels)

    def calendar(self) -> tuple[Calendar, Reading]:
        """Return the calendar, and how dates are written."""
        parsed = self._settings("calendar.yaml")
        reading = CalendarForm.reading(parsed.values)
        form = self._form("calendar.yaml", parsed, CalendarForm, reading)
        return (form.build() if form else Calendar()), reading

    def team(self, reading: Reading) -> Team:
        """Return the team."""
        form = self._form("team.yaml", self._settings("team.yaml"), TeamForm, reading)
        return form.build() if form else Team()

    def strategy(self, reading: Reading) -> Strategy:
        """Return the strategy."""
        parsed = self._settings("strategy.md")
        form = self._form("strategy.md", parsed, StrategyForm, reading)
        return form.build(parsed.body) if form else Strategy()

    def _settings(self, path: str) -> Parsed:
        """Return what a file says that a workspace may do without."""
        if not (self.root / path).exists() and not (self.root / path).is_symlink():
            return Parsed({})
        self.paths.append(path)
        return read_file(self.root, path)

    def _form(
        self, path: str, parsed: Parsed, model: type[_Form], context: Reading | None
    ) -> _Form | None:
        if parsed.values is None:
            self.found(parsed.findings)
            return None
        form, findings = _validate(model, parsed.values, path, context)
        faulty = {finding.place.keys for finding in findings}
        self.found(
            [each for each in parsed.findings if each.place.keys not in faulty - {()}]
        )
        self.found(findings)
        return form

    def _files(self, folder: str, *, deep: bool) -> list[TextFile]:
        tree = walk(self.root, folder, deep=deep)
        self.found(tree.findings)
        self.paths.extend(file.path for file in tree.files)
        return tree.files

    def documents(
        self,
        kind: str,
        folder: str,
        reading: Reading,
        *,
        deep: bool,
    ) -> dict[str, Any]:
        """Return all documents of one kind, by id."""
        model = KINDS[kind].form
        by_id: dict[str, Any] = {}
        for file in self._files(folder, deep=deep):
            parsed = read_file(self.root, file.path, optional=kind == "template")
            form = self._form(file.path, parsed, model, reading)
            if form is None:
                continue
            assert isinstance(form, DocumentForm)  # noqa: S101  (KINDS says so; for mypy)
            name = unicodedata.normalize("NFC", _stem(file.path))
            value = form.build((name, file.path), parsed.body, parsed.body_line)
            if name in by_id:
                self.found([_duplicate(file.path, name, by_id[name].path)])
            else:
                by_id[name] = value
        return dict(sorted(by_id.items()))

    def posts(
        self, defaults: PostDefaults, declared: frozenset[str]
    ) -> dict[str, Post]:
        """Return all posts by id, in the order of their ids."""
        by_id: dict[str, Post] = {}
        root = str(self.root)
        for file in self._files(_POSTS, deep=True):
            parsed = self.cache.get(file.path, file.stamp)
            if parsed is None:
                parsed = read_file(root, file.path, size=file.stamp[0])
                self.cache.put(file.path, file.stamp, parsed)
            form = self._form(file.path, parsed, PostForm, defaults.reading)
            if form is None:
                continue
            post = self._post(file.path, form, parsed, defaults, declared)
            if post is None:
                continue
            if post.id in by_id:
                self.found([_duplicate(post.path, post.id, by_id[post.id].path)])
                self.unreadable.add(by_id[post.id].path)
            else:
                by_id[post.id] = post
        return dict(sorted(by_id.items()))

    def _post(
        self,
        path: str,
        form: PostForm,
        parsed: Parsed,
        defaults: PostDefaults,
        declared: frozenset[str],
    ) -> Post | None:
        name = form.id
        if name is None:
            try:
                name = check_id(_stem(path))
            except PydanticCustomError as error:
                hint = "rename the file, or give it an `id`"
                place = Place(path)
                message = error.message()
                self.found([Finding("bad-value", Severity.ERROR, message, place, hint)])
                return None
        overrides: Mapping[str, Mapping[str, object]] = {}
        if form.on:
            given = {
                channel: values
                for channel, values in form.on.items()
                if channel in defaults.channels or channel not in declared
            }
            overrides, findings = read_overrides(path, given, defaults.channels)
            self.found(findings)
        text = (parsed.body, parsed.body_line)
        return to_post(form, (name, path), text, defaults, overrides)


def _validate(
    model: type[_Form],
    values: dict[str, object],
    path: str,
    context: Reading | None,
) -> tuple[_Form | None, tuple[Finding, ...]]:
    """Return what keys and values mean, and what is wrong with them.

    A key without a value counts as not given. Keys that nobody knows are findings, but
    the rest of the file is read all the same, so that its other faults show too.
    """
    if None in values.values():
        values = {key: value for key, value in values.items() if value is not None}
    try:
        return model.model_validate(values, context=context), ()
    except ValidationError as error:
        findings = findings_of(error, path, values, model)
    unknown = {
        finding.place.keys[0]
        for finding in findings
        if finding.rule == "unknown-key" and len(finding.place.keys) == 1
    }
    if len(unknown) < len(findings):
        return None, findings
    known = {key: value for key, value in values.items() if key not in unknown}
    try:
        return model.model_validate(known, context=context), findings
    except ValidationError as error:
        return None, findings + findings_of(error, path, known, model)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _duplicate(path: str, name: str, first: str) -> Finding:
    return Finding(
        "duplicate-id",
        Severity.ERROR,
        f"`{name}` is the id of {first} already",
        Place(path, ("id",)),
        "give one of them another `id`, or another file name",
    )
