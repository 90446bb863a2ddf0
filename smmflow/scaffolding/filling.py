"""The templates of new files, filled in."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["fill"]


def fill(name: str, **values: object) -> bytes:
    """Return a template with values put in; each stands there as it is given."""
    return _environment().get_template(name).render(values).encode()


@cache
def _environment() -> Environment:
    # Posts and workflows have `{{ }}` of their own.
    return Environment(
        loader=PackageLoader("smmflow.scaffolding"),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#--",
        comment_end_string="--#]",
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - YAML and Markdown; whoever fills in quotes
    )
