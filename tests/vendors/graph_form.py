"""What a request to Meta's Graph API says, be it in its address or in a form."""

import json
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import httpx

Json = dict[str, Any]
_GENERAL = {"fields", "limit", "after", "before", "ids", "access_token"}
"""Of every node and list: https://developers.facebook.com/docs/graph-api/overview"""
_STRUCTURES = {"attached_media"}
_NUMBERS = {"scheduled_publish_time"}


@dataclass(frozen=True)
class Said:
    """Parameters as they were written, and files by their names in the form."""

    params: dict[str, str]
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def typed(self) -> Json:
        """Those that the description lists, as what they stand for."""
        return {k: _typed(k, v) for k, v in self.params.items() if k not in _GENERAL}


def said_in(request: httpx.Request) -> Said:
    """What it says."""
    params = dict(request.url.params)
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        form = parse_qsl(request.content.decode(), keep_blank_values=True)
        return Said(params | dict(form))
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    files = {}
    for part in message_from_bytes(head + request.content, policy=HTTP).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            params[name] = content.decode()
        else:
            files[name] = content
    return Said(params, files)


def _typed(key: str, text: str) -> object:
    if text in {"true", "false"} or key in _STRUCTURES:
        return json.loads(text)
    return int(text) if key in _NUMBERS else text
