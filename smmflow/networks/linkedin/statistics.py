"""What LinkedIn counts of posts and of who follows, by our names of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from smmflow.networks.linkedin.api import Api, fields_of, number_of, objects
from smmflow.networks.linkedin.urn import encoded, is_post, listed

__all__ = [
    "member_counters",
    "member_followers",
    "organization_counters",
    "organization_followers",
]

_ORGANIZATION = {
    "impressions": "impressionCount",
    "reach": "uniqueImpressionsCount",
    "clicks": "clickCount",
    "likes": "likeCount",
    "comments": "commentCount",
    "shares": "shareCount",
}
"""https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics"""
_MEMBER = {
    "impressions": "IMPRESSION",
    "reach": "MEMBERS_REACHED",
    "likes": "REACTION",
    "comments": "COMMENT",
    "shares": "RESHARE",
    "saves": "POST_SAVE",
}
"""https://learn.microsoft.com/en-us/linkedin/marketing/community-management/members/post-statistics"""

Counters = Mapping[str, int | None]


def organization_counters(
    api: Api, author: str, posts: Sequence[str]
) -> Mapping[str, Counters]:
    """Read counters of an organization's live posts, of the last twelve months.

    Args:
        api: Requests in its name.
        author: Its URN.
        posts: URNs; those without numbers, such as comments, get none.
    """
    numbers: dict[str, Counters] = {}
    for parameter, field in (("shares", "share"), ("ugcPosts", "ugcPost")):
        urns = [each for each in posts if each.startswith(f"urn:li:{field}:")]
        if not urns:
            continue
        answer = api.ask(
            "GET",
            "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
            f"&organizationalEntity={encoded(author)}&{parameter}={listed(urns)}",
        )
        for each in objects(answer.fields().get("elements")):
            total = fields_of(each.get("totalShareStatistics"))
            numbers[str(each.get(field))] = {
                name: number_of(total.get(key)) for name, key in _ORGANIZATION.items()
            }
    return {urn: numbers.get(urn, dict.fromkeys(_ORGANIZATION)) for urn in posts}


def organization_followers(api: Api, author: str) -> int | None:
    """Read how many members follow an organization.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-lookup-api#retrieve-organization-follower-count
    """
    answer = api.ask(
        "GET",
        f"/rest/networkSizes/{encoded(author)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER",
    )
    return number_of(answer.fields().get("firstDegreeSize"))


def member_counters(api: Api, post: str) -> Counters | None:
    """Read counters of a member's own post, one request for each; None if it is gone.

    Comments have none.
    """
    if not is_post(post):
        return dict.fromkeys(_MEMBER)
    kind = "ugc" if post.startswith("urn:li:ugcPost:") else "share"
    counters: dict[str, int | None] = {}
    for name, metric in _MEMBER.items():
        answer = api.exchange(
            "GET",
            "/rest/memberCreatorPostAnalytics?q=entity"
            f"&entity=({kind}:{encoded(post)})&queryType={metric}&aggregation=TOTAL",
            repeatable=True,
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        elements = objects(
            api.http.accepted(answer, repeatable=True).fields().get("elements")
        )
        counters[name] = number_of(elements[0].get("count")) if elements else None
    return counters


def member_followers(api: Api) -> int | None:
    """Read how many follow a member.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/members/follower-statistics
    """
    answer = api.ask("GET", "/rest/memberFollowersCount?q=me")
    elements = objects(answer.fields().get("elements"))
    return number_of(elements[0].get("memberFollowersCount")) if elements else None
