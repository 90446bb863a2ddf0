"""A Jinja2 in which a template can read its variables, and never do anything else.

Templates come from pull requests of strangers. So the language is a list of what is
allowed: no calls, no assignments, no macros, no arithmetic beyond `+` and `-`, and
filters that can't make much of little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.loaders import DictLoader
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing, pass_context

from smmflow.composing.budget import BUDGET, MAX_CHARACTERS, Budget, TooLong, bound
from smmflow.composing.grammar import COUNTED, restrict

__all__ = ["Sandbox"]

_FILTERS = (
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "first",
    "float",
    "int",
    "last",
    "length",
    "list",
    "lower",
    "reverse",
    "sort",
    "title",
    "trim",
    "unique",
    "upper",
    "wordcount",
)
_TESTS = (
    "boolean",
    "defined",
    "eq",
    "equalto",
    "even",
    "false",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "integer",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "string",
    "true",
    "undefined",
    "upper",
)
_LOOP = frozenset(
    ["first", "index", "index0", "last", "length", "revindex", "revindex0"]
)


class _Unknown(StrictUndefined):
    """A name that is not there; using it says so, and which name is near."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        message = f"there is no `{self._undefined_name}`"
        if isinstance(self._undefined_obj, Mapping):
            names = [
                str(each)
                for each in self._undefined_obj
                if not str(each).startswith("_")
            ]
            close = get_close_matches(str(self._undefined_name), names, n=1)
            if close:
                message += f"; did you mean `{close[0]}`?"
        return message


class _Names(Context):
    def resolve_or_missing(self, key: str) -> object:
        found = super().resolve_or_missing(key)
        return _Unknown(obj=self.parent, name=key) if found is missing else found


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that posts are rendered in.

    It escapes nothing: posts are text, and pages escape on their own.

    Args:
        templates: What `{% include %}` finds, by name.
    """

    intercepted_binops = frozenset({"+", "-"})
    context_class = _Names

    def __init__(self, templates: Mapping[str, str]) -> None:
        super().__init__(
            loader=DictLoader(templates),
            undefined=_Unknown,
            finalize=_written,
            autoescape=False,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=-1,
        )
        self.globals.clear()
        self.filters = {name: FILTERS[name] for name in _FILTERS}
        self.filters |= {"join": _join, "replace": _replace, COUNTED: _each}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def _parse(
        self, source: str, name: str | None, filename: str | None
    ) -> nodes.Template:
        if len(source) > MAX_CHARACTERS:
            raise TooLong(f"it has more than {MAX_CHARACTERS:,} characters")
        template = super()._parse(source, name, filename)
        restrict(template)
        return template

    def call_binop(
        self, context: Context, operator: str, left: object, right: object
    ) -> object:
        """Add or subtract numbers, or join text."""
        del context
        for each in (left, right):
            if isinstance(each, Undefined):
                str(each)
        if isinstance(left, int | float) and isinstance(right, int | float):
            return left + right if operator == "+" else left - right
        if operator == "-":
            raise SecurityError("only numbers can be subtracted")
        return _join([left, right])

    def getattr(self, obj: object, attribute: str) -> object:
        """Return what a name holds under a key; Python's own attributes don't exist."""
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Return what stands under a key or at a place."""
        if isinstance(obj, Undefined):
            str(obj)
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        if isinstance(obj, str | list | tuple) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                pass
        return self.undefined(obj=obj, name=str(argument))


@pass_context
def _each(context: Context, values: Iterable[object]) -> Iterator[object]:
    budget: Budget = context[BUDGET]
    if isinstance(values, Undefined):
        str(values)
    for each in values:
        budget.spend()
        yield each


def _join(values: Iterable[object], separator: object = "") -> str:
    texts = [_text(each) for each in values]
    between = _text(separator)
    bound(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def _replace(text: object, old: object, new: object) -> str:
    whole, before, after = _text(text), _text(old), _text(new)
    bound(len(whole) + whole.count(before) * len(after))
    return whole.replace(before, after)


def _text(value: object) -> str:
    if isinstance(value, list | tuple | Mapping):
        raise TemplateRuntimeError("this is a list or a mapping, not a text")
    return str(value)


def _written(value: object) -> object:
    return value if isinstance(value, Undefined) else _text(value)
