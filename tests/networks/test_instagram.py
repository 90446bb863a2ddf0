"""Instagram, against a server in memory that knows its description."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.publication import Receipt
from smmflow.networks.instagram import Instagram
from smmflow.networks.interface import Network
from smmflow.testing import channel_post, part
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, Write
from tests.vendors.instagram import InstagramVendor

CHANNEL = InstagramVendor.account.channel("instagram")
CREDENTIALS = InstagramVendor.account.credentials()


@pytest.fixture
def vendor() -> InstagramVendor:
    return InstagramVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: InstagramVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


class TestContract(NetworkContract):
    publishing_path = "/media_publish"

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def network(self) -> Network:
        return Instagram()

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: InstagramVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def write(self, vendor: InstagramVendor, tmp_path: Path) -> Write:
        """Every part but a comment shows a picture that Instagram takes."""
        picture = vendor.picture(tmp_path)

        def shown(given: Part | str) -> Part:
            content = part(given) if isinstance(given, str) else given
            if content.comment:
                return content
            alts = [each.alt for each in content.media] or [picture.alt]
            media = tuple(replace(picture, alt=each) for each in alts)
            return replace(content, media=media)

        def write(*parts: Part | str, post: str = "launch") -> ChannelPost:
            return channel_post(CHANNEL, *map(shown, parts), post=post)

        return write

    @pytest.fixture
    def say(self, vendor: InstagramVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: InstagramVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            alts = vendor.media.get(receipt.id, {}).get("alts", ())
            return Seen(live[receipt.id].text, live[receipt.id].parent, alts)

        return look
