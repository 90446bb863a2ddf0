from __future__ import annotations

import json
from pathlib import Path

from smmflow.content import KINDS
from tests.cli.terminal import smmflow


def test_without_a_kind_the_kinds_are_listed(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "schema")
    assert (run.returncode, run.stdout.split()) == (0, list(KINDS))


def test_a_schema_is_json_with_every_key_of_the_file(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "schema", "post")
    assert run.returncode == 0
    schema = json.loads(run.stdout)
    assert {"title", "publish_at", "channels", "media"} <= set(schema["properties"])


def test_an_unknown_kind_names_the_known_ones(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "schema", "poem")
    assert run.returncode == 2
    assert "there is no kind poem; known: " in run.stderr
