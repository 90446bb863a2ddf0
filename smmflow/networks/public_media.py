"""Files that a network fetches by itself: their addresses, and whether they are there.

Instagram and Threads take no uploads. What they fetch has to be what was planned, so it
is looked at before anything is sent.
"""

from __future__ import annotations

from http import HTTPStatus

import httpx

from smmflow.errors import ConfigurationError, Unreachable
from smmflow.model.address import media_name
from smmflow.model.media import MediaFacts
from smmflow.networks.http import Http

__all__ = ["PublicMedia"]


class PublicMedia:
    """A place that everybody can read.

    Args:
        base: Its address; files lie below it under the names the site gives them.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self, base: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._base = base.rstrip("/")
        self._http = Http(self._base, "the host of files", transport=transport)

    def address(self, facts: MediaFacts) -> str:
        """Return where a file is, once it is known to be there.

        Raises:
            ConfigurationError: No place is configured, or another file is there.
            Unreachable: It is not there, or not yet.
        """
        if not self._base:
            raise ConfigurationError(
                "files have to be at a public address, and no place for them is known",
                hint="add a channel on the network `site`, or set `media_url`",
            )
        url = f"{self._base}/{media_name(facts.path, facts.sha256)}"
        answer = self._http.exchange("HEAD", url, repeatable=True)
        if answer.status != HTTPStatus.OK:
            raise Unreachable(
                f"{facts.path} is not at {url} ({answer.status})",
                hint="build the site with `smmflow site` and publish it before the "
                "post is due; the next run tries again",
            )
        size = answer.headers.get("content-length", "")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if size.isdecimal() and int(size) != facts.size:
            raise ConfigurationError(
                f"at {url} are {size} bytes, and {facts.path} has {facts.size}",
                hint="build the site anew, so that it has the file as it is now",
            )
        if kind and kind.partition("/")[0] != facts.media_type.partition("/")[0]:
            raise ConfigurationError(
                f"{url} is {kind}, and {facts.path} is {facts.media_type}",
                hint="does the host show a page instead of the file?",
            )
        return url

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()
