from __future__ import annotations

import re

from smmflow import errors


def classes() -> dict[str, type[errors.SmmflowError]]:
    return {name: getattr(errors, name) for name in errors.__all__}


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    (?P<lines>[│├└─ ]*)(?P<name>\w+) {2,}\d", line)
        if match is None:
            continue
        depth = len(match["lines"]) // 4
        path[depth:] = [match["name"]]
        drawn[match["name"]] = path[depth - 1] if depth else "Exception"
    assert drawn == {
        name: each.__bases__[0].__name__ for name, each in classes().items()
    }


def test_the_docstring_gives_every_exit_code() -> None:
    told = dict(re.findall(r"(\w+) {2,}(\d)", errors.__doc__ or ""))
    assert told == {name: str(each.exit_code) for name, each in classes().items()}


def test_an_error_carries_what_to_do_next() -> None:
    problem = errors.RateLimited("too many requests", retry_after=2.5, hint="wait")
    assert str(problem) == "too many requests"
    assert (problem.hint, problem.retry_after) == ("wait", 2.5)
