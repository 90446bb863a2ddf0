from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from smmflow import workflow
from smmflow.checks.basis import basis_of, code_digest
from smmflow.diagnostics import Finding
from smmflow.model.capabilities import Capabilities, Limit
from smmflow.store import Known

_NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
_FILES = {
    "channels.yaml": """\
title: Brand
language: en
channels:
  mastodon: {network: mastodon, instance: https://mastodon.example, handle: brand,
    secrets: {token: TOKEN}}
  bluesky: {network: bluesky, handle: brand.example, secrets: {password: PASSWORD}}
""",
    "calendar.yaml": "timezone: Asia/Tehran\nmin_gap: 10m\n",
    "strategy.md": """\
---
pillars: [{id: craft, title: Craft, share: 100%}]
voice: {avoid: [revolutionary], disclosures: ["#ad"]}
---
Plainly.
""",
    "content/campaigns/launch.md": """\
---
title: Launch
from: 2026-11-01
to: 2026-12-30
variables: {word: better}
---
""",
    "content/templates/footer.md": "---\ntitle: Footer\n---\nSee you.\n",
    "content/posts/hello.md": """\
---
title: Hello
publish_at: 2026-12-01 09:00
channels: [mastodon, bluesky]
campaign: launch
pillar: craft
media: [{file: media/a.png, alt: A square}]
---
The {{ campaign.word }} release of {{ workspace.title }} is here. {% include "footer" %}
""",
    "content/posts/salam.md": """\
---
title: سلام
publish_at: 2026-12-02 09:00
channels: [mastodon, bluesky]
language: fa
pillar: craft
---
سلام دنیا، **می‌نویسیم** و منتشر می‌کنیم. #نرم‌افزار
""",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    folder = tmp_path / "workspace"
    for path, text in _FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "content/media").mkdir()
    Image.new("RGB", (10, 10)).save(folder / "content/media/a.png")
    return folder


def _memory(root: Path) -> Path:
    return root / ".smmflow/cache/verdicts.json"


def _findings(
    root: Path,
    *,
    remember: bool = True,
    known: Known | None = None,
    now: datetime = _NOW,
) -> tuple[Finding, ...]:
    workspace = workflow.load(root, remember=remember)
    prepared = workflow.prepare(workspace, known or Known(), now, remember=remember)
    return workflow.located(prepared)


def _rules(findings: tuple[Finding, ...]) -> set[str]:
    return {each.rule for each in findings}


