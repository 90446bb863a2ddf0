"""One road through all of it, as a person walks it: real servers, the real command."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tests.cli.terminal import git, make_workspace, smmflow
from tests.servers.bluesky import Account, BlueskyNetwork, Reference
from tests.servers.git_http import GitServer
from tests.servers.mastodon import MastodonServer

TEHRAN = ZoneInfo("Asia/Tehran")

STRATEGY = """\
---
goals:
  - id: known
    title: People know us
    metric: followers
    baseline: 0
    target: 100
    deadline: 2030-01-01
pillars:
  - {id: releases, title: Releases, share: 100%}
---
Be useful.
"""


def ago(minutes: int) -> str:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    return f"{moment.astimezone(TEHRAN):%Y-%m-%d %H:%M}"


def channels(
    bluesky: BlueskyNetwork, account: Account, mastodon: MastodonServer
) -> str:
    return f"""\
title: نمونه
language: fa
channels:
  site: {{network: site, url: https://example.org}}
  sky:
    network: bluesky
    handle: {account.handle}
    service: {bluesky.url}
    secrets: {{password: SKY_PASSWORD}}
  toot:
    network: mastodon
    instance: {mastodon.url}
    secrets: {{token: TOOT_TOKEN}}
"""


def release(mention: str) -> str:
    return f"""\
---
title: نسخهٔ یک آمد
publish_at: {ago(5)}
channels: [site, sky, toot]
language: fa
pillar: releases
goal: known
media:
  - {{file: media/launch.png, alt: تقویمی که شاخه‌های گیت آن را کشیده‌اند}}
---
نسخهٔ یک آمد: [یادداشت انتشار](https://example.org/یک) #نرم‌افزار

::: only sky
با سپاس از @{mention}
:::
---
بخش دوم، با **تأکید**.
"""


def card() -> str:
    return f"""\
---
title: A page
publish_at: {ago(3)}
channels: [sky]
language: en
pillar: releases
goal: known
card:
  url: https://example.org/page
  title: A page about us
  description: Who we are
---
Who are we? https://example.org/page
"""


@pytest.fixture
def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (120, 80), "teal").save(made, "PNG")
    return made.getvalue()


def test_a_post_in_a_file_is_checked_planned_published_measured_and_reported(
    tmp_path: Path,
    picture: bytes,
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    mastodon_server: MastodonServer,
    git_server: GitServer,
) -> None:
    reader = bluesky_network.create_account("storyreader")
    files = {
        "channels.yaml": channels(bluesky_network, bluesky_account, mastodon_server),
        "strategy.md": STRATEGY,
        "content/posts/release.md": release(reader.handle),
        "content/posts/card.md": card(),
    }
    folder = tmp_path / "workspace"
    (folder / "content/media").mkdir(parents=True)
    (folder / "content/media/launch.png").write_bytes(picture)
    make_workspace(folder, files)
    token = git_server.create_token("ci")
    remote = git_server.create_repository(protected=["main"], may_push=["ci"])
    git(folder, "remote", "add", "origin", remote.url_for(token))
    git(folder, "push", "-q", "origin", "main")
    secrets = {
        "SKY_PASSWORD": bluesky_account.password,
        "TOOT_TOKEN": mastodon_server.access_token,
    }

    checked = smmflow(folder, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    planned = smmflow(folder, "plan")
    assert "4 due, 0 waiting, 0 held, 0 live" in planned.stdout
    digest = planned.stdout.split()[-1]

    refused = smmflow(folder, "publish", "--expect", "0" * 16, secrets=secrets)
    assert (refused.returncode, refused.stdout) == (3, "")

    published = smmflow(folder, "publish", "--expect", digest, secrets=secrets)
    assert published.returncode == 0, published.stdout + published.stderr
    assert "4 published, 0 not, 0 held" in published.stdout

    again = smmflow(folder, "publish", secrets=secrets)
    assert "0 published, 0 not, 0 held" in again.stdout

    first, second = receipts(folder, "release", "sky")
    see_bluesky(bluesky_network, reader, first["id"], second["id"])
    see_card(bluesky_network, folder)
    see_mastodon(mastodon_server, folder)
    for place in (folder, remote.path):
        log = git(place, "log", "--format=%s", "smmflow-state")
        assert len(log.splitlines()) >= 2
    leftovers = git(folder, "status", "--porcelain", "--ignored")
    assert set(leftovers.split()) <= {"??", "!!", ".smmflow/"}

    person = bluesky_network.sign_in(reader)
    live = Reference(first["id"], first["more"]["cid"])
    person.like(live)
    person.post("آفرین", parent=live, root=live)
    bluesky_network.post_view(
        live.uri, lambda view: view["likeCount"] == 1 and view["replyCount"] == 2
    )
    measured = smmflow(folder, "measure", secrets=secrets)
    assert measured.returncode == 0, measured.stdout + measured.stderr
    assert "read 5 posts and 2 channels" in measured.stdout

    report = smmflow(folder, "report", "--locale", "en", "--period", "last-7-days")
    assert report.returncode == 0, report.stderr
    assert "People know us" in report.stdout
    row = csv_row(folder, "release", "sky")
    assert (row["likes"], row["replies"]) == ("1", "1")

    built = smmflow(folder, "site")
    assert built.returncode == 0, built.stderr
    page = (folder / "public/posts/release/index.html").read_text(encoding="utf-8")
    assert "نسخهٔ یک آمد" in page
    for secret in secrets.values():
        assert secret not in git(folder, "log", "-p", "--all")


def receipts(folder: Path, occurrence: str, channel: str) -> list[dict[str, Any]]:
    path = f"smmflow-state:ledger/{occurrence}/{channel}.json"
    record = json.loads(git(folder, "show", path))["publication"]
    return [part["receipt"] for part in record["parts"]]


def csv_row(folder: Path, occurrence: str, channel: str) -> dict[str, str]:
    import csv  # noqa: PLC0415 - the only use

    told = smmflow(folder, "report", "--format", "csv", "--period", "all").stdout
    rows = list(csv.DictReader(io.StringIO(told)))
    return next(
        row
        for row in rows
        if (row["occurrence"], row["channel"]) == (occurrence, channel)
    )


def see_bluesky(network: BlueskyNetwork, reader: Account, one: str, two: str) -> None:
    shown = network.post_view(one, lambda view: "embed" in view)
    text = shown["record"]["text"]
    assert (
        text == f"نسخهٔ یک آمد: یادداشت انتشار #نرم‌افزار\n\nبا سپاس از @{reader.handle}"
    )
    assert shown["record"]["langs"] == ["fa"]
    features = {}
    for facet in shown["record"]["facets"]:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        (feature,) = facet["features"]
        features[text.encode()[start:end].decode()] = feature
    assert features["یادداشت انتشار"]["uri"] == "https://example.org/%DB%8C%DA%A9"
    assert features["#نرم‌افزار"]["tag"] == "نرم‌افزار"
    assert features[f"@{reader.handle}"]["did"] == reader.did
    (image,) = shown["embed"]["images"]
    assert image["alt"] == "تقویمی که شاخه‌های گیت آن را کشیده‌اند"
    assert shown["record"]["embed"]["images"][0]["aspectRatio"] == {
        "width": 120,
        "height": 80,
    }
    reply = network.post_view(two, lambda view: "reply" in view["record"])
    assert reply["record"]["text"] == "بخش دوم، با تأکید."
    assert reply["record"]["reply"]["root"]["uri"] == one


def see_card(network: BlueskyNetwork, folder: Path) -> None:
    (only,) = receipts(folder, "card", "sky")
    shown = network.post_view(only["id"], lambda view: "embed" in view)
    external = shown["embed"]["external"]
    assert (external["title"], external["description"]) == (
        "A page about us",
        "Who we are",
    )


def see_mastodon(server: MastodonServer, folder: Path) -> None:
    first, second = (each["id"] for each in receipts(folder, "release", "toot"))
    status = server.call("GET", f"/api/v1/statuses/{first}")
    assert status["language"] == "fa"
    assert "یادداشت انتشار" in status["content"]
    assert "سپاس" not in status["content"]
    (attached,) = status["media_attachments"]
    assert attached["description"] == "تقویمی که شاخه‌های گیت آن را کشیده‌اند"
    reply = server.call("GET", f"/api/v1/statuses/{second}")
    assert reply["in_reply_to_id"] == first
