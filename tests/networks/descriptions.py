"""Networks' own descriptions of their APIs, and our requests held against them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent


def description(name: str) -> Json:
    """Read a description; skip the test where descriptions are not at hand."""
    folder = Path(os.environ.get("SMMFLOW_API_SPECS", ROOT / "../shared/api-specs"))
    path = folder / name
    if not path.is_file():
        pytest.skip(f"no API description {name}: set SMMFLOW_API_SPECS")
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def at_hand(name: str) -> bool:
    """Whether a description can be read; vendors go without where it can't."""
    folder = Path(os.environ.get("SMMFLOW_API_SPECS", ROOT / "../shared/api-specs"))
    return (folder / name).is_file()


class OpenApi:
    """An OpenAPI description; bodies may hold no field that it does not know.

    Args:
        name: Of the file, as in `x/x.trimmed.json`.
        base: What paths of requests begin with and the description's don't.
    """

    def __init__(self, name: str, *, base: str = "") -> None:
        self._spec = description(name)
        self._base = base
        self._registry = _registry(self._spec)

    def faults(self, request: httpx.Request) -> Iterator[str]:
        """What is wrong with a request: path, query, body."""
        path, operation = self._operation(request)
        parameters = map(self._resolved, operation.get("parameters", []))
        names = {each["name"] for each in parameters}
        for name in request.url.params:
            if name not in names and name.removesuffix("[]") not in names:
                yield f"{path}: no parameter {name}"
        if request.headers.get("content-type", "").startswith("application/json"):
            pointer = _pointer(
                "paths",
                path,
                request.method.lower(),
                "requestBody",
                "content",
                "application/json",
                "schema",
            )
            # `anyOf` of closed alternatives refuses the fields they share, so fields
            # are compared with all that any alternative knows.
            body = json.loads(request.content)
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            known = set(self._fields(schema))
            if known:  # else it is an object of whatever fields
                yield from (f"{path}: no field {name}" for name in body.keys() - known)
            validator = OAS31Validator(
                {"$ref": f"urn:spec#{pointer}"}, registry=self._registry
            )
            for error in validator.iter_errors(body):
                yield f"{path}: {error.message}"

    def against(
        self, where: tuple[str, ...], value: Json, *, besides: frozenset[str]
    ) -> Iterator[str]:
        """What is wrong with an object by one of the description's schemas.

        Args:
            where: Steps to the schema.
            value: The object.
            besides: Fields that it may have although the schema does not name them.
        """
        schema: Any = self._spec
        for step in where:
            schema = schema[step]
        unknown = value.keys() - set(self._fields(schema)) - besides
        yield from (f"{where[-1]}: no field {name}" for name in unknown)
        validator = OAS31Validator(
            {"$ref": f"urn:spec#{_pointer(*where)}"}, registry=self._registry
        )
        yield from (error.message for error in validator.iter_errors(value))

    def answer_faults(self, request: httpx.Request, answer: object) -> Iterator[str]:
        """What is wrong with the JSON of an answer that carried a request out."""
        path, operation = self._operation(request)
        code = next(each for each in operation["responses"] if each.startswith("2"))
        steps = ("responses", code, "content", "application/json", "schema")
        pointer = _pointer("paths", path, request.method.lower(), *steps)
        validator = OAS31Validator(
            {"$ref": f"urn:spec#{pointer}"}, registry=self._registry
        )
        for error in validator.iter_errors(answer):
            yield f"{path} answers: {error.message}"

    def _operation(self, request: httpx.Request) -> tuple[str, Json]:
        for path, methods in self._spec["paths"].items():
            pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
            method = request.method.lower()
            asked = request.url.path.removeprefix(self._base)
            if re.fullmatch(pattern, asked) and method in methods:
                return path, methods[method]
        raise AssertionError(f"no operation {request.method} {request.url.path}")

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found: Any = self._spec
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def _fields(self, schema: Json) -> Iterator[str]:
        schema = self._resolved(schema)
        yield from schema.get("properties", {})
        for key in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(key, []):
                yield from self._fields(each)


