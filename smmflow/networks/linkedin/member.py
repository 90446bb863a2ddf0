"""A member's own LinkedIn account: what it can do besides writing is little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smmflow.errors import SignInFailed, Unreachable, Unsupported
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among, Identity
from smmflow.networks.linkedin.connection import LinkedInConnection
from smmflow.networks.linkedin.statistics import member_counters, member_followers

__all__ = ["MemberConnection"]


class MemberConnection(LinkedInConnection):
    """Writes as a member; posts and comments can't be read back."""

    def _account(self) -> Identity:
        """Return the member that the token belongs to.

        https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2

        Raises:
            SignInFailed: It belongs to another member than the channel says.
            NetworkError: Of the kind that fits.
        """
        fields = self._api.ask("GET", "/v2/userinfo").fields()
        number = fields.get("sub")
        if not isinstance(number, str) or not number:
            raise Unreachable("LinkedIn does not say whose account the token opens")
        urn = f"urn:li:person:{number}"
        if urn != self._author:
            raise SignInFailed(
                f"the token is that of {urn}, and the channel posts as {self._author}",
                hint=f"set author: {urn} in channels.yaml, or take the other's token",
            )
        return Identity(urn, str(fields.get("name") or urn))

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Refuse: reading a member's posts is for chosen partners of LinkedIn."""
        del post, part, key, among
        raise Unsupported("LinkedIn lets nobody read a member's posts back")

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of the member's own posts."""
        return {each.id: member_counters(self._api, each.id) for each in receipts}

    def followers(self) -> int | None:
        """Read how many follow the member."""
        return member_followers(self._api)
