"""Pydantic's errors as findings: the way to the value, and words for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from smmflow.content.rules import EMITTED
from smmflow.diagnostics import Finding, Place, Severity

__all__ = ["findings_of", "suggestion"]

Keys = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "keys with values",
    "mapping_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "dataclass_type": "keys with values",
    "url_type": "an address",
    "date_type": "a date",
    "datetime_type": "a date and time",
    "time_type": "a time",
}


def findings_of(
    error: ValidationError,
    path: str,
    given: object,
    model: type[BaseModel],
    at: Keys = (),
) -> tuple[Finding, ...]:
    """Return a finding for each fault that validation found.

    Args:
        error: What validation found.
        path: The file.
        given: The values that were validated.
        model: What they were validated against.
        at: The way from the top of the file to `given`.
    """
    found: dict[Keys, Finding] = {}
    for details in error.errors(include_url=False):
        keys, on_key = _way(details["loc"], given, details["type"])
        if details.get("ctx", {}).get("key"):
            keys += (details["ctx"]["key"],)
        place = Place(path, at + keys, on_key=on_key)
        found.setdefault(keys, _finding(details, keys, model, place))
    return tuple(
        finding
        for keys, finding in found.items()
        if finding.rule != "wrong-type" or not _has_below(keys, found)
    )


def _has_below(keys: Keys, found: Mapping[Keys, Finding]) -> bool:
    """Tell whether a fault lies inside: then the other form of a value was meant."""
    return any(len(each) > len(keys) and each[: len(keys)] == keys for each in found)


def _way(
    location: tuple[int | str, ...], given: object, kind: str
) -> tuple[Keys, bool]:
    """Return the way to a fault through what was given, without names of union arms."""
    keys: list[str | int] = []
    here = given
    on_key = kind == "extra_forbidden"
    for position, piece in enumerate(location):
        # Two branches, for mypy narrows each and not their `or`.
        if isinstance(here, Mapping) and piece in here:  # noqa: SIM114  (see above)
            here = here[piece]
        elif isinstance(here, list) and isinstance(piece, int) and piece < len(here):
            here = here[piece]
        elif piece == "[key]":
            on_key = True
            continue
        elif kind != "missing" or position < len(location) - 1:
            continue
        keys.append(piece)
    return tuple(keys), on_key


def _finding(
    details: ErrorDetails,
    keys: Keys,
    model: type[BaseModel],
    place: Place,
) -> Finding:
    kind, value = details["type"], details["input"]
    key = keys[-1] if keys else ""
    if kind in EMITTED:
        rule, hint = kind, str(details.get("ctx", {}).get("hint", ""))
        message = details["msg"]
    elif kind == "missing":
        rule, message = "missing-key", f"the key `{key}` is missing"
        told = _description(model, keys)
        hint = f"add a line `{key}: ...`" + (f" ({told})" if told else "")
    elif kind == "extra_forbidden":
        rule, message = "unknown-key", f"there is no key `{key}` here"
        hint = suggestion(str(key), _known(model, keys[:-1]))
    elif kind in _EXPECTED:
        rule = "wrong-type"
        message = f"{_subject(keys)} must be {_EXPECTED[kind]}, not {_name(value)}"
        hint = _entry_hint(details, keys, model) or _type_hint(_EXPECTED[kind], value)
    elif kind == "string_pattern_mismatch":
        rule, message = "bad-value", f"{_subject(keys)} can't be {_name(value)}"
        hint = _description(model, keys)
    else:
        rule = "bad-value"
        message, hint = _wording(details, keys)
    return Finding(rule, Severity.ERROR, message, place, hint)


def _subject(keys: Keys) -> str:
    words = [str(key) for key in keys if isinstance(key, str)]
    if not words:
        return "the file"
    if isinstance(keys[-1], int):
        return f"entry {keys[-1] + 1} of `{words[-1]}`"
    return f"`{words[-1]}`"


def _name(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {json.dumps(value, ensure_ascii=False)}"
        case list() | tuple():
            return "a list"
        case _:
            return "keys with values"


def _entry_hint(details: ErrorDetails, keys: Keys, model: type[BaseModel]) -> str:
    """Return how to write entries that have keys, where bare words were given."""
    value, known = details["input"], _known(model, keys)
    if not isinstance(value, str) or not known:
        return ""
    entry = f"{{{known[0]}: {value}}}"
    if _EXPECTED[details["type"]] == "a list":
        return f"write it as [{entry}]"
    return f"write it as {entry}" if keys and isinstance(keys[-1], int) else ""


def _type_hint(expected: str, value: object) -> str:  # noqa: PLR0911  (a table)
    match expected, value:
        case _, None:
            return "give a value, or take the key away"
        case "text", bool() | int() | float():
            written = _name(value).removeprefix("the number ")
            return f'put quotes around it: "{written}"'
        case "true or false", str() if value.lower() in ("yes", "on", "y"):
            return "write true"
        case "true or false", str() if value.lower() in ("no", "off", "n"):
            return "write false"
        case "a list", str() | int() | float():
            return f"write it in brackets: [{value}]"
        case "a list", dict():
            return "begin each entry with a hyphen, as in `- key: value`"
        case "a whole number" | "a number", str():
            return "write the number without quotes"
        case "keys with values", str():
            return "write `key: value` pairs, one on a line"
        case _:
            return ""


def _wording(  # noqa: PLR0911  (a table of error types, one return a row)
    details: ErrorDetails, keys: Keys
) -> tuple[str, str]:
    context: dict[str, Any] = details.get("ctx", {})
    subject = _subject(keys)
    match details["type"]:
        case "literal_error" | "enum":
            value = _name(details["input"])
            expected = str(context.get("expected", "")).replace("'", "")
            hint = f"write one of: {expected.replace(' or ', ', ')}"
            return f"{subject} can't be {value}", hint
        case "greater_than_equal":
            return f"{subject} must be at least {context['ge']}", ""
        case "greater_than":
            return f"{subject} must be more than {context['gt']}", ""
        case "less_than_equal":
            return f"{subject} must be at most {context['le']}", ""
        case "less_than":
            return f"{subject} must be less than {context['lt']}", ""
        case "too_short":
            return f"{subject} needs at least {context['min_length']} entries", ""
        case "too_long":
            return f"{subject} takes at most {context['max_length']} entries", ""
        case "string_too_short":
            return f"{subject} is empty", "give a value, or take the key away"
        case "string_too_long":
            length = context["max_length"]
            return f"{subject} takes at most {length} characters", ""
        case _:
            reason = details["msg"].removeprefix("Value error, ")
            return f"{subject} can't be used: {reason[:1].lower()}{reason[1:]}", ""


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """Return a hint that names the most similar word there is."""
    lowered = word.lower().replace("-", "_").replace(" ", "_")
    close = get_close_matches(lowered, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known here: {', '.join(known)}" if known else ""


def _known(model: type[BaseModel], keys: Keys) -> tuple[str, ...]:
    """Return the keys that a mapping inside a model may have."""
    here = _inside(model, keys)
    if here is None:
        return ()
    return tuple(field.alias or name for name, field in _fields(here))


def _description(model: type[BaseModel], keys: Keys) -> str:
    """Return what the schema says a key is for; empty if it says nothing."""
    here = _inside(model, keys[:-1])
    named = {} if here is None else {f.alias or n: f for n, f in _fields(here)}
    field = named.get(str(keys[-1])) if keys else None
    return str(field.description or "") if field else ""


def _inside(model: type[BaseModel], keys: Keys) -> type[BaseModel] | None:
    """Return the model of the mapping that keys lead to; None if it has none."""
    here: type[BaseModel] | None = model
    for key in keys:
        if isinstance(key, int) or here is None:
            continue
        by_name = {field.alias or name: field for name, field in _fields(here)}
        if key in by_name:
            here = next(_models(by_name[key].annotation), None)
    return here


def _fields(model: type[BaseModel]) -> list[tuple[str, Any]]:
    return list(model.model_fields.items())


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
