"""All rules by name, collected from the modules listed here."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType

from smmflow.checks import (
    alt,
    attached,
    calendar,
    controls,
    crowds,
    duplicates,
    files,
    forms,
    gone,
    hiding,
    ignores,
    labels,
    links,
    media,
    mentions,
    metadata,
    names,
    polls,
    script,
    shape,
    strategy,
    tags,
    templates,
    text,
    threads,
    time,
    voice,
)
from smmflow.checks.rule import Rule

__all__ = ["RULES"]

_MODULES = (
    alt,
    attached,
    calendar,
    controls,
    crowds,
    duplicates,
    files,
    forms,
    gone,
    hiding,
    ignores,
    labels,
    links,
    media,
    mentions,
    metadata,
    names,
    polls,
    script,
    shape,
    strategy,
    tags,
    templates,
    text,
    threads,
    time,
    voice,
)


def _collect(modules: Iterable[ModuleType]) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for module in modules:
        for public in module.__all__:
            each = getattr(module, public)
            if not inspect.isclass(each) or not issubclass(each, Rule):
                continue
            rule = each()
            if rule.name in found:
                raise ValueError(f"two rules are called {rule.name}")
            found[rule.name] = rule
    return MappingProxyType(dict(sorted(found.items())))


RULES: Mapping[str, Rule] = _collect(_MODULES)
"""Every rule by its name, sorted by name."""
