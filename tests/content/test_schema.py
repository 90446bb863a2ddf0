"""The schemas that editors use: valid, and of one mind with what is loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from smmflow.content import KINDS, schema
from smmflow.content.files import read_file
from smmflow.errors import UsageError

REPOSITORY = Path(__file__).resolve().parents[2]
OWN_FILES = [
    (kind, path.relative_to(REPOSITORY).as_posix())
    for kind in KINDS
    for path in sorted(REPOSITORY.glob(KINDS[kind].where))
]


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema(kind))


def values_of(kind: str, path: str) -> dict[str, object]:
    parsed = read_file(REPOSITORY, path, optional=kind == "template")
    assert parsed.values is not None
    return parsed.values


def faults(kind: str, values: object) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(values)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_schema_is_valid_and_says_which_draft_it_is_of(kind: str) -> None:
    found = schema(kind)
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert found["title"] == f"smmflow {kind}"


def test_the_repository_has_a_file_of_every_kind() -> None:
    assert {kind for kind, _ in OWN_FILES} == set(KINDS)


@pytest.mark.parametrize(("kind", "path"), OWN_FILES)
def test_the_repository_s_own_files_are_accepted(kind: str, path: str) -> None:
    assert faults(kind, values_of(kind, path)) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_unknown_key_is_refused(kind: str) -> None:
    path = next(path for each, path in OWN_FILES if each == kind)
    (fault,) = faults(kind, {**values_of(kind, path), "نشانی": 1})
    assert "نشانی" in fault


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("calendar", {"slots": {"mornings": {"at": ["09:30"], "dayz": []}}}),
        ("calendar", {"quiet_hours": [{"from": "23:00", "to": "07:00", "x": 1}]}),
        ("campaign", {"title": "x", "links": {"tags": True}}),
        ("channels", {"channels": {"a": {"network": "site", "handle": "x"}}}),
        ("channels", {"channels": {"a": {"network": "nowhere"}}}),
        ("channels", {"channels": {"a": {}}}),
        ("post", {"title": "x", "media": [{"file": "media/x.png", "alts": "x"}]}),
        ("post", {"title": "x", "poll": {"options": ["بله", "نه"], "open": "1d"}}),
        ("strategy", {"voice": {"avoids": []}}),
        ("team", {"people": {"sara": {"name": "سارا", "role": "editor"}}}),
    ],
)
def test_an_unknown_key_further_in_is_refused(
    kind: str, values: dict[str, object]
) -> None:
    assert faults(kind, values)


@pytest.mark.parametrize("name", ["from_", "to_"])
def test_keys_are_those_of_files_and_not_those_of_code(name: str) -> None:
    assert faults("campaign", {"title": "x", "from": "2026-12-01"}) == []
    assert faults("campaign", {"title": "x", name: "2026-12-01"})


def test_a_kind_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="posts") as caught:
        schema("posts")
    assert "post" in caught.value.hint
    assert "campaign" in caught.value.hint