_LONG = "A very long sentence indeed. " * 60
_CHANGES: Mapping[str, tuple[str, str, str]] = {
    "the post": ("content/posts/hello.md", "release of", "http://a.example of"),
    "its front matter": ("content/posts/hello.md", ", alt: A square", ""),
    "a template": ("content/templates/footer.md", "See you.", _LONG),
    "a template that breaks": ("content/templates/footer.md", "See you.", "{{ you }}"),
    "a campaign": ("content/campaigns/launch.md", "better", "revolutionary"),
    "a variable that goes": ("content/campaigns/launch.md", "word:", "words:"),
    "the strategy": ("strategy.md", "revolutionary", "release"),
    "the title": ("channels.yaml", "title: Brand", f"title: {_LONG}"),
    "a channel's network": (
        "channels.yaml",
        "network: bluesky, handle: brand.example, secrets: {password: PASSWORD}",
        "network: site, url: https://brand.example",
    ),
    "a channel that goes": ("channels.yaml", "  bluesky: {", "  blue: {"),
    "the calendar": ("calendar.yaml", "10m", "2d"),
    "the zone": (
        "calendar.yaml",
        "Asia/Tehran",
        "UTC\nquiet_hours: [{from: '08:00', to: '10:00'}]",
    ),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_a_change_of_any_file_is_seen_although_verdicts_are_remembered(
    root: Path, change: str
) -> None:
    path, before, after = _CHANGES[change]
    first = _findings(root)
    assert _memory(root).exists()
    text = (root / path).read_text(encoding="utf-8")
    assert before in text
    (root / path).write_text(text.replace(before, after), encoding="utf-8")
    second = _findings(root)
    assert second == _findings(root, remember=False)
    if change != "a channel's network":
        assert second != first
    assert _findings(root) == second


def test_other_bytes_of_a_picture_are_seen(root: Path) -> None:
    first = _findings(root)
    (root / "content/media/a.png").write_bytes(b"no picture")
    second = _findings(root)
    assert second == _findings(root, remember=False) != first


def test_a_picture_that_is_gone_is_missed(root: Path) -> None:
    _findings(root)
    (root / "content/media/a.png").unlink()
    assert "media-missing" in _rules(_findings(root))


def test_a_limit_of_the_instance_is_obeyed_as_soon_as_it_is_known(root: Path) -> None:
    assert "text-too-long" not in _rules(_findings(root))
    known = Known(limits={"mastodon": {"text": 20, "max_characters": 20}})
    workspace = workflow.load(root)
    maximum = workflow.capabilities_of(workspace, known)["mastodon"].text.maximum
    assert maximum == 20
    assert "text-too-long" in _rules(_findings(root, known=known))


def test_time_that_passes_is_noticed(root: Path) -> None:
    assert "past-time" not in _rules(_findings(root))
    later = _NOW + timedelta(days=90)
    found = _findings(root, now=later)
    assert found == _findings(root, now=later, remember=False)
    assert "past-time" in _rules(found)


def test_a_new_post_that_says_the_same_is_found_beside_remembered_ones(
    root: Path,
) -> None:
    _findings(root)
    text = _FILES["content/posts/salam.md"].replace("12-02", "12-03")
    (root / "content/posts/again.md").write_text(text, encoding="utf-8")
    assert "repeated-text" in _rules(_findings(root))


def test_faults_are_told_again_from_memory(root: Path) -> None:
    post = root / "content/posts/salam.md"
    text = _FILES["content/posts/salam.md"].replace("#", "http://a.example #")
    post.write_text(text + "::: only nowhere\n{{ nothing }}\n", encoding="utf-8")
    first = _findings(root)
    assert {"link-insecure", "variant-unclosed"} & _rules(first)
    assert _findings(root) == first == _findings(root, remember=False)


def test_a_memory_that_came_with_the_files_is_not_believed(root: Path) -> None:
    post = root / "content/posts/salam.md"
    text = _FILES["content/posts/salam.md"].replace("#", "http://a.example #")
    post.write_text(text, encoding="utf-8")
    assert "link-insecure" in _rules(_findings(root))
    sealed = _memory(root).read_bytes()
    stored = json.loads(sealed[64:])
    for row in stored["posts"].values():
        row[2] = []
    _memory(root).write_bytes(sealed[:64] + json.dumps(stored).encode())
    assert "link-insecure" in _rules(_findings(root))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 100, b"0" * 64 + b"{}"])
def test_a_broken_memory_is_ignored(root: Path, content: bytes) -> None:
    first = _findings(root)
    _memory(root).write_bytes(content)
    assert _findings(root) == first
    assert _findings(root) == first


def test_a_key_that_others_can_read_seals_nothing(root: Path, tmp_path: Path) -> None:
    first = _findings(root)
    (tmp_path / "caches/smmflow/seal").chmod(0o644)
    _memory(root).unlink()
    assert _findings(root) == first
    assert not _memory(root).exists()


def test_a_cache_that_leads_out_of_the_workspace_is_not_followed(
    root: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".smmflow").symlink_to(tmp_path / "elsewhere")
    _findings(root)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_memory_that_is_a_link_is_replaced_and_not_read(root: Path) -> None:
    _memory(root).parent.mkdir(parents=True)
    _memory(root).symlink_to("/dev/zero")
    first = _findings(root)
    assert not _memory(root).is_symlink()
    assert _findings(root) == first


def test_nothing_is_remembered_where_that_is_not_wanted(root: Path) -> None:
    _findings(root, remember=False)
    assert not (root / ".smmflow").exists()


def test_another_version_of_the_code_believes_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("a = 1\n")
    before = code_digest(tmp_path)
    assert code_digest(tmp_path) == before
    (tmp_path / "rule.py").write_text("a = 2\n")
    assert code_digest(tmp_path) != before


def test_the_basis_of_verdicts_is_the_same_for_the_same_files(root: Path) -> None:
    able = {"site": Capabilities(Limit(10))}
    bases = {basis_of(workflow.load(root), able) for _ in range(2)}
    assert len(bases) == 1
    other = {"site": replace(able["site"], text=Limit(11))}
    assert basis_of(workflow.load(root), other) not in bases
