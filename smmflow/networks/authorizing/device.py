"""Agreeing on another device: a short code to type there, and asking until it is done.

Facebook speaks what became https://www.rfc-editor.org/rfc/rfc8628 under names of its
own: https://developers.facebook.com/docs/facebook-login/for-devices
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from smmflow.clock import Clock
from smmflow.credentials import Secret
from smmflow.errors import RateLimited, SignInFailed, Unreachable
from smmflow.networks.authorizing.answers import (
    Tokens,
    opened,
    refused,
    secret_in,
    tokens_in,
)
from smmflow.networks.authorizing.app import App
from smmflow.networks.authorizing.steps import taken
from smmflow.networks.authorizing.ways import DeviceFlow
from smmflow.networks.http import Answer

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["DeviceCode", "Waiting", "ask", "begin", "wait"]

_INTERVAL = 5
"""Seconds; also what is added when the server wants to be asked less often:
https://www.rfc-editor.org/rfc/rfc8628#section-3.5"""
_AGAIN = "run the command again for a new code"


class Waiting(Enum):
    """The person is not done."""

    PENDING = auto()
    SLOWER = auto()
    """Nor does the server want to be asked this often."""


_WAITING = {1349174: Waiting.PENDING, 1349172: Waiting.SLOWER}
_OVER = {1349173: "the answer was no", 1349152: "the code is too old"}
"""Subcodes of https://github.com/facebook/facebook-android-sdk, `DeviceAuthDialog`."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person is told, and what the answer is asked for with.

    Attributes:
        code: For the server only.
        shown: To be typed by the person.
        address: Where.
        interval: Seconds between two questions.
        seconds: How long it is good for.
    """

    code: Secret
    shown: str
    address: str
    interval: float
    seconds: float


def begin(
    flow: DeviceFlow, app: App, *, transport: httpx.BaseTransport | None = None
) -> DeviceCode:
    """Ask for a code.

    Raises:
        NetworkError: Of the kind that fits.
    """
    token = _app_token(app)
    with opened(flow.start, transport, token, app.password) as http:
        form = {
            "access_token": token.reveal(),
            "scope": flow.separator.join(flow.scopes),
        }
        answer = http.exchange("POST", "", repeatable=True, form=form)
        if not answer.ok:
            raise refused(http, answer)
        said = answer.fields()
        return DeviceCode(
            secret_in(said, "code", http),
            secret_in(said, "user_code", http).reveal(),
            secret_in(said, "verification_uri", http).reveal(),
            _seconds(said.get("interval"), _INTERVAL),
            _seconds(said.get("expires_in"), 0),
        )


def ask(
    flow: DeviceFlow,
    app: App,
    code: Secret,
    *,
    transport: httpx.BaseTransport | None = None,
) -> Tokens | Waiting:
    """Ask once whether the person is done.

    Raises:
        SignInFailed: They said no, or took too long.
        NetworkError: Of the kind that fits.
    """
    token = _app_token(app)
    with opened(flow.poll, transport, token, app.password, code) as http:
        form = {"access_token": token.reveal(), "code": code.reveal()}
        answer = http.exchange("POST", "", repeatable=True, form=form)
        if answer.ok:
            return tokens_in(http, answer)
        why = _subcode(answer)
        if why in _WAITING:
            return _WAITING[why]
        if why in _OVER:
            raise SignInFailed(_OVER[why], hint=_AGAIN)
        raise refused(http, answer)


def wait(  # noqa: PLR0913 - who asks what, and how patiently
    flow: DeviceFlow,
    app: App,
    told: DeviceCode,
    *,
    seconds: float,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Tokens:
    """Ask until the person is done; a server in trouble is asked less often.

    Raises:
        SignInFailed: They said no, or took too long.
        NetworkError: Of the kind that fits.
    """
    left, interval = min(seconds, told.seconds or seconds), told.interval
    while left > 0:
        clock.sleep(interval)
        left -= interval
        try:
            said = ask(flow, app, told.code, transport=transport)
        except (Unreachable, RateLimited):
            interval *= 2
            continue
        match said:
            case Waiting.PENDING:
                pass
            case Waiting.SLOWER:
                interval += _INTERVAL
            case Tokens():
                for step in flow.steps:
                    said = taken(step, said, app, transport)
                return said
    raise SignInFailed("nobody typed the code in time", hint=_AGAIN)


def _app_token(app: App) -> Secret:
    secret = app.password.reveal() if app.password else ""
    return Secret(f"{app.client.reveal()}|{secret}")


def _subcode(answer: Answer) -> int:
    error = answer.fields().get("error")
    code = error.get("error_subcode") if isinstance(error, dict) else None
    return code if isinstance(code, int) else 0


def _seconds(said: object, otherwise: float) -> float:
    if isinstance(said, int | float) and not isinstance(said, bool) and said > 0:
        return float(said)
    return otherwise
