"""Posts that a Mastodon sends at their time: the real command, the server read back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.cli.terminal import make_workspace, smmflow
from tests.servers.mastodon import MastodonServer

TEHRAN = ZoneInfo("Asia/Tehran")
POST = "content/posts/launch.md"


def channels(server: MastodonServer) -> str:
    return f"""\
title: نمونه
language: fa
channels:
  toot:
    network: mastodon
    instance: {server.url}
    handover: true
    secrets: {{token: TOOT_TOKEN}}
"""


def post(words: str, at: datetime, more: str = "") -> str:
    when = f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"
    head = f"title: نسخهٔ یک\npublish_at: {when}\nchannels: [toot]\nlanguage: fa\n"
    return f"---\n{head}{more}---\n{words}\n"


def waiting(server: MastodonServer) -> list[tuple[str, datetime]]:
    token = {"Authorization": f"Bearer {server.access_token}"}
    answer = httpx.get(f"{server.url}/api/v1/scheduled_statuses", headers=token)
    found: list[dict[str, Any]] = answer.json()
    return [
        (each["params"]["text"], datetime.fromisoformat(each["scheduled_at"]))
        for each in found
    ]


def test_what_waits_on_the_server_follows_the_file_until_its_time(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    now = datetime.now(TEHRAN).replace(second=0, microsecond=0)
    due, later = now + timedelta(hours=2), now + timedelta(hours=3)
    files = {"channels.yaml": channels(mastodon_server), POST: post("سلام", due)}
    folder = make_workspace(tmp_path, files)
    secrets = {"TOOT_TOKEN": mastodon_server.access_token}

    def publish(said: str) -> None:
        run = smmflow(folder, "publish", secrets=secrets)
        assert (run.returncode, run.stderr) == (0, "")
        assert said in run.stdout, run.stdout

    assert "To be handed over\n  > toot" in smmflow(folder, "plan").stdout
    publish("handed over  launch on toot")
    assert waiting(mastodon_server) == [("سلام", due)]
    publish("0 published, 0 not, 0 held")
    assert "1 handed over" in smmflow(folder, "plan").stdout

    (folder / POST).write_text(post("سلام", later))
    assert "~ reschedule  launch on toot" in smmflow(folder, "plan").stdout
    publish("0 published, 1 handed over, 0 not, 0 held")
    assert waiting(mastodon_server) == [("سلام", later)]

    (folder / POST).write_text(post("درود", later))
    publish("cancelled  launch on toot")
    assert waiting(mastodon_server) == []
    publish("handed over  launch on toot")
    assert waiting(mastodon_server) == [("درود", later)]

    frozen = smmflow(folder, "freeze", "زلزله", "--owner", "سارا")
    assert frozen.returncode == 0, frozen.stderr
    publish("cancelled  launch on toot")
    assert waiting(mastodon_server) == []
    assert smmflow(folder, "unfreeze").returncode == 0
    publish("handed over  launch on toot")

    (folder / POST).unlink()
    publish("cancelled  launch on toot")
    assert waiting(mastodon_server) == []
    story = smmflow(folder, "log", "launch").stdout
    assert "rescheduled from" in story
    assert story.count("cancelled  launch on toot") == 3
    plan = json.loads(smmflow(folder, "plan", "--format", "json").stdout)
    assert plan["actions"] == []
