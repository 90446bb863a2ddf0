"""LinkedIn's promises, kept for the page of an organization and for a member."""

from collections.abc import Iterator

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Network
from smmflow.networks.linkedin import LinkedIn
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say
from tests.vendors.linkedin import MEMBER, LinkedInVendor


@pytest.fixture
def vendor() -> LinkedInVendor:
    return LinkedInVendor()


@pytest.fixture(autouse=True)
def no_faults(vendor: LinkedInVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


class TestOrganization(NetworkContract):
    publishing_path = "/rest/posts"

    @pytest.fixture
    def channel(self, vendor: LinkedInVendor) -> Channel:
        return vendor.account.channel()

    @pytest.fixture
    def network(self, channel: Channel) -> Network:
        return LinkedIn().on(channel)

    @pytest.fixture
    def credentials(self, vendor: LinkedInVendor) -> Credentials:
        return vendor.account.credentials()

    @pytest.fixture
    def transport(self, vendor: LinkedInVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def say(self, vendor: LinkedInVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: LinkedInVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            content = vendor.posts.get(receipt.id, {}).get("content", {})
            images = content.get("multiImage", {}).get("images", [])
            options = content.get("poll", {}).get("options", [])
            return Seen(
                live[receipt.id].text,
                live[receipt.id].parent,
                tuple(each["altText"] for each in images),
                tuple(each["text"] for each in options),
            )

        return look


class TestMember(TestOrganization):
    @pytest.fixture
    def vendor(self) -> LinkedInVendor:
        return LinkedInVendor(MEMBER)

    def test_nothing_can_be_read_back(self, network: Network) -> None:
        assert network.capabilities.find is Support.UNSUPPORTED
        assert network.capabilities.messages is Support.UNSUPPORTED
