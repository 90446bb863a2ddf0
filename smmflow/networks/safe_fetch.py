"""Fetching pages that authors link to, without being led into a private network.

The name is looked up once, every address it has is checked, and the request goes to
the address that was checked: what the name says a moment later does not matter. So for
every redirect. https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from smmflow.errors import NetworkError, Rejected, Unreachable
from smmflow.networks.http import USER_AGENT

__all__ = ["Fetched", "SafeFetch", "is_public"]

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, or a picture: the URL it came from at last, its type and its bytes."""

    url: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SafeFetch:
    """Fetches what strangers' URLs point at.

    Args:
        allow: Hosts to trust although they are private, as a test's own server is.
    """

    allow: frozenset[str] = frozenset()

    def get(self, url: str, *, largest: int) -> Fetched:
        """Return what stands at a URL.

        Args:
            url: `http` or `https`.
            largest: In bytes; a larger answer is an error.

        Raises:
            Rejected: The URL, or one it redirects to, is not for the public, or the
                answer is too large or no success.
            Unreachable: Nobody answers.
        """
        with httpx.Client(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False
        ) as client:
            for _ in range(_REDIRECTS + 1):
                step = self._step(client, url, largest)
                if isinstance(step, Fetched):
                    return step
                url = step
        raise Rejected(f"{url} redirects more than {_REDIRECTS} times")

    def _step(self, client: httpx.Client, url: str, largest: int) -> Fetched | str:
        asked = _parsed(url)
        address = self._checked_address(asked)
        request = client.build_request(
            "GET",
            asked.copy_with(host=address),
            headers={
                "Host": asked.netloc.decode("ascii"),
                "User-Agent": USER_AGENT,
                "Accept": "text/html,image/*;q=0.9,*/*;q=0.5",
            },
            # The certificate has to be the name's, not the address's.
            extensions={"sni_hostname": asked.host},
        )
        try:
            response = client.send(request, stream=True)
            try:
                return _outcome(asked, response, largest)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unreachable(
                f"{asked.host} does not answer ({type(error).__name__})"
            ) from None

    def _checked_address(self, url: httpx.URL) -> str:
        port = url.port or _PORTS[url.scheme]
        try:
            found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(f"no address is known for {url.host}") from None
        addresses = [str(each[4][0]) for each in found]
        if url.host not in self.allow:
            for each in addresses:
                if not is_public(each):
                    raise Rejected(f"{url.host} is not on the public internet")
        return addresses[0]


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the public internet, all the way through."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # Addresses of the old protocol hide in the new one.
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None or address in _NAT64:
            return False
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise Rejected("a link is no valid URL") from None
    if url.scheme not in _PORTS or not url.host:
        raise Rejected(f"only http and https are fetched, not {url.scheme or text!r}")
    if url.userinfo:
        raise Rejected(f"the link to {url.host} holds a password")
    return url


def _outcome(asked: httpx.URL, response: httpx.Response, largest: int) -> Fetched | str:
    if response.is_redirect:
        try:
            return str(asked.join(response.headers.get("location", "")))
        except httpx.InvalidURL:
            raise Rejected(f"{asked.host} redirects to no valid URL") from None
    if not response.is_success:
        raise _failure(asked, response)
    read = bytearray()
    for some in response.iter_bytes():
        read += some
        if len(read) > largest:
            raise Rejected(f"{asked.host} answered with more than {largest} bytes")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(str(asked), kind, bytes(read))


def _failure(asked: httpx.URL, response: httpx.Response) -> NetworkError:
    message = f"{asked.host} answered {response.status_code}"
    return Unreachable(message) if response.is_server_error else Rejected(message)
