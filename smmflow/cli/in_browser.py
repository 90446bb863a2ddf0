"""The walk through a network's own sign-in page: a question, and its one answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from subprocess import DEVNULL, run
from threading import Thread
from typing import TYPE_CHECKING, assert_never

from smmflow.cli.asking import (
    address_of,
    ask_secret,
    ask_words,
    must_name,
    of_app,
    say_lacking,
    suggested,
)
from smmflow.cli.output import complain
from smmflow.credentials import Credentials, environment, setting, surroundings
from smmflow.errors import SignInFailed

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.credentials import Secret
    from smmflow.model.channel import Channel
    from smmflow.networks.authorizing import CodeFlow, OwnApp
    from smmflow.networks.authorizing.answers import Tokens
    from smmflow.networks.authorizing.app import App
    from smmflow.networks.authorizing.callback import Callback
    from smmflow.networks.authorizing.consent import Consent, Reply
    from smmflow.networks.interface import Network

    Hear = Callable[[Consent], Reply]

__all__ = ["PORT", "InBrowser", "Manner"]

PORT = 8912
"""Networks compare an app's whole address, so the port may not change by itself."""
_DESKTOPS = ("darwin", "win32")
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
_PASTES = 3
_FORGE_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person wants to walk.

    Attributes:
        by_hand: They have the secrets already.
        device: They agree on another device.
        paste: They copy the address that the browser ends at; nothing listens.
        browser: A browser may be opened.
        redirect: The address that their app names; empty for ours.
        port: Where to listen; None for the usual one.
        seconds: How long to wait for the browser.
        withheld: Names in the environment that a browser is not given.
        known: Secrets that are set already, those of an app among them.
    """

    by_hand: bool = False
    device: bool = False
    paste: bool = False
    browser: bool = True
    redirect: str = ""
    port: int | None = None
    seconds: float = 300
    withheld: frozenset[str] = frozenset()
    known: Credentials = field(default_factory=environment)


@dataclass(frozen=True, slots=True)
class InBrowser:
    """One walk through a network's own sign-in page."""

    channel: Channel
    network: Network
    flow: CodeFlow
    manner: Manner

    def secrets(self) -> dict[str, Secret]:
        """Return what the walk gives, by the network's names."""
        from smmflow.networks.authorizing import Registered
        from smmflow.networks.authorizing.callback import Callback

        flow, port = self.flow, self.manner.port
        must_name(
            self.channel,
            [flow.secret, flow.refresh, "client_id"] if flow.refresh else [flow.secret],
        )
        redirect = self._copied_from()
        if redirect:
            return self._agreed(redirect, _pasted)
        usual = 0 if isinstance(flow.app, Registered) else PORT
        with Callback(usual if port is None else port) as listener:
            return self._agreed(listener.redirect, partial(self._heard, listener))

    def _copied_from(self) -> str:
        """Return the address a person copies the answer from; empty if we listen."""
        from smmflow.networks.authorizing import Redirect, Registered
        from smmflow.networks.authorizing.callback import address
        from smmflow.networks.authorizing.consent import OUT_OF_BAND

        manner = self.manner
        if manner.redirect:
            return address_of(manner.redirect)
        if self.flow.redirect is Redirect.HTTPS:
            return self._own_redirect()
        if not manner.paste:
            return ""
        if isinstance(self.flow.app, Registered):
            return OUT_OF_BAND
        return address(PORT if manner.port is None else manner.port)

    def _own_redirect(self) -> str:
        complain(
            f"{self.network.title} sends browsers to https addresses only, so smmflow "
            "can't listen. Which https address of yours does your app name? Nothing "
            "has to answer there."
        )
        return address_of(ask_words("redirect address"))

    def _agreed(self, redirect: str, hear: Hear) -> dict[str, Secret]:
        from smmflow.networks.authorizing.consent import Agreed, Declined, consent
        from smmflow.networks.authorizing.tokens import redeem
        from smmflow.networks.http import first_line

        app = self._app(redirect)
        wanted = consent(self.flow, app.client, redirect)
        self._show(wanted.url)
        said = hear(wanted)
        match said:
            case Agreed():
                tokens = redeem(self.flow, app, wanted, said.code)
                return self._kept(app, tokens)
            case Declined():
                raise SignInFailed(
                    f"{self.network.title} says no: {first_line(said.why)}",
                    hint="run the command again and agree, or use another account",
                )
            case _:
                assert_never(said)

    def _heard(self, listener: Callback, wanted: Consent) -> Reply:
        seconds = self.manner.seconds
        complain(
            f"waiting {seconds:.0f} seconds for the browser to come back to "
            f"{listener.redirect}; Ctrl-C stops, and --paste is for a browser on "
            "another machine"
        )
        return listener.wait(wanted, seconds)

    def _app(self, redirect: str) -> App:
        from smmflow.networks.authorizing import OwnApp, Registered
        from smmflow.networks.authorizing.app import App, register

        there = self.flow.app
        match there:
            case Registered():
                return register(there, redirect, self.flow.scopes)
            case OwnApp():
                complain(
                    f"{self.network.title}: your app ({there.place}) has to name the "
                    f"redirect address {redirect}"
                )
                known = self.manner.known
                client = of_app(self.channel, "client_id", known)
                if not _has_secret(self.channel, there):
                    return App(client, None)
                return App(client, of_app(self.channel, "client_secret", known))
            case _:
                assert_never(there)

    def _show(self, url: str) -> None:
        complain(f"{self.network.title}: sign in and agree, in a browser, at\n{url}")
        screen = sys.platform in _DESKTOPS or any(map(setting, _SCREENS))
        if self.manner.browser and screen:
            withheld = {*self.manner.withheld, *_FORGE_TOKENS}
            Thread(target=_open, args=(url, withheld), daemon=True).start()

    def _kept(self, app: App, tokens: Tokens) -> dict[str, Secret]:
        flow, title = self.flow, self.network.title
        found = {flow.secret: tokens.token, "client_id": app.client}
        if app.password is not None:
            found["client_secret"] = app.password
        say_lacking(self.network, flow.scopes, tokens)
        if flow.refresh:
            if tokens.refresh is None:
                raise SignInFailed(
                    f"{title} gave no refresh token",
                    hint="agree to all that is asked",
                )
            found[flow.refresh] = tokens.refresh
        return found


def _open(url: str, withheld: Collection[str]) -> None:
    """Open a browser, which may stay: it gets no secret, and no word of it is shown."""
    command = [sys.executable, "-m", "webbrowser", url]
    run(  # noqa: S603 - our own interpreter, and an address of ours
        command,
        env=surroundings(withheld),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        check=False,
    )


def _has_secret(channel: Channel, there: OwnApp) -> bool:
    if there.public and "client_secret" not in channel.secrets:
        name = suggested(channel, "client_secret")
        complain(
            "taking your app for a public one; if it is confidential, stop and add to "
            f"the secrets of {channel.name} in channels.yaml: client_secret: {name}"
        )
        return False
    return True


def _pasted(wanted: Consent) -> Reply:
    from smmflow.networks.authorizing.consent import OUT_OF_BAND, Agreed, reply

    if wanted.redirect == OUT_OF_BAND:
        complain("then copy the code that the page shows")
        return Agreed(ask_secret("code"))
    complain("then copy the whole address that the browser ends at, whatever it shows")
    for _ in range(_PASTES):
        said = reply(wanted, ask_secret("address").reveal())
        if said is not None:
            return said
        complain("that is no answer to this question: copy the newest address, whole")
    raise SignInFailed("none of these addresses was an answer", hint="begin again")
