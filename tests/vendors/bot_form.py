"""What a request to a Bot API says, be it JSON or a form with files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from itertools import combinations
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """Fields, decoded; and files by their names in the form."""

    fields: Json
    files: dict[str, bytes] = field(default_factory=dict)


def read(request: httpx.Request) -> Said:
    """What it says; structures in forms are JSON text, as the API has it."""
    if request.method == "GET":
        return Said({key: _decoded(each) for key, each in request.url.params.items()})
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return Said(json.loads(request.content) if request.content else {})
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    fields: Json = {}
    files = {}
    for part in message_from_bytes(head + request.content, policy=HTTP).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            fields[name] = _decoded(content.decode())
        else:
            files[name] = content
    return Said(fields, files)


def _decoded(text: str) -> object:
    if text[:1] not in {"{", "["} and text not in {"true", "false"}:
        return int(text) if text.lstrip("-").isdecimal() else text
    return json.loads(text)


_SOFT = {"bold", "italic", "strikethrough"}
_KNOWN = {*_SOFT, "code", "pre", "text_link", "blockquote"}
_HARD = {"code", "pre"}


def entity_faults(text: str, entities: list[Json]) -> Iterator[str]:
    """What entities have wrong by the rules of what may stand in what.

    https://core.telegram.org/bots/api#formatting-options
    """
    units = text.encode("utf-16-le")
    for each in entities:
        start, end = 2 * each["offset"], 2 * (each["offset"] + each["length"])
        if each["type"] not in _KNOWN or not 0 <= start < end <= len(units):
            yield f"an entity that is none: {each}"
            continue
        try:
            units[start:end].decode("utf-16-le")
        except UnicodeDecodeError:
            yield f"an entity that cuts a letter: {each}"
    for one, other in combinations(entities, 2):
        first, last = sorted((one, other), key=lambda e: (e["offset"], -e["length"]))
        end, last_end = (e["offset"] + e["length"] for e in (first, last))
        if last["offset"] >= end:
            continue
        kinds = {first["type"], last["type"]}
        if last_end > end:
            yield f"entities that overlap: {first} {last}"
        elif kinds & _HARD and kinds & _SOFT:
            yield f"emphasis and code: {first} {last}"
        elif len(kinds) == 1 or not kinds & {*_SOFT, "blockquote"}:
            yield f"an entity in one that can't hold it: {first} {last}"
