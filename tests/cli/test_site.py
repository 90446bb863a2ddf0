from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import make_workspace, smmflow

POST = """\
---
title: سلام
publish_at: 2026-11-01 09:00
channels: [site]
language: fa
---
سلام، دنیا.
"""


def published(folder: Path) -> Path:
    make_workspace(folder, {"content/posts/salam.md": POST})
    assert smmflow(folder, "publish").returncode == 0
    return folder


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = published(tmp_path / "workspace")
    now = ("--now", "2026-11-23T00:00Z")
    for name in ("one", "two"):
        run = smmflow(folder, "site", "--output", str(tmp_path / name), *now)
        assert (run.returncode, run.stderr) == (0, "")
        assert f"open {tmp_path / name}/index.html" in run.stdout
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two
    assert "سلام، دنیا." in one[Path("posts/salam/index.html")].decode()


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    folder = published(tmp_path / "workspace")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "index.html").write_text("mine")
    run = smmflow(folder, "site", "--output", str(mine))
    assert run.returncode == 2
    assert "smmflow did not make it" in run.stderr
    assert [path.name for path in mine.iterdir()] == ["index.html"]
    assert (mine / "index.html").read_text() == "mine"


def test_a_workspace_without_a_site_says_what_to_add(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": "title: A\nchannels: {}\n"})
    run = smmflow(folder, "site")
    assert run.returncode == 2
    assert "hint: add to channels.yaml: `site: {network: site" in run.stderr
    assert not (folder / "public").exists()
