"""The fields and files of a `multipart/form-data` request, as a server reads them."""

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

import httpx


@dataclass(frozen=True)
class Field:
    """One field; a file if it has a name."""

    filename: str
    media_type: str
    content: bytes


def fields_of(request: httpx.Request) -> dict[str, Field]:
    """What a request carries, by name."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    found = {}
    for each in message.iter_parts():
        content = each.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = each.get_param("name", header="content-disposition")
        media_type = each.get_content_type()
        found[str(name)] = Field(each.get_filename() or "", media_type, content)
    return found
