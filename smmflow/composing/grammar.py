"""What a template may say: the part of Jinja2 that reads, and nothing that does."""

from __future__ import annotations

from itertools import islice
from typing import cast

from jinja2 import TemplateSyntaxError, nodes

from smmflow.composing.budget import MAX_NODES, TooLong

__all__ = ["COUNTED", "restrict"]

COUNTED = "_each"
"""Name of the filter that counts the turns of a loop; authors can't name it."""

_ALLOWED = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.If,
    nodes.For,
    nodes.Include,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.CondExpr,
    nodes.Add,
    nodes.Sub,
    nodes.Concat,
)


def restrict(template: nodes.Template) -> None:
    """Refuse what is not allowed, and put the counting in."""
    found = list(islice(template.find_all(nodes.Node), MAX_NODES + 1))
    if len(found) > MAX_NODES:
        raise TooLong(f"it has more than {MAX_NODES:,} pieces")
    for node in found:
        fault = _fault(node)
        if fault:
            raise TemplateSyntaxError(fault, node.lineno)
    for loop in template.find_all(nodes.For):
        loop.iter = _counted(cast("nodes.Expr", loop.iter))
    for parent in found:
        _join_by_adding(parent)
    once = nodes.List([nodes.Const(0, lineno=1)], lineno=1)
    tick = nodes.For(
        nodes.Name("_", "store", lineno=1),
        _counted(once),
        [],
        [],
        None,
        False,  # noqa: FBT003 - Jinja2's nodes take their fields by position
        lineno=1,
    )
    template.body.insert(0, tick)


def _fault(node: nodes.Node) -> str:
    if not isinstance(node, _ALLOWED):
        return f"`{type(node).__name__.lower()}` is not part of a post"
    if isinstance(node, nodes.Name | nodes.Filter) and (
        node.name.startswith("_") or node.name == "self"
    ):
        return f"there is no `{node.name}`"
    if isinstance(node, nodes.Include) and not (
        isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
    ):
        return "include needs a name in quotes"
    if isinstance(node, nodes.List) and not all(
        isinstance(each, nodes.Const) for each in node.items
    ):
        # Lists in lists could double at every turn without costing a step.
        return "a list in a post holds only plain values"
    if isinstance(node, nodes.For) and node.recursive:
        return "loops can't be recursive"
    return ""


def _counted(node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, COUNTED, [], [], None, None, lineno=node.lineno)


def _join_by_adding(parent: nodes.Node) -> None:
    """Write `a ~ b` as a sum that starts with text, because sums can be watched."""
    for name, value in list(parent.iter_fields()):
        if isinstance(value, nodes.Concat):
            setattr(parent, name, _sum(value))
        elif isinstance(value, list):
            value[:] = [
                _sum(each) if isinstance(each, nodes.Concat) else each for each in value
            ]


def _sum(concat: nodes.Concat) -> nodes.Expr:
    def total(operands: list[nodes.Expr]) -> nodes.Expr:
        # Halves, so that a long chain is no deep tree; text first, so that 1 ~ 2 is 12.
        middle = len(operands) // 2
        left = total(operands[:middle]) if middle else nodes.Const("", lineno=line)
        right = total(operands[middle:]) if middle else operands[0]
        return nodes.Add(left, right, lineno=line)

    line = concat.lineno
    return total(concat.nodes)
