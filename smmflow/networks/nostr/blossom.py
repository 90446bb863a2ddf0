"""Files for Nostr: kept on a Blossom server under the digest of their bytes.

The same bytes always have the same address, so that uploading twice harms nobody:
https://github.com/hzrd149/blossom/blob/master/buds/02.md
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from smmflow.errors import Unreachable
from smmflow.model.media import Attachment, MediaFacts
from smmflow.networks.http import Http
from smmflow.networks.media import read_media
from smmflow.networks.nostr.composing import Files
from smmflow.networks.nostr.event import Kind, signed
from smmflow.networks.nostr.keys import Signer

__all__ = ["placed", "upload"]

_VALID = timedelta(minutes=10)


def placed(  # noqa: PLR0913 - what, where, whose
    media: Sequence[Attachment],
    host: str,
    signer: Signer,
    *,
    root: Path,
    now: datetime,
    transport: httpx.BaseTransport | None,
) -> Files:
    """Put files on a host, and return them with their addresses.

    Args:
        media: The files.
        host: Its address.
        signer: Whose they are.
        root: The workspace, which paths of media are relative to.
        now: The present, aware.
        transport: What carries requests; None for the real network.

    Raises:
        NetworkError: Of the kind that fits.
        ConfigurationError: A file can't be used.
    """
    if not media:
        return Files(())
    http = Http(host.rstrip("/"), "Blossom", transport=transport)
    try:
        return Files(
            tuple(
                (
                    each,
                    upload(
                        http, signer, each.facts, read_media(root, each.facts), now=now
                    ),
                )
                for each in media
            )
        )
    finally:
        if transport is None:
            http.close()


def upload(
    http: Http, signer: Signer, facts: MediaFacts, content: bytes, *, now: datetime
) -> str:
    """Put a file there and return its address.

    Args:
        http: Requests to the server.
        signer: Whose file it is.
        facts: What the file is.
        content: Its bytes.
        now: The present, aware.

    Raises:
        NetworkError: Of the kind that fits.
    """
    tags = (
        ("t", "upload"),
        ("x", facts.sha256),
        ("expiration", str(int((now + _VALID).timestamp()))),
    )
    leave = signed(signer, Kind.UPLOAD, "Upload a file of a post", tags=tags, at=now)
    token = base64.b64encode(json.dumps(leave.as_json()).encode()).decode()
    answer = http.carry_out(
        "PUT",
        "/upload",
        repeatable=True,
        content=content,
        headers={"Authorization": f"Nostr {token}", "Content-Type": facts.media_type},
    ).fields()
    url, digest = answer.get("url"), answer.get("sha256")
    if not isinstance(url, str) or digest != facts.sha256:
        raise Unreachable(f"{http.base} gave no address for {facts.path}")
    return url
