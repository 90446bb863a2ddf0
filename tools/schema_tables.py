"""JSON Schemas as Markdown tables: one row a key, one table a form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["schema_tables"]

Schema = Mapping[str, Any]
_UNSET = object()
_DURATION = re.compile(r"P(?:T?)(\d+)([WDHMS])")
"""pydantic's schemas write lengths of time by ISO 8601; files write `10m`."""


def schema_tables(schema: Schema) -> str:
    """Return the keys of a form, then those of the forms within it."""
    tables = [_table(schema)]
    for name, form in schema.get("$defs", {}).items():
        if "enum" in form:
            choices = ", ".join(_code(each) for each in form["enum"])
            tables.append(f"**`{_word(name)}`**: one of {choices}")
        elif form.get("properties"):
            tables.append(f"**`{_word(name)}`**: {form.get('description', '')}")
            tables.append(_table(form))
    return "\n\n".join(tables)


def _table(form: Schema) -> str:
    rows = ["| Key | Value | Default | Meaning |", "| --- | --- | --- | --- |"]
    required = form.get("required", ())
    for key, value in form.get("properties", {}).items():
        shown = "required" if key in required else _default(value)
        rows.append(f"| `{key}` | {_kind(value)} | {shown} | {_meaning(value)} |")
    return "\n".join(rows)


def _default(value: Schema) -> str:
    default = value.get("default", _UNSET)
    if default is _UNSET or default is None or default in ("", [], {}):
        return ""
    if isinstance(default, str) and (found := _DURATION.fullmatch(default)):
        return _code(f"{found[1]}{found[2].lower()}")
    return _code(default)


def _kind(value: Schema) -> str:
    if "$ref" in value:
        return f"`{_word(value['$ref'].rpartition('/')[2])}`"
    if "const" in value:
        return _code(value["const"])
    if "enum" in value:
        return ", ".join(_code(each) for each in value["enum"])
    if choices := value.get("anyOf") or value.get("oneOf"):
        kinds = (_kind(each) for each in choices if each.get("type") != "null")
        return " or ".join(dict.fromkeys(kinds))
    return _plain(value)


def _plain(value: Schema) -> str:
    match value.get("type"):
        case "array":
            return f"list of {_kind(value.get('items', {}))}"
        case "object":
            inner = value.get("additionalProperties")
            return f"names to {_kind(inner)}" if isinstance(inner, Mapping) else "names"
        case "boolean":
            return "true or false"
        case "string":
            return "text"
        case "integer" | "number" as number:
            return f"{number}{_bounds(value)}"
        case _:
            return "anything"


def _bounds(value: Schema) -> str:
    least, most = value.get("minimum"), value.get("maximum")
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return "" if least is None else f" of at least {least}"


def _meaning(value: Schema) -> str:
    words = [each.get("description", "") for each in (value, *value.get("anyOf", ()))]
    told = next(filter(None, words), "").rstrip(".")
    examples = ", ".join(_code(each) for each in _examples(value))
    if examples:
        told = f"{told}: {examples}" if told else f"As in {examples}"
    return told.replace("|", "\\|")


def _examples(value: Schema) -> Iterator[Any]:
    examples: Sequence[Any] = value.get("examples", ())
    yield from examples


def _code(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`"


def _word(name: str) -> str:
    return name.removesuffix("Form").lower()
