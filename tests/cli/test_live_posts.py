"""Live posts follow their files: real servers, the real command."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from PIL import Image

from tests.cli.terminal import git, make_workspace, smmflow
from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.mastodon import MastodonServer

TEHRAN = ZoneInfo("Asia/Tehran")
POST = "content/posts/version.md"


def publish_at() -> str:
    moment = datetime.now(UTC) - timedelta(minutes=5)
    return f"{moment.astimezone(TEHRAN):%Y-%m-%d %H:%M}"


def release(words: str, *, more: str = "", at: str) -> str:
    return f"""\
---
title: نسخهٔ یک
publish_at: {at}
channels: [site, sky, toot]
language: fa
media:
  - {{file: media/launch.png, alt: تقویم}}
{more}---
{words}
---
بخش دوم می‌آید.
"""


def channels(sky: BlueskyNetwork, account: Account, toot: MastodonServer) -> str:
    return f"""\
title: نمونه
language: fa
channels:
  site: {{network: site, url: https://example.org}}
  sky:
    network: bluesky
    handle: {account.handle}
    service: {sky.url}
    secrets: {{password: SKY_PASSWORD}}
  toot:
    network: mastodon
    instance: {toot.url}
    secrets: {{token: TOOT_TOKEN}}
"""


@pytest.fixture
def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(made, "PNG")
    return made.getvalue()


def record(folder: Path, channel: str, occurrence: str = "version") -> dict[str, Any]:
    path = f"smmflow-state:ledger/{occurrence}/{channel}.json"
    found: dict[str, Any] = json.loads(git(folder, "show", path))["publication"]
    return found


def on_sky(sky: BlueskyNetwork, part: dict[str, Any]) -> dict[str, Any] | None:
    repo, collection, rkey = part["receipt"]["id"].removeprefix("at://").split("/")
    answer = httpx.get(
        f"{sky.url}/xrpc/com.atproto.repo.getRecord",
        params={"repo": repo, "collection": collection, "rkey": rkey},
        trust_env=False,
    )
    if answer.status_code != httpx.codes.OK:
        assert answer.json()["error"] == "RecordNotFound"
        return None
    found: dict[str, Any] = answer.json()
    return found


def is_on_mastodon(toot: MastodonServer, part: dict[str, Any]) -> bool:
    name = part["receipt"]["id"]
    return httpx.get(
        f"{toot.url}/api/v1/statuses/{name}",
        headers={"Authorization": f"Bearer {toot.access_token}"},
        trust_env=False,
    ).is_success


def test_a_live_post_is_edited_refused_edited_again_and_withdrawn(
    tmp_path: Path,
    picture: bytes,
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    mastodon_server: MastodonServer,
) -> None:
    at = publish_at()
    folder = tmp_path / "workspace"
    (folder / "content/media").mkdir(parents=True)
    (folder / "content/media/launch.png").write_bytes(picture)
    files = {
        "channels.yaml": channels(bluesky_network, bluesky_account, mastodon_server),
        POST: release("نسخهٔ یک امد.", at=at),
    }
    make_workspace(folder, files)
    secrets = {
        "SKY_PASSWORD": bluesky_account.password,
        "TOOT_TOKEN": mastodon_server.access_token,
    }
    published = smmflow(folder, "publish", secrets=secrets)
    assert "3 published, 0 not, 0 held" in published.stdout, published.stderr

    # The words change; one network refuses at first.
    (folder / POST).write_text(release("نسخهٔ یک آمد.", at=at), encoding="utf-8")
    planned = smmflow(folder, "plan").stdout
    assert "0 due, 3 to edit, 0 waiting, 0 held, 0 live" in planned
    assert "~ edit  version on sky" in planned
    assert "part 1: نسخهٔ یک [-امد.-] {+آمد.+}" in planned
    first = record(folder, "toot")["parts"][0]["receipt"]["id"]
    mastodon_server.fail_next("PUT", f"/api/v1/statuses/{first}", 422)
    digest = planned.split()[-1]
    changed = smmflow(folder, "publish", "--expect", digest, secrets=secrets)
    assert changed.returncode == 4
    assert "0 published, 2 edited, 1 not, 0 held" in changed.stdout
    see_edited(bluesky_network, folder)
    kept = record(folder, "toot")
    assert kept["parts"][0]["text"] == "نسخهٔ یک امد."
    assert kept["outcome"] == "published"
    status = mastodon_server.call("GET", f"/api/v1/statuses/{first}")
    assert "امد" in status["content"]
    assert "refused the edit" in smmflow(folder, "plan").stdout

    # It is changed again, and this time the server takes it.
    (folder / POST).write_text(release("نسخهٔ یک رسید.", at=at), encoding="utf-8")
    again = smmflow(folder, "publish", secrets=secrets)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0 published, 3 edited, 0 not, 0 held" in again.stdout
    status = mastodon_server.call("GET", f"/api/v1/statuses/{first}")
    assert "نسخهٔ یک رسید." in status["content"]
    assert [each["description"] for each in status["media_attachments"]] == ["تقویم"]
    assert "0 due, 0 waiting, 0 held, 3 live" in smmflow(folder, "plan").stdout
    assert smmflow(folder, "site").returncode == 0
    page = folder / "public/posts/version/index.html"
    assert "نسخهٔ یک رسید." in page.read_text(encoding="utf-8")

    # A file that moves and keeps its id changes nothing; then the post is withdrawn.
    moved = folder / "content/posts/moved.md"
    (folder / POST).rename(moved)
    words = release("نسخهٔ یک رسید.", more="id: version\n", at=at)
    moved.write_text(words, encoding="utf-8")
    assert "0 due, 0 waiting, 0 held, 3 live" in smmflow(folder, "plan").stdout
    words = release("x", more="id: version\nwithdrawn: true\n", at=at)
    moved.write_text(words, encoding="utf-8")
    assert "- withdraw  version on toot" in smmflow(folder, "plan").stdout
    gone = smmflow(folder, "publish", secrets=secrets)
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert "0 published, 3 withdrawn, 0 not, 0 held" in gone.stdout
    for part in record(folder, "sky")["parts"]:
        assert on_sky(bluesky_network, part) is None
    for part in record(folder, "toot")["parts"]:
        assert not is_on_mastodon(mastodon_server, part)
    assert record(folder, "toot")["parts"][0]["text"] == "نسخهٔ یک رسید."
    assert smmflow(folder, "site").returncode == 0
    assert not page.exists()
    last = smmflow(folder, "publish", secrets=secrets)
    assert "0 published, 0 not, 0 held" in last.stdout


def see_edited(sky: BlueskyNetwork, folder: Path) -> None:
    parts = record(folder, "sky")["parts"]
    first, second = (on_sky(sky, part) for part in parts)
    assert first is not None
    assert second is not None
    assert first["value"]["text"] == "نسخهٔ یک آمد."
    assert first["cid"] == parts[0]["receipt"]["more"]["cid"]
    assert first["value"]["embed"]["images"][0]["alt"] == "تقویم"
    assert second["value"]["reply"]["root"]["uri"] == first["uri"]


def short(number: int, words: str) -> dict[str, str]:
    head = f"title: Post {number}\npublish_at: {publish_at()}\nchannels: [site]\n"
    return {f"content/posts/p{number}.md": f"---\n{head}---\n{words} {number}.\n"}


def test_a_plan_that_does_too_much_refuses_itself_until_it_is_allowed(
    tmp_path: Path,
) -> None:
    files: dict[str, str] = {}
    for number in range(11):
        files |= short(number, "This is post number")
    folder = make_workspace(tmp_path / "workspace", files)
    planned = smmflow(folder, "plan")
    assert planned.returncode == 0
    assert "would refuse this" in planned.stderr
    assert "11 posts at once on site" in planned.stderr
    refused = smmflow(folder, "publish")
    assert refused.returncode == 3, refused.stderr
    assert "11 posts at once on site, more than 10" in refused.stderr
    assert "smmflow publish --allow-many" in refused.stderr
    assert "1 published" in smmflow(folder, "publish", "--post", "p0").stdout
    assert "10 published" in smmflow(folder, "publish").stdout

    for number in range(4):
        path, text = next(iter(short(number, "That was post number").items()))
        (folder / path).write_text(text, encoding="utf-8")
    refused = smmflow(folder, "publish", "--dry-run")
    assert refused.returncode == 3
    assert "4 of 11 live posts on site edited or withdrawn" in refused.stderr
    allowed = smmflow(folder, "publish", "--allow-many")
    assert "0 published, 4 edited, 0 not, 0 held" in allowed.stdout, allowed.stderr


def test_deleting_a_file_takes_nothing_down_and_a_finding_says_so(
    tmp_path: Path,
) -> None:
    path = "content/posts/نوروز.md"
    text = "---\ntitle: نوروز\npublish_at: 2026-01-01 09:00\nlanguage: fa\n---\nسلام.\n"
    text = text.replace("language", "channels: [site]\nlanguage")
    folder = make_workspace(tmp_path, {path: text})
    assert smmflow(folder, "publish").returncode == 0
    (folder / path).unlink()
    told = smmflow(folder, "check")
    assert told.returncode == 0
    assert "live-without-file" in told.stdout
    assert "نوروز stays live on site" in told.stdout
    assert "0 published, 0 not, 0 held" in smmflow(folder, "publish").stdout

    withdrawn = text.replace("title", "withdrawn: true\ntitle")
    (folder / path).write_text(withdrawn, encoding="utf-8")
    assert "- withdraw" in smmflow(folder, "plan").stdout
    assert smmflow(folder, "publish", "--allow-many").returncode == 0
    (folder / path).unlink()
    assert "live-without-file" not in smmflow(folder, "check").stdout
