"""All relays of a channel: what each of them is told, and what any of them knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

import httpx

from smmflow.errors import NetworkError, OutcomeUnknown, Unreachable
from smmflow.networks.http import Http
from smmflow.networks.nostr.event import Event
from smmflow.networks.nostr.keys import Signer
from smmflow.networks.nostr.relay import Filter, Relay

__all__ = ["Relays"]

_BOUNDS = {"text": "max_content_length", "message": "max_message_length"}
"""What relays say they take, in characters and in bytes, by our names."""
_Answer = TypeVar("_Answer")


class Relays:
    """One relay that keeps an event makes it live.

    Args:
        urls: As in `wss://relay.example.org`.
        signer: Gives who we are, for relays that ask; called when one is opened.
        transport: What carries requests over HTTP; None for the real network.
    """

    def __init__(
        self,
        urls: Iterable[str],
        signer: Callable[[], Signer],
        *,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._urls = tuple(urls)
        self._signer = signer
        self._transport = transport
        self._open: tuple[Relay, ...] = ()

    def give(self, event: Event, *, now: datetime) -> None:
        """Give an event to every relay.

        Raises:
            NetworkError: None of them keeps it; `OutcomeUnknown` if any may.
        """
        outcomes = self._each(lambda relay: relay.publish(event, now=now))
        problems = [each for each in outcomes if isinstance(each, NetworkError)]
        if len(problems) < len(outcomes):
            return
        unknown = [each for each in problems if isinstance(each, OutcomeUnknown)]
        raise (unknown or problems)[0]

    def ask(self, *filters: Filter) -> list[Event]:
        """Return what any relay has; all that can be reached are asked.

        Raises:
            NetworkError: None of them answers.
        """
        found, problems = self._asked(filters)
        if len(problems) == len(self._urls):
            raise problems[0] if problems else Unreachable("no relay was asked")
        return found

    def look(self, wanted: Filter, fits: Callable[[Event], bool]) -> Event | None:
        """Return the oldest event that fits.

        Raises:
            OutcomeUnknown: No relay that answered has one, and not all answered.
        """
        found, problems = self._asked((wanted,))
        fitting = [each for each in found if fits(each)]
        if fitting:
            return min(fitting, key=lambda each: each.at)
        if problems:
            raise OutcomeUnknown(
                f"a relay may have it and does not answer: {problems[0].message}",
                hint="wait for the relay, or take it out of channels.yaml",
            )
        return None

    def keeping(self, wanted: Filter) -> tuple[str, ...]:
        """Return which relays have what fits.

        Raises:
            NetworkError: One of them does not answer.
        """
        return tuple(each.url for each in self._relays() if each.find(wanted))

    def bounds(self) -> Mapping[str, int]:
        """Return the least that the relays say they take, by our names.

        https://github.com/nostr-protocol/nips/blob/master/11.md
        """
        told = [self._told(url) for url in self._urls]
        return {
            name: min(bounds)
            for name, key in _BOUNDS.items()
            if (bounds := [most for each in told if (most := _number(each.get(key)))])
        }

    def close(self) -> None:
        """Let go of all sockets."""
        for relay in self._open:
            relay.close()

    def _asked(
        self, filters: tuple[Filter, ...]
    ) -> tuple[list[Event], list[NetworkError]]:
        """Return what was found, each once, and why relays did not answer."""
        outcomes = self._each(lambda relay: relay.find(*filters))
        answers = [each for each in outcomes if not isinstance(each, NetworkError)]
        problems = [each for each in outcomes if isinstance(each, NetworkError)]
        found = {each.id: each for some in answers for each in some}
        return list(found.values()), problems

    def _each(self, ask: Callable[[Relay], _Answer]) -> list[_Answer | NetworkError]:
        return [_tried(ask, relay) for relay in self._relays()]

    def _relays(self) -> tuple[Relay, ...]:
        if not self._open:
            signer = self._signer()
            self._open = tuple(Relay(url, signer) for url in self._urls)
        return self._open

    def _told(self, url: str) -> Mapping[str, object]:
        page = url.replace("ws", "http", 1).rstrip("/")
        http = Http(page, "Nostr", transport=self._transport)
        try:
            answer = http.exchange(
                "GET",
                "/",
                repeatable=True,
                headers={"Accept": "application/nostr+json"},
            )
        except NetworkError:
            return {}
        finally:
            if self._transport is None:
                http.close()
        limitation = answer.fields().get("limitation")
        return limitation if isinstance(limitation, dict) else {}


def _number(given: object) -> int:
    """Return a bound; 0 if it is none."""
    return given if isinstance(given, int) and given > 0 else 0


def _tried(ask: Callable[[Relay], _Answer], relay: Relay) -> _Answer | NetworkError:
    try:
        return ask(relay)
    except NetworkError as problem:
        return problem
