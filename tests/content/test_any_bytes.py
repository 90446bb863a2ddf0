"""Whatever a file holds, it is loaded, and each fault of it stands inside it."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smmflow.content import EMITTED, KINDS, load, locate
from smmflow.diagnostics import Finding

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"
POST = "content/posts/نوشته.md"
KEYS = sorted(
    field.alias or name for name, field in KINDS["post"].form.model_fields.items()
)
PIECES = [
    "---\n",
    "---",
    "title: x\n",
    "title: سلام\n",
    "on: {",
    "}\n",
    "media:\n",
    "- ",
    "&a ",
    "*a\n",
    "<<: ",
    "!!",
    "!!python/name:os.system ",
    "? ",
    ": ",
    "\t",
    " ",
    "\r\n",
    "\r",
    "\n",
    "|\n",
    ">-\n",
    "%YAML 1.1\n",
    "...\n",
    "\ufeff",
    "\u200c",
    "\u2028",
    "\x85",
    "\x00",
    "۱۴۰۵-۱۲-۳۰",
    "'",
    '"',
    "\\ud800",
    "#",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner)
    ),
    max_leaves=6,
)
"""Also numbers that JSON has no word for: YAML takes `NaN` for a plain word."""


@contextmanager
def workspace(path: str, content: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, each in {"channels.yaml": CHANNELS.encode(), path: content}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(each)
        yield root


def located(path: str, content: bytes) -> Sequence[Finding]:
    """Return the findings of a workspace with one file of unknown content."""
    with workspace(path, content) as root:
        found = load(root)
        findings = locate(root, found.findings)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in findings:
        source = finding.source
        assert source is not None
        assert finding.rule in EMITTED
        assert source.path == finding.place.path == path
        assert 1 <= source.line <= len(lines)
        assert source.column >= 1
        if finding.rule not in ("wrong-encoding", "file-too-large"):
            assert source.column <= len(lines[source.line - 1]) + 1
            assert lines[source.line - 1].startswith(source.text)
    assert found.posts or path != POST or findings
    return findings


@given(st.binary(max_size=200))
@example(b"")
@example(b"---\n")
@example(b"\xff\xfe-\x00-\x00-\x00")
@example(b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n")
def test_a_post_of_any_bytes(content: bytes) -> None:
    located(POST, content)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_post_of_any_bytes_between_fences(yaml: bytes, body: bytes) -> None:
    located(POST, b"---\n" + yaml + b"\n---\n" + body)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_a_post_of_pieces_of_yaml(text: str) -> None:
    located(POST, b"---\n" + text.encode() + b"\n---\n")


@given(st.sampled_from(KEYS), st.text(max_size=40))
def test_any_text_as_a_value(key: str, text: str) -> None:
    located(POST, f"---\ntitle: x\n{key}: {text}\n---\n".encode())


@given(st.sampled_from(KEYS), st.text(max_size=40))
def test_any_text_in_quotes_as_a_value(key: str, text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    located(POST, f"---\n{key}: {quoted}\n---\n".encode())


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_any_values_of_any_shape(values: dict[str, object]) -> None:
    rows = "".join(f"{key}: {json.dumps(each)}\n" for key, each in values.items())
    located(POST, f"---\n{rows}---\n".encode())


@settings(max_examples=50)
@given(path=st.sampled_from(["calendar.yaml", "team.yaml", "strategy.md"]), data=...)
def test_settings_of_any_bytes(path: str, data: bytes) -> None:
    located(path, data)


@pytest.mark.parametrize("kind", ["calendar", "team", "strategy"])
@settings(max_examples=40)
@given(value=VALUES)
def test_settings_with_values_of_any_shape(kind: str, value: object) -> None:
    forms = KINDS[kind]
    fence = "---\n" if forms.where.endswith(".md") else ""
    rows = "".join(
        f"{field.alias or name}: {json.dumps(value)}\n"
        for name, field in forms.form.model_fields.items()
    )
    located(forms.where, f"{fence}{rows}{fence}".encode())


@given(st.text(string.digits + "۰۱۲۳۴۵۶۷۸۹-: TZ+smhdw", max_size=24))
@example("9999-12-31 23:59")
@example("0001-01-01 00:00")
@example("1405-12-30 00:00")
@example("2026-12-01 09:00 +99:99")
def test_anything_that_looks_like_a_date(text: str) -> None:
    located(POST, f'---\ntitle: x\npublish_at: "{text}"\n---\n'.encode())


@given(st.text(string.digits + "۰۱۲۳۴۵۶۷۸۹-: TZ+", max_size=24))
@example("9999-12-31")
@example("9378-10-11")
@example("1405-12-30")
def test_any_end_of_a_jalali_blackout(text: str) -> None:
    rows = f'calendar: jalali\nblackouts: [{{from: 1400-01-01, to: "{text}"}}]\n'
    located("calendar.yaml", rows.encode())
