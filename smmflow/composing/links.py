"""Campaign tags on links: `utm_source` and the like."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from smmflow.model.campaign import Campaign

__all__ = ["LinkTags", "link_tags"]


@dataclass(frozen=True, slots=True)
class LinkTags:
    """What links of one post on one network carry.

    Attributes:
        parameters: Names and values, lower case, in the order they are added.
        hosts: Only links to these hosts and their subdomains; empty means all.
    """

    parameters: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...] = ()

    def tag(self, url: str) -> str:
        """Return the URL with the parameters; a URL tagged by its author stays.

        Everything else of the URL stays as it is, letter by letter.
        """
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return url
        if parts.scheme not in {"http", "https"} or not self._wants(host):
            return url
        names = {pair.partition("=")[0] for pair in parts.query.lower().split("&")}
        if any(name.startswith("utm_") for name in names):
            return url
        added = "&".join(f"{name}={quote(text)}" for name, text in self.parameters)
        before, hash_sign, fragment = url.partition("#")
        if not before.endswith(("?", "&")):
            before += "&" if "?" in before else "?"
        return before + added + hash_sign + fragment

    def _wants(self, host: str) -> bool:
        return not self.hosts or any(
            host == each or host.endswith("." + each) for each in self.hosts
        )


def link_tags(campaign: Campaign, network: str, post: str) -> LinkTags | None:
    """Return what links of a post carry; None if the campaign does not tag links.

    The names are those of https://support.google.com/analytics/answer/10917952. The
    campaign's own `utm` wins over the rule's; `term` there means `utm_term`.
    """
    if not campaign.tag_links:
        return None
    parameters = {
        "utm_source": network,
        "utm_medium": "social",
        "utm_campaign": campaign.id,
        "utm_content": post,
    }
    for name, text in campaign.utm.items():
        lower = name.lower()
        parameters[lower if lower.startswith("utm_") else f"utm_{lower}"] = str(text)
    return LinkTags(
        tuple((name, text.lower()) for name, text in parameters.items()),
        tuple(each.lower() for each in campaign.link_hosts),
    )