class Methods:
    """JSON Schemas by `VERB /path`, as Meta and WordPress describe their requests.

    Args:
        name: Of the file, as in `threads/threads.schema.json`.
        base: What paths of requests begin with and the description's don't.
    """

    def __init__(self, name: str, *, base: str = "") -> None:
        self._spec = description(name)
        self._registry = _registry(self._spec)
        self._base = base

    def faults(
        self, request: httpx.Request, sent: Json, *, path: str = ""
    ) -> Iterator[str]:
        """What is wrong with a request.

        Args:
            request: Of which method and path are looked at.
            sent: All its parameters, of query and body, the token left out.
            path: As the description calls it, where several would fit.
        """
        method = path or self._method(request)
        pointer = _pointer("methods", method, "request")
        validator = Draft202012Validator(
            {"$ref": f"urn:spec#{pointer}"}, registry=self._registry
        )
        for error in validator.iter_errors(sent):
            yield f"{method}: {error.message}"

    def answer_faults(self, method: str, answer: object) -> Iterator[str]:
        """What is wrong with an answer, as the description calls its method."""
        pointer = _pointer("methods", method, "response")
        validator = Draft202012Validator(
            {"$ref": f"urn:spec#{pointer}"}, registry=self._registry
        )
        for error in validator.iter_errors(answer):
            yield f"{method} answers: {error.message}"

    def node_faults(self, node: str, value: object) -> Iterator[str]:
        """What is wrong with a node in an answer, as Meta describes nodes."""
        validator = Draft202012Validator(
            {"$ref": f"urn:spec#{_pointer('$defs', node)}"}, registry=self._registry
        )
        for error in validator.iter_errors(value):
            yield f"{node}: {error.message}"

    def _method(self, request: httpx.Request) -> str:
        asked = request.url.path.removeprefix(self._base)
        if (exactly := f"{request.method} {asked}") in self._spec["methods"]:
            return exactly
        for name in self._spec["methods"]:
            verb, _, path = name.partition(" ")
            pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
            if verb == request.method and re.fullmatch(pattern, asked):
                return str(name)
        raise AssertionError(f"no operation {request.method} {request.url.path}")


class Definitions:
    """JSON Schemas of methods' arguments by name, as Slack's SDK describes them.

    Args:
        name: Of the file, as in `slack/slack.types.schema.json`.
    """

    def __init__(self, name: str) -> None:
        self._spec = description(name)

    def faults(self, name: str, sent: Json) -> Iterator[str]:
        """What is wrong with arguments.

        Args:
            name: Of their definition; of one that is not there nothing is known.
            sent: All of them, the token left out.
        """
        if name not in self._spec["definitions"]:
            return
        pointer = {"$ref": f"#/definitions/{name}"}
        validator = Draft7Validator({**self._spec, **pointer})
        for error in validator.iter_errors(sent):
            yield f"{name}: {error.message}"

    def fields(self, name: str) -> frozenset[str]:
        """The fields that an object has by its definition; none if there is none."""
        definition = self._spec["definitions"].get(name, {})
        return frozenset(definition.get("properties", {}))


class Lexicons:
    """The lexicons as JSON Schema, every object closed against unknown fields."""

    def __init__(self) -> None:
        self._spec = description("bluesky/bluesky.schema.json")
        self._registry = _registry(_closed(self._spec))

    def faults(self, request: httpx.Request) -> Iterator[str]:
        """What is wrong with a request: its query, its body, the record in it."""
        name = request.url.path.removeprefix("/xrpc/")
        method = self._spec["methods"][name]
        if (method["type"] == "procedure") != (request.method == "POST"):
            yield f"{name}: {request.method}"
        allowed = (method.get("params") or {}).get("properties", {})
        for parameter in request.url.params:
            if parameter not in allowed:
                yield f"{name}: no parameter {parameter}"
        if request.headers.get("content-type") == "application/json":
            body = json.loads(request.content)
            yield from self._against(_pointer("methods", name, "input", "schema"), body)
            if "record" in body:
                yield from self._against(
                    _pointer("$defs", "app.bsky.feed.post"), body["record"]
                )

    def _against(self, pointer: str, body: Json) -> Iterator[str]:
        validator = Draft202012Validator(
            {"$ref": f"urn:spec#{pointer}"}, registry=self._registry
        )
        for error in validator.iter_errors(body):
            yield f"{pointer}: {error.message}"


def faults_of(schema: Json, value: object) -> Iterator[str]:
    """What a JSON Schema of its own says is wrong with a value."""
    for error in Draft7Validator(schema).iter_errors(value):
        yield error.message


def _registry(spec: Json) -> Registry[Any]:
    content = {key: value for key, value in spec.items() if key != "$schema"}
    resource = DRAFT202012.create_resource(content)
    registry: Registry[Any] = Registry().with_resource("urn:spec", resource)
    return registry


def _pointer(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _closed(node: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    composed = {"allOf", "anyOf", "oneOf"} & node.keys()
    properties = node.get("properties")
    # A schema of nothing but `$type` tells the members of a union apart.
    tag = isinstance(properties, dict) and properties.keys() == {"$type"}
    if isinstance(properties, dict) and not composed and not tag:
        closed["properties"].setdefault("$type", {})
        closed.setdefault("additionalProperties", False)
    return closed
