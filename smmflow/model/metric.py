"""Metrics: every number's name, meaning and source; no report shows a bare one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BESIDES", "COUNTED", "ENGAGEMENTS", "EXPOSURES", "METRICS", "Metric"]

ENGAGEMENTS = (
    "likes",
    "reactions",
    "reposts",
    "replies",
    "comments",
    "quotes",
    "shares",
    "saves",
)
"""Counters that engagements are the sum of."""
EXPOSURES = ("views", "impressions", "reach")
"""Counters of who saw something, which each network counts in its own way."""
BESIDES = (*EXPOSURES, "clicks", "follows")
"""Counters of a part that are no engagements."""
COUNTED = (*ENGAGEMENTS, *BESIDES)
"""Every counter of a part."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number we keep or compute.

    Attributes:
        name: In files and reports.
        title: For people.
        definition: One sentence; a rate names its denominator.
        version: Raised when the definition changes; kept beside each number.
        changed: What the last change of the definition means for numbers of before;
            empty for a first version.
        source: Where the definition stands.
        derived: Computed from others; never stored.
    """

    name: str
    title: str
    definition: str
    version: int = 1
    source: str = ""
    derived: bool = False
    changed: str = ""


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "likes",
            "Likes",
            "Accounts that liked or favourited a part, summed over its parts.",
            source="https://docs.joinmastodon.org/entities/Status/#favourites_count",
        ),
        Metric(
            "reactions",
            "Reactions",
            "Reactions of whatever kind to a part, where a network does not tell "
            "liking from the rest; one account may give several; never added to likes.",
            source="https://docs.discord.com/developers/resources/message#reaction-object",
        ),
        Metric(
            "reposts",
            "Reposts",
            "Accounts that passed a part on unchanged (repost, boost), summed over its "
            "parts.",
            source="https://docs.joinmastodon.org/entities/Status/#reblogs_count",
        ),
        Metric(
            "replies",
            "Replies",
            "Direct replies to a part, our own next part of the thread left out.",
            source="https://docs.joinmastodon.org/entities/Status/#replies_count",
        ),
        Metric(
            "quotes",
            "Quotes",
            "Posts that quote a part.",
            source="https://docs.joinmastodon.org/entities/Status/#quotes_count",
        ),
        Metric(
            "comments",
            "Comments",
            "Comments below a part, our own first comment left out; networks where an "
            "answer is a post of its own have replies instead.",
            source="https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights",
        ),
        Metric(
            "shares",
            "Shares",
            "Times a part was sent on where nobody else sees it, or passed on in a way "
            "the network does not tell apart.",
            source="https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights",
        ),
        Metric(
            "saves",
            "Saves",
            "Accounts that kept a part for later (save, bookmark).",
            source="https://docs.x.com/x-api/fundamentals/metrics",
        ),
        Metric(
            "views",
            "Views",
            "Times a part was shown or played as the network itself counts views; "
            "never added to impressions or reach.",
            source="https://developers.facebook.com/docs/threads/insights",
        ),
        Metric(
            "impressions",
            "Impressions",
            "Times a part was on a screen as the network itself counts impressions; "
            "never added to views or reach.",
            source="https://docs.x.com/x-api/fundamentals/metrics",
        ),
        Metric(
            "reach",
            "Reach",
            "Different accounts that saw a part; never added up over parts, posts or "
            "channels: who saw two is one.",
            source="https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights",
        ),
        Metric(
            "clicks",
            "Clicks",
            "Clicks on a part or its link as the network itself counts them.",
            source="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics",
        ),
        Metric(
            "follows",
            "Follows",
            "Accounts that began to follow from a part.",
            source="https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights",
        ),
        Metric(
            "followers",
            "Followers",
            "Accounts that follow the channel at the time of the reading.",
            source="https://docs.joinmastodon.org/entities/Account/#followers_count",
        ),
        Metric(
            "posts",
            "Posts published",
            "Occurrences that went live on a channel within the period.",
            derived=True,
        ),
        Metric(
            "engagements",
            "Engagements",
            "Likes + reactions + reposts + replies + comments + quotes + shares + "
            "saves, as far as the network gives them; views, clicks and follows are "
            "not counted.",
            version=2,
            derived=True,
            changed="Version 1 left reactions, comments, shares and saves out: a "
            "report made then may show less than one made now of the same readings.",
        ),
        Metric(
            "engagement_rate_by_followers",
            "Engagement rate by followers",
            "Engagements ÷ followers nearest to the time of publishing × 100.",
            version=2,
            source="https://brain.napoleoncat.com/",
            derived=True,
            changed="Version 1 was of engagements as their version 1 counted them.",
        ),
    )
}
