from __future__ import annotations

import pytest

from smmflow.composing.links import link_tags
from smmflow.model.campaign import Campaign

CAMPAIGN = Campaign("Launch", "c.md", "Launch", tag_links=True)
ADDED = "utm_source=herds&utm_medium=social&utm_campaign=launch&utm_content=hello"


@pytest.mark.parametrize(
    ("url", "tagged"),
    [
        ("https://example.org", f"https://example.org?{ADDED}"),
        ("https://example.org/?", f"https://example.org/?{ADDED}"),
        ("https://example.org/?b=2&a=1", f"https://example.org/?b=2&a=1&{ADDED}"),
        ("https://example.org/#top", f"https://example.org/?{ADDED}#top"),
        ("https://example.org/راه?q=۱", f"https://example.org/راه?q=۱&{ADDED}"),
        ("https://example.org/?UTM_Source=x", "https://example.org/?UTM_Source=x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_links_get_the_parameters_once_and_stay_as_they_are(
    url: str, tagged: str
) -> None:
    tags = link_tags(CAMPAIGN, "herds", "Hello")
    assert tags is not None
    assert tags.tag(url) == tagged
    assert tags.tag(tags.tag(url)) == tagged


def test_only_named_hosts_and_their_subdomains_are_tagged() -> None:
    campaign = Campaign("c", "c.md", "C", tag_links=True, link_hosts=("Example.org",))
    tags = link_tags(campaign, "herds", "p")
    assert tags is not None
    assert "utm_" in tags.tag("https://example.org/")
    assert "utm_" in tags.tag("https://docs.example.org/")
    assert "utm_" not in tags.tag("https://notexample.org/")


def test_the_campaigns_own_parameters_win() -> None:
    campaign = Campaign(
        "c", "c.md", "C", tag_links=True, utm={"term": "A B", "utm_medium": "X"}
    )
    tags = link_tags(campaign, "herds", "p")
    assert tags is not None
    assert tags.tag("https://a.b/").endswith(
        "?utm_source=herds&utm_medium=x&utm_campaign=c&utm_content=p&utm_term=a%20b"
    )


def test_a_campaign_that_tags_no_links_has_no_tags() -> None:
    assert link_tags(Campaign("c", "c.md", "C"), "herds", "p") is None
