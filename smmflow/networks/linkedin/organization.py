"""The LinkedIn page of an organization: writing, and reading what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from smmflow.errors import OutcomeUnknown, Unreachable, UsageError
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.cursors import Cursor
from smmflow.networks.interface import Among, Identity
from smmflow.networks.linkedin.api import fields_of, objects
from smmflow.networks.linkedin.comments import message_of, name_of, text_of
from smmflow.networks.linkedin.connection import LinkedInConnection
from smmflow.networks.linkedin.little_text import is_same
from smmflow.networks.linkedin.share import matches, moment_of, receipt_of, said
from smmflow.networks.linkedin.statistics import (
    organization_counters,
    organization_followers,
)
from smmflow.networks.linkedin.urn import (
    encoded,
    is_comment,
    is_post,
    listed,
    number_in,
    page,
    post_of,
)

__all__ = ["OrganizationConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_PAGE = 50
_PAGES = 20
_BATCH = 20
_MOST_KNOWN = 100

Json = dict[str, object]


class OrganizationConnection(LinkedInConnection):
    """Writes as an organization, and sees its posts, numbers and comments."""

    def _account(self) -> Identity:
        """Return the organization, as one of its administrators sees it.

        https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-lookup-api
        """
        number = self._author.rpartition(":")[2]
        fields = self._api.ask("GET", f"/rest/organizations/{number}").fields()
        name = fields.get("localizedName")
        if not name:
            raise Unreachable(f"LinkedIn does not say what {self._author} is called")
        vanity = str(fields.get("vanityName") or number)
        return Identity(
            self._author, str(name), f"https://www.linkedin.com/company/{vanity}/"
        )

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the page's own posts for one that says the same.

        Raises:
            OutcomeUnknown: Not all that was posted since could be read, or the post of
                a comment is not seen.
        """
        del key
        since = among.since - _CLOCKS_DIFFER
        if part > 0:  # the ledger does not keep that it was a comment
            return self._find_comment(post, part, among)
        found = [
            each
            for each in self._own(since)
            if each.get("id") not in among.others and matches(each, post.parts[part])
        ]
        return min(map(receipt_of, found), key=lambda each: each.at, default=None)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post of the page by its address."""
        name = post_of(url)
        if name is None:
            raise UsageError(
                f"{url} is no address that names a post on LinkedIn",
                hint="choose Embed this post from the menu of the post, and copy the "
                "address in it, as in "
                "https://www.linkedin.com/embed/feed/update/urn:li:share:1234",
            )
        seen = self._api.seen(f"/rest/posts/{encoded(name)}")
        if seen is None:
            raise UsageError(f"{url} is gone, or never was")
        if seen.get("author") != self._author:
            raise UsageError(
                f"{url} is a post of {seen.get('author')}, and this channel is "
                f"{self._author}"
            )
        return receipt_of(seen)

    def words(self, receipt: Receipt) -> str | None:
        """Return what a live post or comment says."""
        if is_comment(receipt.id):
            comment = self._comments.seen(receipt.id)
            return None if comment is None else text_of(comment)
        seen = self._api.seen(f"/rest/posts/{encoded(receipt.id)}")
        return None if seen is None else said(seen)

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of the posts that are still there.

        That they are is asked first: numbers outlive what they count.
        """
        live = self._there([each.id for each in receipts if is_post(each.id)])
        asked = [
            each.id for each in receipts if not is_post(each.id) or each.id in live
        ]
        numbers = organization_counters(self._api, self._author, asked)
        return {each.id: numbers.get(each.id) for each in receipts}

    def followers(self) -> int | None:
        """Read how many follow the page."""
        return organization_followers(self._api, self._author)

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read the comments right below posts, all that came since the cursor.

        Comments on comments are not read, and mentions neither.
        """
        return Cursor.parse(after).past(
            message_of(each, receipt.id)
            for receipt in receipts
            if is_post(receipt.id)
            for each in self._comments.below(receipt.id)
            if each.get("actor") != self._author
        )

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a comment with one below it; nothing prevents a second answer."""
        del key
        return self._comments.add(message.on, text.text, parent=message.id)

    def _own(self, since: datetime) -> Iterator[Json]:
        """Yield the page's posts since a moment.

        https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#find-posts-by-authors
        """
        known: set[str] = set()
        for _ in range(_PAGES):
            answer = self._api.ask(
                "GET",
                f"/rest/posts?author={encoded(self._author)}&q=author"
                f"&count={_PAGE}&start={len(known)}&sortBy=CREATED",
                action="FINDER",
            )
            found = objects(answer.fields().get("elements"))
            fresh = [each for each in found if str(each.get("id")) not in known]
            if not fresh:
                return
            recent = [each for each in fresh if _created(each) >= since]
            yield from recent
            if not recent:
                return
            known.update(str(each.get("id")) for each in fresh)
        raise OutcomeUnknown(
            f"the page has more than {_PAGES * _PAGE} posts since then"
        )

    def _find_comment(
        self, post: ChannelPost, part: int, among: Among
    ) -> Receipt | None:
        words = post.parts[part].text.text
        since = among.since - _CLOCKS_DIFFER
        above = self._above(post.parts[0], among, since)
        if not above:
            raise OutcomeUnknown("the post of this comment is not seen on LinkedIn")
        found = [
            Receipt(name, page(name), at)
            for urn in above
            for each in self._comments.own_below(urn)
            if is_same(text_of(each), words)
            and (name := name_of(each, urn)) not in among.others
            and (at := moment_of(fields_of(each.get("created")).get("time"))) >= since
        ]
        return min(found, key=lambda each: each.at, default=None)

    def _above(self, first: Part, among: Among, since: datetime) -> list[str]:
        """Return the names of posts that a comment may stand below.

        That is one of those since, or one that the ledger knows, the latest first.
        """
        recent = [e for e in self._own(since) if matches(e, first)]
        if recent:
            return [str(each.get("id")) for each in recent]
        known = sorted(filter(is_post, among.others), key=number_in, reverse=True)
        for at in range(0, min(len(known), _MOST_KNOWN), _BATCH):
            there = self._there(known[at : at + _BATCH])
            found = [e for e, seen in there.items() if matches(fields_of(seen), first)]
            if found:
                return found
        return []

    def _there(self, posts: list[str]) -> Json:
        """Return the posts that are there, by name.

        https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#batch-get-posts
        """
        if not posts:
            return {}
        answer = self._api.ask(
            "GET", f"/rest/posts?ids={listed(posts)}", action="BATCH_GET"
        )
        return fields_of(answer.fields().get("results"))


def _created(element: Mapping[str, object]) -> datetime:
    return moment_of(element.get("publishedAt") or element.get("createdAt"))
