"""Nostr's keys and names: who signs, and how keys and events are written for people.

Schnorr signatures over secp256k1: https://github.com/nostr-protocol/nips/blob/master/01.md
Names such as `npub1...`: https://github.com/nostr-protocol/nips/blob/master/19.md
"""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType

from smmflow.credentials import Secret
from smmflow.errors import MissingExtra, SignInFailed

__all__ = ["Signer", "decoded", "encoded"]

_HEX = re.compile(r"[0-9a-f]{64}")
_BYTE, _WORD = 8, 5
_LENGTH = 32


class Signer:
    """Signs in the name of a key.

    Args:
        secret: `nsec1...`, or 64 hexadecimal digits.

    Raises:
        SignInFailed: It is no key.
        MissingExtra: The packages of the extra `nostr` are not installed.
    """

    def __init__(self, secret: Secret) -> None:
        coincurve = _extra("coincurve")
        written = secret.reveal().strip()
        digits = written if _HEX.fullmatch(written) else decoded(written, "nsec")
        try:
            self._key = coincurve.PrivateKey(bytes.fromhex(digits or ""))
        except ValueError:
            raise SignInFailed(
                "the secret is no Nostr key",
                hint="it begins with nsec1, or is 64 hexadecimal digits",
            ) from None
        self.public: str = self._key.public_key_xonly.format().hex()

    def sign(self, event_id: str) -> str:
        """Return the signature of an event by its id, in hex."""
        signature: bytes = self._key.sign_schnorr(bytes.fromhex(event_id))
        return signature.hex()


def encoded(kind: str, digits: str) -> str:
    """Return a key or an event's id as people see it.

    Args:
        kind: `npub` or `note`.
        digits: 64 hexadecimal ones.
    """
    bech32 = _extra("bech32")
    words = bech32.convertbits(bytes.fromhex(digits), _BYTE, _WORD)
    name: str = bech32.bech32_encode(kind, words)
    return name


def decoded(name: str, kind: str) -> str | None:
    """Return the hexadecimal digits of a name of that kind; None if it is none."""
    bech32 = _extra("bech32")
    prefix, words = bech32.bech32_decode(name)
    if prefix != kind or words is None:
        return None
    content = bech32.convertbits(words, _WORD, _BYTE, pad=False)
    if content is None or len(content) != _LENGTH:
        return None
    return bytes(content).hex()


def _extra(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingExtra(
            f"Nostr needs the package {name}, which is not installed",
            hint="pip install 'smmflow[nostr]'",
        ) from None
