"""The site as a network: everything by construction, and never a request."""

import pytest

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among, Network
from smmflow.networks.site import Site
from smmflow.testing import channel_post, key_of
from smmflow.testing.contract import Look, NetworkContract, Seen

CHANNEL = Channel("site", "site", settings={"url": "https://example.org/news/"})


class TestContract(NetworkContract):
    """The pages themselves are tested with `smmflow.site`; here, what they rest on."""

    publishing_path = "/"

    @pytest.fixture
    def network(self) -> Network:
        return Site()

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return Credentials({})

    @pytest.fixture
    def look(self, request: pytest.FixtureRequest) -> Look:
        """Nothing can be read back: a page follows the ledger, not the connection."""
        del request

        def look(receipt: Receipt) -> Seen | None:
            pytest.skip(f"{receipt.id} is built from the ledger")

        return look


def test_a_post_has_the_address_of_its_page() -> None:
    connection = Site().connect(CHANNEL, Credentials({}))
    post = channel_post(CHANNEL, "One", "Two", post="نسخه-۱")
    first = connection.publish(post, 0, after=None, key=key_of(post))
    second = connection.publish(post, 1, after=None, key=key_of(post, 1))
    assert first.url == "https://example.org/news/posts/نسخه-۱/"
    assert second.url == "https://example.org/news/posts/نسخه-۱/#part-2"
    assert first.url == Site().permalink(CHANNEL, post.post)


def test_the_same_key_gives_the_same_receipt() -> None:
    connection = Site().connect(CHANNEL, Credentials({}))
    post = channel_post(CHANNEL, "One")
    key = key_of(post)
    receipt = connection.publish(post, 0, after=None, key=key)
    assert receipt == connection.publish(post, 0, after=None, key=key)
    assert receipt == connection.find(post, 0, key=key, among=Among(key.due))


def test_a_channel_without_an_address_is_a_clear_error() -> None:
    with pytest.raises(ConfigurationError, match="address"):
        Site().connect(Channel("site", "site"), Credentials({}))
