"""Files on X in memory: at once or in pieces, and worked on for a while.

https://docs.x.com/x-api/media/introduction
"""

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import httpx

_GREATEST = {"tweet_image": 5, "tweet_gif": 15, "tweet_video": 512}

Json = dict[str, Any]


class Refused(Exception):
    """An answer other than success."""

    def __init__(self, status: int, detail: str, kind: str = "about:blank") -> None:
        super().__init__(detail)
        self.status = status
        title = {401: "Unauthorized", 403: "Forbidden"}.get(status, "Invalid Request")
        self.body = {"title": title, "detail": detail, "type": kind, "status": status}


class XFiles:
    """What was uploaded.

    Attributes:
        kept: By id: category, bytes, description, and how often it is still worked on.
        looks: How often a new GIF or video says that it is worked on.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}
        self.looks = 1

    def answer(self, request: httpx.Request) -> Json:
        """Take a file, a piece of one, or what belongs to it."""
        path = request.url.path.removeprefix("/2/media/")
        if path == "metadata":
            body = json.loads(request.content)
            if self.kept[body["id"]]["category"] == "tweet_video":
                raise Refused(400, "Descriptions are for images and GIFs.")
            self.kept[body["id"]]["alt"] = body["metadata"]["alt_text"]["text"]
            return {"data": {"id": body["id"]}}
        if path == "upload/initialize":
            body = json.loads(request.content)
            return self._begun(body["media_category"], b"", body["total_bytes"])
        if path == "upload" and request.method == "GET":
            return self._progress(request.url.params["media_id"])
        if path == "upload":
            form = _form(request)
            category, content = form["media_category"].decode(), form["media"]
            return self._begun(category, content, len(content))
        name, step = path.removeprefix("upload/").split("/")
        file = self.kept[name]
        if step == "append":
            form = _form(request)
            file["pieces"][int(form["segment_index"])] = form["media"]
            return {"data": {"expires_at": 1_800_000_000}}
        pieces = [file["pieces"][n] for n in sorted(file["pieces"])]
        file["content"] = b"".join(pieces)
        if len(file["content"]) != file["size"] or set(file["pieces"]) != set(
            range(len(pieces))
        ):
            raise Refused(400, "Not all of the file has arrived.")
        file["looks"] = self.looks
        return self._progress(name)

    def _begun(self, category: str, content: bytes, size: int) -> Json:
        if size > _GREATEST[category] * 1_000_000:
            raise Refused(400, "File size exceeds the greatest that is taken.")
        name = str(1_900_000_000_000_000_000 + len(self.kept))
        self.kept[name] = {
            "category": category,
            "content": content,
            "size": size,
            "pieces": {},
            "alt": "",
            "looks": 0 if content else 1,
        }
        return {"data": {"id": name, "media_key": f"3_{name}"}}

    def _progress(self, name: str) -> Json:
        file = self.kept[name]
        state = "in_progress" if file["looks"] else "succeeded"
        if file.get("broken"):
            state = "failed"
        progress = {"state": state, "check_after_secs": 2}
        file["looks"] = max(0, file["looks"] - 1)
        return {"data": {"id": name, "processing_info": progress}}


def _form(request: httpx.Request) -> dict[str, bytes]:
    kind = request.headers["content-type"].encode()
    message = message_from_bytes(
        b"Content-Type: " + kind + b"\r\n\r\n" + request.content
    )
    return dict(_fields(message.get_payload()))


def _fields(parts: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 - email's
    for each in parts:
        name = each.get_param("name", header="content-disposition")
        yield str(name), each.get_payload(decode=True)
