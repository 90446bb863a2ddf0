"""GitHub's own description of its API, and requests and responses held against it."""

import json
import os
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

Json = Any
ROOT = Path(__file__).parent.parent.parent
SPECS = Path(os.environ.get("SMMFLOW_API_SPECS", ROOT / "../shared/api-specs"))
REVIEWS = "github/pulls-reviews-checks.json"
FILES = "github/github.trimmed.json"
MORE = (
    Path(__file__).with_name("github-commits.json"),
    Path(__file__).with_name("github-actions.json"),
    Path(__file__).with_name("github-secrets.json"),
)
"""More operations of npm `@octokit/openapi` 23.0.2 (MIT), which is GitHub's own
github/rest-api-description; words and examples are left out."""
API = "https://api.github.com"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    by: str
    """The account whose token came with it; empty if none did."""

    @property
    def fields(self) -> Json:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    status: int
    content: Json = None


@dataclass(frozen=True)
class Operation:
    """One operation of the description, and the parameters in a path that matched."""

    description: "Description"
    path: str
    content: Json
    parameters: Mapping[str, str]

    @property
    def name(self) -> str:
        return re.sub(r"\W", "_", self.content["operationId"])


class Description:
    """An OpenAPI description that requests and responses are held against."""

    def __init__(self, content: Json) -> None:
        from openapi_core import Config, OpenAPI  # noqa: PLC0415 - it takes a second

        self.content = content
        unjudged = Config(spec_validator_cls=None)  # type: ignore[arg-type]  # documented
        self._api = OpenAPI.from_dict(content, config=unjudged)
        self._routes = [
            (method.upper(), _pattern(path), path, operation)
            for path, operations in content["paths"].items()
            for method, operation in operations.items()
        ]

    def find(self, method: str, path: str) -> Operation | None:
        for known, pattern, template, content in self._routes:
            found = pattern.fullmatch(path) if method == known else None
            if found:
                values = {key: unquote(each) for key, each in found.groupdict().items()}
                return Operation(self, template, content, values)
        return None

    def faults(
        self, operation: Operation, asked: Asked, answer: Answer | None = None
    ) -> list[str]:
        """What is wrong with a request, or with the response to it."""
        from openapi_core.testing import (  # noqa: PLC0415 - as above
            MockRequest,
            MockResponse,
        )

        path = re.sub(
            r"\{(\w+)\}",
            lambda found: quote(operation.parameters[found[1]], safe=""),
            operation.path,
        )
        request = MockRequest(
            API,
            asked.method.lower(),
            path,
            args=asked.query,
            data=asked.body or None,
            content_type="application/json",
        )
        try:
            if answer is None:
                self._api.validate_request(request)
            else:
                content = json.dumps(answer.content).encode()
                response = MockResponse(
                    content, status_code=answer.status, content_type="application/json"
                )
                self._api.validate_response(request, response)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is a fault
            return _told(problem)
        return []

    def example(self, operation: Operation, status: int) -> Json:
        response = self._resolved(operation.content["responses"][str(status)])
        examples = response["content"]["application/json"].get("examples")
        if not examples:
            return {}
        first = self._resolved(next(iter(examples.values())))["value"]
        return deepcopy(first[0] if isinstance(first, list) else first)

    def least(self, name: str, **facts: Json) -> Json:
        """The least that fits a schema of this name, with the facts laid over it."""
        schema = {"$ref": f"#/components/schemas/{name}"}
        return laid_over(self._least(schema), facts)

    def _least(self, schema: Json) -> Json:
        schema = self._resolved(schema)
        if schema.get("nullable"):
            return None
        for choice in ("allOf", "oneOf", "anyOf"):
            if choice in schema:
                return self._least(schema[choice][0])
        match schema.get("type"):
            case "object":
                known, required = schema["properties"], schema.get("required", [])
                return {key: self._least(known[key]) for key in required}
            case "string":
                of_format = {"uri": API, "date-time": "2026-01-01T00:00:00Z"}
                plain = of_format.get(schema.get("format"), "x")
                return schema.get("enum", [plain])[0]
            case kind:
                return {"array": [], "boolean": False}.get(kind, 0)

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found = self.content
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node


def like(operation: Operation, **facts: Json) -> Json:
    return laid_over(operation.description.example(operation, 200), facts)


def laid_over(below: Json, facts: Json) -> Json:
    for key, value in facts.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            laid_over(below[key], value)
        else:
            below[key] = value
    return below


def _pattern(path: str) -> re.Pattern[str]:
    several = re.sub(r"\\\{(path|ref|branch)\\\}$", r"(?P<\1>.+)", re.escape(path))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", several))


def _told(problem: BaseException) -> list[str]:
    while problem.__cause__:
        problem = problem.__cause__
    errors = getattr(problem, "schema_errors", [])
    return [f"{list(each.absolute_path)} {each.message[:200]}" for each in errors] or [
        f"{type(problem).__name__}: {problem}"
    ]


@cache
def descriptions() -> tuple[Description, ...]:
    """GitHub's descriptions; skips the test where they are not at hand."""
    given = (SPECS / REVIEWS, SPECS / FILES)
    for path in given:
        if not path.is_file():
            pytest.skip(f"no API description {path.name}: set SMMFLOW_API_SPECS")
    return tuple(Description(json.loads(each.read_bytes())) for each in (*given, *MORE))
