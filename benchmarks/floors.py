"""The least that the work could cost: what each measurement is compared with.

A floor runs in a process of its own, as the command it is compared with does:
`python -m benchmarks.floors read|render FOLDER`, or `send FILE`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

__all__ = ["read", "render", "send"]

_PAGE = """<!doctype html>
<html lang="{{ language }}" dir="auto"><title>{{ title }}</title>
<main><h1>{{ title }}</h1><p>{{ text }}</p></main>
"""


def read(folder: Path) -> int:
    """Parse front matter with libyaml and bodies with markdown-it-py; count posts."""
    import yaml  # noqa: PLC0415 - the other floor must not pay for it
    from markdown_it import MarkdownIt  # noqa: PLC0415 - as above

    markdown = MarkdownIt("commonmark")
    count = 0
    for path in sorted(folder.glob("content/posts/**/*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        yaml.load(front, Loader=yaml.CSafeLoader)
        markdown.parse(body)
        count += 1
    return count


def render(folder: Path) -> int:
    """Write one minimal page for each post with Jinja; count pages."""
    from jinja2 import Environment  # noqa: PLC0415 - as above

    template = Environment(autoescape=True).from_string(_PAGE)
    out = folder / "floor"
    count = 0
    for path in sorted(folder.glob("content/posts/**/*.md")):
        text = path.read_text(encoding="utf-8")
        page = out / path.stem / "index.html"
        page.parent.mkdir(parents=True)
        html = template.render(language="en", title=path.stem, text=text)
        page.write_text(html, encoding="utf-8")
        count += 1
    return count


def send(file: Path) -> int:
    """Write the records of a file to a PDS, one request after the other; count them."""
    import httpx  # noqa: PLC0415 - as above

    sent = json.loads(file.read_text(encoding="utf-8"))
    xrpc = f"{sent['service']}/xrpc/com.atproto"
    who = {"identifier": sent["handle"], "password": sent["password"]}
    with httpx.Client(timeout=30) as client:
        answer = client.post(f"{xrpc}.server.createSession", json=who)
        session = answer.raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {session['accessJwt']}"
        for each in reversed(sent["records"]):
            _, collection, key = each["uri"].rsplit("/", 2)
            written = {
                "repo": session["did"],
                "collection": collection,
                "rkey": key,
                "record": each["value"],
                "swapRecord": None,
            }
            client.post(f"{xrpc}.repo.putRecord", json=written).raise_for_status()
    return len(sent["records"])


if __name__ == "__main__":
    floors = {"read": read, "render": render, "send": send}
    print(floors[sys.argv[1]](Path(sys.argv[2])))
