"""Transports that fail as the world does, for requests that would go out otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

__all__ = ["Failing", "Recording", "dead", "lost_answer", "page", "too_many"]

Fault = Callable[[httpx.BaseTransport, httpx.Request], httpx.Response]


@dataclass(slots=True)
class Recording(httpx.BaseTransport):
    """Passes requests on and remembers them.

    Attributes:
        inner: Carries the requests.
        requests: In order, with their bodies read.
    """

    inner: httpx.BaseTransport
    requests: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Remember a request and pass it on."""
        request.read()
        self.requests.append(request)
        return self.inner.handle_request(request)

    def close(self) -> None:
        """Let go of the inner transport's sockets."""
        self.inner.close()


@dataclass(slots=True)
class Failing(httpx.BaseTransport):
    """Passes requests on, except writes to one path: those meet a fault.

    Attributes:
        inner: Carries the others.
        path: End of the path that fails; empty for every request.
        fault: What happens instead.
    """

    inner: httpx.BaseTransport
    path: str
    fault: Fault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail."""
        reading = request.method == "GET" and self.path
        if reading or not request.url.path.endswith(self.path):
            return self.inner.handle_request(request)
        return self.fault(self.inner, request)

    def close(self) -> None:
        """Let go of the inner transport's sockets."""
        self.inner.close()


def dead(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """Fail as where nobody listens."""
    del inner
    raise httpx.ConnectError("connection refused", request=request)


def lost_answer(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """Carry the request out, and lose the answer."""
    inner.handle_request(request).read()
    raise httpx.ReadTimeout("no answer", request=request)


def page(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """Answer with a page, as captive portals and maintenance do."""
    del inner, request
    return httpx.Response(200, html="<!doctype html><title>Welcome</title>")


def too_many(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """Refuse for now, and say for how long."""
    del inner, request
    return httpx.Response(429, headers={"Retry-After": "7"}, json={"error": "slow"})
