"""Pictures on their way into a Slack message: uploaded first, seen by nobody yet."""

from __future__ import annotations

from pathlib import Path

from smmflow.errors import Unreachable
from smmflow.model.media import Attachment
from smmflow.networks.media import read_media
from smmflow.networks.slack.web import Web

__all__ = ["Pictures"]


class Pictures:
    """Uploads of a bot.

    Args:
        web: Methods of the Web API.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, web: Web, root: Path) -> None:
        self._web = web
        self._root = root

    def upload(self, picture: Attachment) -> str:
        """Send a file that no channel shows; return its id.

        https://docs.slack.dev/messaging/working-with-files#upload

        Raises:
            NetworkError: Of the kind that fits; it may be sent again.
            ConfigurationError: The file can't be used.
        """
        content = read_media(self._root, picture.facts)
        name = picture.facts.path.rpartition("/")[2]
        place = self._web.read(
            "files.getUploadURLExternal", filename=name, length=str(len(content))
        )
        file, address = place.get("file_id"), place.get("upload_url")
        if not isinstance(file, str) or not isinstance(address, str):
            raise Unreachable(f"Slack gave no place for {picture.facts.path}")
        self._web.upload(address, content)
        self._web.write(
            "files.completeUploadExternal",
            {"files": [{"id": file, "title": name}]},
            repeatable=True,
        )
        return file

    def is_ready(self, file: str) -> bool:
        """Tell whether Slack has looked at a file; before that no block may show it.

        https://docs.slack.dev/reference/methods/files.info
        """
        fields = self._web.read("files.info", file=file).get("file")
        return isinstance(fields, dict) and bool(fields.get("mimetype"))
