"""Metrics: every number's name, meaning and source; no report shows a bare one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["METRICS", "Metric"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number we keep or compute.

    Attributes:
        name: In files and reports.
        title: For people.
        definition: One sentence; a rate names its denominator.
        version: Raised when the definition changes; kept beside each number.
        source: Where the definition stands.
        derived: Computed from others; never stored.
    """

    name: str
    title: str
    definition: str
    version: int = 1
    source: str = ""
    derived: bool = False


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
            "Likes + reposts + replies + quotes, as far as the network gives them; "
            "clicks are not counted.",
            derived=True,
        ),
        Metric(
            "engagement_rate_by_followers",
            "Engagement rate by followers",
            "Engagements ÷ followers nearest to the time of publishing × 100.",
            source="https://brain.napoleoncat.com/",
            derived=True,
        ),
    )
}
