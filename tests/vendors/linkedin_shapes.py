"""Our requests to LinkedIn held against the requests that its documentation shows.

LinkedIn describes its API in examples only. Those of its public Postman workspace are
read where they are at hand; the table below adds what only its pages show, below
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]
_ROOT = Path(__file__).parent.parent.parent
EXAMPLES = "linkedin/linkedin.postman-examples.json"

# What a list holds stands for all its members; an empty object is one of any kind.
_POST: Json = {
    "author": "",
    "commentary": "",
    "visibility": "",
    "distribution": {
        "feedDistribution": "",
        "targetEntities": [],
        "thirdPartyDistributionChannels": [],
    },
    "content": {
        "media": {"id": "", "title": "", "altText": ""},
        "multiImage": {"images": [{"id": "", "altText": ""}]},
        "article": {
            "source": "",
            "title": "",
            "description": "",
            "thumbnail": "",
            "thumbnailAltText": "",
        },
        "poll": {
            "question": "",
            "options": [{"text": ""}],
            "settings": {"duration": ""},
        },
    },
    "lifecycleState": "",
    "isReshareDisabledByAuthor": False,
}
_PAGES: dict[tuple[str, str, str], Json] = {
    ("POST", "/posts", ""): _POST,
    ("POST", "/posts/*", "PARTIAL_UPDATE"): {"patch": {"$set": {"commentary": ""}}},
    ("POST", "/images?initializeUpload", ""): {
        "initializeUploadRequest": {"owner": ""}
    },
    ("POST", "/documents?initializeUpload", ""): {
        "initializeUploadRequest": {"owner": ""}
    },
    ("POST", "/videos?initializeUpload", ""): {
        "initializeUploadRequest": {
            "owner": "",
            "fileSizeBytes": 1,
            "uploadCaptions": False,
            "uploadThumbnail": False,
        }
    },
    ("POST", "/videos?finalizeUpload", ""): {
        "finalizeUploadRequest": {
            "video": "",
            "uploadToken": "",
            "uploadedPartIds": [""],
        }
    },
    ("POST", "/socialActions/*/comments", ""): {
        "actor": "",
        "object": "",
        "message": {"text": ""},
        "parentComment": "",
    },
    ("POST", "/socialActions/*/comments/*", "PARTIAL_UPDATE"): {
        "patch": {"message": {"$set": {"text": ""}}}
    },
}
_METHODS = frozenset({"", "PARTIAL_UPDATE", "FINDER", "BATCH_GET", "DELETE"})


def faults_of(request: httpx.Request, path: str, body: Json) -> Iterator[str]:
    """What is wrong with a request: headers, encoding, the shape of its body."""
    if not re.fullmatch(r"20\d{4}", request.headers.get("linkedin-version", "")):
        yield f"{path}: no LinkedIn-Version"
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        yield f"{path}: no X-Restli-Protocol-Version"
    action = request.headers.get("x-restli-method", "")
    if action not in _METHODS:
        yield f"{path}: no method {action}"
    for each in request.url.raw_path.decode().split("?")[0].split("/"):
        if "urn:" in each or "(" in each:
            yield f"{path}: {each} is not encoded"
    if not body:
        return
    name = _name(path, request.url.params.get("action", ""))
    shape = _PAGES.get((request.method, name, action))
    if shape is None:
        yield f"no {request.method} {name} {action}"
        return
    yield from unlike(body, shape, name)


def unlike(body: object, shape: object, name: str) -> Iterator[str]:
    """Where a body has fields that a shape has not, or values of another kind."""
    if isinstance(shape, dict):
        if not isinstance(body, dict):
            yield f"{name}: no object"
            return
        for key, value in body.items():
            if key not in shape:
                yield f"{name}: no field {key}"
            else:
                yield from unlike(value, shape[key], f"{name}.{key}")
    elif isinstance(shape, list):
        if not isinstance(body, list):
            yield f"{name}: no list"
            return
        for each in body:
            if shape:
                yield from unlike(each, shape[0], name)
    elif type(body) is not type(shape):
        yield f"{name}: {body!r} is no {type(shape).__name__}"


def shapes() -> dict[tuple[str, str, str], Json]:
    """What the pages show, by verb, path and method of Rest.li."""
    return _PAGES


@cache
def examples() -> list[Json] | None:
    """Requests of LinkedIn's Postman workspace; None where they are not at hand."""
    folder = os.environ.get("SMMFLOW_API_SPECS", _ROOT / "../shared/api-specs")
    path = Path(folder) / EXAMPLES
    if not path.is_file():
        return None
    content: list[Json] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _name(path: str, action: str) -> str:
    """A path as the table has it: names of things are `*`, the action behind it."""
    steps = path.removeprefix("/rest").split("/")
    known = {"", "posts", "images", "videos", "documents", "socialActions", "comments"}
    name = "/".join(each if each in known else "*" for each in steps)
    return f"{name}?{action}" if action else name
