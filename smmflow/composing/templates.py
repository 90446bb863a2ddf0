"""Variables and included pieces in the text of posts."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError, meta

from smmflow.composing.budget import BUDGET, Budget, TooLong, bound
from smmflow.composing.sandbox import Sandbox

__all__ = ["Rendered", "TemplateFault", "Templates", "has_template"]


_CACHED = 64


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its variables filled in, and the ids of templates it included."""

    text: str
    included: frozenset[str] = frozenset()


class TemplateFault(Exception):
    """A template can't be rendered.

    Args:
        rule: The rule's name.
        message: What is wrong, for a person.
        line: 1-based line of the text that is at fault.
    """

    def __init__(self, rule: str, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.line = line


def has_template(text: str) -> bool:
    """Tell whether Jinja2 would find anything in the text."""
    return "{{" in text or "{%" in text or "{#" in text


class Templates:
    """Renders the texts of one workspace.

    Args:
        pieces: What `{% include %}` finds, by id.
    """

    def __init__(self, pieces: Mapping[str, str]) -> None:
        self._pieces = pieces
        self._sandbox = Sandbox(pieces)
        self._cache: dict[str, tuple[Template, frozenset[str]]] = {}

    def render(self, text: str, variables: Mapping[str, object]) -> Rendered:
        """Fill in the variables of a text.

        Raises:
            TemplateFault: The template is wrong, or would never come to an end.
        """
        try:
            template, included = self._compiled(text)
            chunks = template.generate({**variables, BUDGET: Budget()})
            return Rendered("".join(_measured(chunks)), included)
        except TemplateNotFound as error:
            message = self._not_found(str(error))
            raise TemplateFault("template-error", message, _line(error)) from error
        except TemplateSyntaxError as error:
            # The name is set where an included piece is at fault.
            where = f" (in template `{error.name}`)" if error.name else ""
            line = 1 if error.name else error.lineno
            message = f"{error.message}{where}"
            raise TemplateFault("template-error", message, line) from error
        except TooLong as error:
            message = f"this template has no end in sight: {error}"
            raise TemplateFault("template-too-long", message, _line(error)) from error
        except (RecursionError, MemoryError) as error:
            message = "this template is nested too deeply"
            raise TemplateFault("template-error", message) from error
        except (
            TemplateError,
            AttributeError,
            TypeError,
            ValueError,
            ArithmeticError,
            SyntaxError,
            LookupError,
        ) as error:
            message = str(error) or type(error).__name__
            raise TemplateFault("template-error", message, _line(error)) from error

    def _compiled(self, text: str) -> tuple[Template, frozenset[str]]:
        # The channels of a post mostly share its text, and come one after another.
        known = self._cache.get(text)
        if known is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            known = (self._sandbox.from_string(text), self._closure(text))
            self._cache[text] = known
        return known

    def _closure(self, text: str) -> frozenset[str]:
        """Return the ids of all templates the text includes, directly or not."""
        path: list[str] = []
        found: set[str] = set()

        def visit(source: str, own_name: str | None) -> None:
            tree = self._sandbox.parse(source, own_name)
            for name in meta.find_referenced_templates(tree):
                if name is None or name not in self._pieces:
                    continue
                if name in path:
                    raise TooLong(f"template `{name}` includes itself")
                if name not in found:
                    found.add(name)
                    path.append(name)
                    visit(self._pieces[name], name)
                    path.pop()

        if "include" in text:
            visit(text, None)
        return frozenset(found)

    def _not_found(self, name: str) -> str:
        message = f"there is no template `{name}`"
        close = get_close_matches(name, self._pieces, n=1)
        return f"{message}; did you mean `{close[0]}`?" if close else message


def _measured(chunks: Iterator[str]) -> Iterator[str]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        bound(size)
        yield chunk


def _line(error: BaseException) -> int:
    # Jinja2 rewrites tracebacks so that its frames have the lines of the template.
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == "<template>":
            return frame.lineno or 1
    return 1
