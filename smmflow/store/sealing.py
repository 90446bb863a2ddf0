"""Sealing: grants as text that only the holder of the key can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from smmflow.credentials import Secret
from smmflow.errors import ConfigurationError, MissingExtra, StateError
from smmflow.model.grant import Grant

if TYPE_CHECKING:
    from nacl.secret import SecretBox

__all__ = ["KEY", "Seal", "new_key", "origin_of"]

KEY = "SMMFLOW_KEY"
"""The name of the secret that holds the key."""
_BYTES = 32


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    # The name is inside, so that nobody can pass one channel's grant off as another's.
    channel: str
    origin: str
    token: str
    refresh: str | None
    issued: AwareDatetime
    expires: AwareDatetime | None


class Seal:
    """Seals grants and opens them.

    Args:
        key: As `new_key` makes it.

    Raises:
        ConfigurationError: It is no key.
        MissingExtra: PyNaCl is not installed.
    """

    def __init__(self, key: Secret) -> None:
        try:
            raw = base64.b64decode(key.reveal(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != _BYTES:
            raise ConfigurationError(
                f"the secret {KEY} is no key of smmflow",
                hint="make one with `smmflow auth --new-key`",
            )
        self._box: SecretBox = _nacl("nacl.secret").SecretBox(raw)

    def close(self, grant: Grant, *, channel: str, origin: str) -> str:
        """Return a grant as ciphertext in base64, bound to a channel and an origin."""
        contents = {
            "channel": channel,
            "origin": origin,
            "token": grant.token.reveal(),
            "refresh": grant.refresh.reveal() if grant.refresh else None,
            "issued": grant.issued.isoformat(),
            "expires": _iso(grant.expires),
        }
        sealed = self._box.encrypt(json.dumps(contents).encode())
        return base64.b64encode(bytes(sealed)).decode("ascii")

    def open(self, sealed: str, *, channel: str, origin: str) -> Grant:
        """Return the grant in a ciphertext.

        Raises:
            ConfigurationError: It was sealed with another key, or was changed since.
            StateError: It belongs to another channel or began with another secret.
        """
        broken = _nacl("nacl.exceptions").CryptoError
        try:
            plain = self._box.decrypt(base64.b64decode(sealed, validate=True))
            read = _Contents.model_validate_json(plain)
        except (broken, ValidationError, ValueError):
            # Chained errors would show the contents.
            raise ConfigurationError(
                f"the grant of channel {channel} can't be opened: it was sealed with "
                f"another {KEY}, or changed since",
                hint=f"put the former {KEY} back, or sign in again and set the new "
                "secret: it wins over what is sealed",
            ) from None
        if (read.channel, read.origin) != (channel, origin):
            raise StateError(
                f"the sealed grant of channel {channel} belongs elsewhere",
                hint="`git log` of tokens/ on the state branch shows who moved it",
            )
        refresh = None if read.refresh is None else Secret(read.refresh)
        return Grant(Secret(read.token), refresh, read.issued, read.expires)


def new_key() -> Secret:
    """Return a new key, in base64.

    Raises:
        MissingExtra: PyNaCl is not installed.
    """
    raw = _nacl("nacl.utils").random(_BYTES)
    return Secret(base64.urlsafe_b64encode(cast("bytes", raw)).decode("ascii"))


def origin_of(secret: Secret) -> str:
    """Return what ties a grant to the secret it began with.

    No key goes in: with another key a newly set secret must still be seen to be new.
    Tokens are long and random, so their digest tells nothing.
    """
    words = b"smmflow grant\0" + secret.reveal().encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(words).hexdigest()}"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _nacl(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtra(
            "renewing tokens needs PyNaCl, which is not installed",
            hint="pip install 'smmflow[tokens]'",
        ) from None
