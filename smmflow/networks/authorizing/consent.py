"""A person's consent: the address where they give it, and what comes back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode, urlsplit

from smmflow.credentials import Secret
from smmflow.networks.authorizing.ways import CodeFlow

__all__ = ["OUT_OF_BAND", "Agreed", "Consent", "Declined", "Reply", "consent", "reply"]

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""The server shows the code on a page: https://docs.joinmastodon.org/methods/oauth/"""
_RANDOM_BYTES = 64


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person is asked.

    Attributes:
        url: What to open; it holds nothing that must not be seen.
        redirect: Where the browser is sent after that.
        state: What comes back with it, so that nobody else's answer is taken.
        verifier: What the code is bound to.
    """

    url: str
    redirect: str
    state: Secret
    verifier: Secret


@dataclass(frozen=True, slots=True)
class Agreed:
    """The person agreed; the code can be exchanged once."""

    code: Secret


@dataclass(frozen=True, slots=True)
class Declined:
    """The person, or the network, said no; why, in the network's words."""

    why: str


Reply = Agreed | Declined


def consent(flow: CodeFlow, client: Secret, redirect: str) -> Consent:
    """Return what to ask a person.

    Args:
        flow: How the network is asked.
        client: The app's id.
        redirect: Where the browser is to be sent.
    """
    state = secrets.token_urlsafe(_RANDOM_BYTES)
    verifier = secrets.token_urlsafe(_RANDOM_BYTES)
    asked = {
        "response_type": "code",
        "client_id": client.reveal(),
        "redirect_uri": redirect,
        "scope": flow.separator.join(flow.scopes),
        "state": state,
    }
    if flow.challenge:
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    url = f"{flow.page}?{urlencode(asked)}"
    return Consent(url, redirect, Secret(state), Secret(verifier))


def reply(wanted: Consent, address: str) -> Reply | None:
    """Return what a person said, from the address that their browser was sent to.

    Args:
        wanted: What they were asked.
        address: The whole address, or its path and query.

    Returns:
        None if that is no answer to this question: not ours, or somebody else's.
    """
    try:
        said = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        return None
    state = said.get("state", [""])
    ours = _bytes(wanted.state.reveal())
    if len(state) != 1 or not compare_digest(_bytes(state[0]), ours):
        return None
    if "error" in said:
        return Declined(said.get("error_description", said["error"])[0])
    code = said.get("code", [])
    if len(code) != 1 or not code[0].isprintable():
        return None
    return Agreed(Secret(code[0]))


def _bytes(words: str) -> bytes:
    return words.encode(errors="replace")  # what no terminal should give, yet may
