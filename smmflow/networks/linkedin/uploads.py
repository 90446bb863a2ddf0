"""Files on their way to LinkedIn: pictures, videos and documents, named by URNs.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/videos-api
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/documents-api
"""

from __future__ import annotations

from pathlib import Path

from smmflow.errors import Rejected, Unreachable
from smmflow.model.media import Attachment
from smmflow.networks.linkedin.api import Api, fields_of, objects
from smmflow.networks.linkedin.urn import encoded
from smmflow.networks.media import read_media

__all__ = ["Uploads"]

_AVAILABLE = "AVAILABLE"
_FAILED = "PROCESSING_FAILED"
_KINDS = {"image": "images", "video": "videos", "document": "documents"}

Json = dict[str, object]


class Uploads:
    """Sends files in an author's name.

    Args:
        api: Requests in its name.
        author: Its URN.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, api: Api, author: str, root: Path) -> None:
        self._api = api
        self._author = author
        self._root = root

    def image(self, attachment: Attachment) -> str:
        """Send a picture; return its name."""
        return self.picture(read_media(self._root, attachment.facts))

    def picture(self, content: bytes) -> str:
        """Send a picture's bytes; return its name."""
        return self._at_once("image", content)

    def document(self, attachment: Attachment) -> str:
        """Send a document; return its name."""
        return self._at_once("document", read_media(self._root, attachment.facts))

    def video(self, attachment: Attachment) -> str:
        """Send a video in the parts that LinkedIn asks for; return its name."""
        content = read_media(self._root, attachment.facts)
        value = self._initialized(
            "video",
            {
                "owner": self._author,
                "fileSizeBytes": len(content),
                "uploadCaptions": False,
                "uploadThumbnail": False,
            },
        )
        urn = str(value["video"])
        parts = []
        for each in objects(value.get("uploadInstructions")):
            first, last = each.get("firstByte"), each.get("lastByte")
            if not isinstance(first, int) or not isinstance(last, int):
                raise Unreachable(
                    "LinkedIn did not say which part of the video goes where"
                )
            piece = content[first : last + 1]
            answer = self._api.put(str(each.get("uploadUrl")), piece, signed=False)
            parts.append(answer.headers.get("etag", "").strip('"'))
        self._api.ask(
            "POST",
            "/rest/videos?action=finalizeUpload",
            body={
                "finalizeUploadRequest": {
                    "video": urn,
                    "uploadToken": str(value.get("uploadToken", "")),
                    "uploadedPartIds": parts,
                }
            },
        )
        return urn

    def ready(self, urn: str) -> bool:
        """Tell whether LinkedIn has finished its work on a file.

        Raises:
            Rejected: It can't be used.
        """
        kind = _KINDS[urn.split(":")[2]]
        answer = self._api.ask("GET", f"/rest/{kind}/{encoded(urn)}")
        status = answer.fields().get("status")
        if status == _FAILED:
            reason = answer.fields().get("processingFailureReason")
            words = f": {self._api.http.safe(str(reason))}" if reason else ""
            raise Rejected(f"LinkedIn can't use the {urn.split(':')[2]}{words}")
        return status == _AVAILABLE

    def _at_once(self, kind: str, content: bytes) -> str:
        value = self._initialized(kind, {"owner": self._author})
        self._api.put(str(value.get("uploadUrl")), content, signed=True)
        return str(value[kind])

    def _initialized(self, kind: str, request: Json) -> Json:
        answer = self._api.ask(
            "POST",
            f"/rest/{_KINDS[kind]}?action=initializeUpload",
            body={"initializeUploadRequest": request},
        )
        value = fields_of(answer.fields().get("value"))
        if not str(value.get(kind, "")).startswith(f"urn:li:{kind}:"):
            raise Unreachable(f"LinkedIn gave no name for the {kind}")
        return value
