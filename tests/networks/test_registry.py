"""Networks are found by name, and each declares itself fully."""

import pytest

from smmflow.errors import ConfigurationError
from smmflow.model.capabilities import MentionStyle, Support
from smmflow.model.metric import METRICS
from smmflow.networks.interface import Network
from smmflow.networks.registry import NAMES, all_networks, network


def test_every_network_is_found_by_its_own_name() -> None:
    assert [each.name for each in all_networks()] == list(NAMES)


def test_an_unknown_network_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as caught:
        network("friendster")
    assert ", ".join(NAMES) in caught.value.hint


@pytest.mark.parametrize("each", all_networks(), ids=lambda each: each.name)
def test_what_a_network_declares_holds_together(each: Network) -> None:
    can = each.capabilities
    assert each.title
    assert each.documentation.startswith("https://")
    assert set(can.metrics) <= set(METRICS)
    assert bool(can.metrics) == (can.measure is Support.YES)
    assert bool(each.secrets) != can.local
    assert each.limits_for({}) == can
    assert (can.max_media > 0) == bool(can.media)


@pytest.mark.parametrize(
    "both", [("likes", "reactions"), ("replies", "comments")], ids="-".join
)
def test_no_network_gives_the_same_thing_under_two_names_for_engagements_to_count(
    both: tuple[str, str],
) -> None:
    variants = [able for each in all_networks() for able in each.variants()]
    assert [it.name for it in variants if set(both) <= {*it.capabilities.metrics}] == []


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("bale", MentionStyle.HANDLE),
        ("bluesky", MentionStyle.DOMAIN),
        ("facebook", MentionStyle.NONE),
        ("discord", MentionStyle.NONE),
        ("mastodon", MentionStyle.ADDRESS),
        ("site", MentionStyle.NONE),
        ("slack", MentionStyle.NONE),
        ("telegram", MentionStyle.HANDLE),
        ("wordpress", MentionStyle.NONE),
        ("x", MentionStyle.HANDLE),
    ],
)
def test_a_network_says_how_accounts_are_written(
    name: str, style: MentionStyle
) -> None:
    assert network(name).capabilities.mentions is style
    assert network(name).limits_for({"max_characters": 5000}).mentions is style
