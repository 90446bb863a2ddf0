"""Write `docs/reference` from the code: `python -m tools.reference`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from smmflow import checks, content, errors, measuring
from smmflow.checks.rule import FormRule
from smmflow.cli.abilities import describe
from smmflow.cli.main import COMMANDS, cli
from smmflow.errors import SmmflowError
from smmflow.model.metric import METRICS
from smmflow.networks import registry
from smmflow.networks.interface import Network
from tools.schema_tables import schema_tables

__all__ = ["FOLDER", "PAGES", "main"]

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_NOTE = "<!-- Made from the code by `python -m tools.reference`; edit the code. -->"
_WIDTH = 80


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8", newline="\n")


def _page(title: str, *blocks: str) -> str:
    return "\n\n".join((_NOTE, f"# {title}", *(each.strip() for each in blocks))) + "\n"


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def commands() -> str:
    """Return the page of commands: what each prints for `--help`."""
    top = _context(cli, "smmflow", None)
    told = (
        "Results go to standard output, progress to standard error. `NO_COLOR` is "
        "respected. Without a terminal no question is asked."
    )
    blocks = [
        told,
        _exit_codes(),
        _fenced(cli.get_help(top)),
    ]
    for name in COMMANDS:
        command = cli.get_command(top, name)
        if command is not None:
            blocks.extend(_command(command, name, top))
    return _page("Commands", *blocks)


def _context(
    command: click.Command, name: str, above: click.Context | None
) -> click.Context:
    return click.Context(
        command,
        parent=above,
        info_name=name,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )


def _command(command: click.Command, name: str, above: click.Context) -> Iterator[str]:
    context = _context(command, name, above)
    yield f"## {context.command_path}"
    yield _fenced(command.get_help(context))
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _command(found, inner, context)


_EXIT_CODES = {
    0: "done",
    1: "`check` found an error",
    2: "the command line, a file, a setting or the state has to be put right first",
    3: "the plan may not be carried out; nothing was sent",
    4: "a network refused, or could not be reached",
    70: "smmflow itself is at fault; `smmflow --debug ...` shows where",
}


def _exit_codes() -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in _EXIT_CODES.items()]
    return "\n".join(("| Exit code | Meaning |", "| --- | --- |", *rows))


def rules() -> str:
    """Return the page of rules: the table, then each rule as `explain` tells it."""
    form = sum(isinstance(rule, FormRule) for rule in checks.RULES.values())
    told = (
        f"`smmflow check` applies {len(checks.RULES)} rules. {form} of them speak "
        "while files are read and texts are filled in; the others can be accepted in "
        "one post with `ignore: [rule]`. Errors end the command with 1 and hold the "
        "post; warnings and notes only tell."
    )
    each = (_lower_headings(checks.explain(rule)) for rule in checks.RULES.values())
    return _page("Rules", told, checks.rules_table(), *each)


def _lower_headings(text: str) -> str:
    fenced, lines = False, []
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("#") and not fenced else line)
    return "\n".join(lines)


def networks() -> str:
    """Return the page of networks: abilities, settings and secrets of each."""
    told = (
        "Rules, plans and this page read the same declared abilities. *Can't* is the "
        "network's no, *not yet* is ours. A Mastodon instance's own limits are read "
        "by `smmflow channels` and used from then on. *Never edited* is what holds "
        "an edit in the plan if it changed."
    )
    blocks = [told]
    for network in registry.all_networks():
        blocks.extend(_network(network))
    return _page("Networks", *blocks)


def _network(network: Network) -> Iterator[str]:
    yield f"## {network.name}"
    yield f"{network.title}, by <{network.documentation}>."
    variants = network.variants()
    for each in variants:
        if len(variants) > 1:
            yield f"### {each.title}"
        rows = (f"| {name} | {words} |" for name, words in describe(each.capabilities))
        yield "\n".join(("| Ability | |", "| --- | --- |", *rows))
        if price := each.capabilities.price:
            yield f"Prices: <{price.source}>."
    yield "Settings in `channels.yaml`, beside [those of every channel](formats.md):"
    yield schema_tables(network.settings.model_json_schema(by_alias=True))
    if network.post_settings.model_fields:
        yield "Settings of a post for this network, under `on: {CHANNEL: {...}}`:"
        yield schema_tables(network.post_settings.model_json_schema(by_alias=True))
    for name, where in network.secrets.items():
        yield f"Secret `{name}`: {where}."
    if network.scopes:
        scopes = ", ".join(f"`{each}`" for each in sorted(network.scopes))
        yield f"It must allow: {scopes}."


def formats() -> str:
    """Return the page of file formats, one table for each kind."""
    told = (
        "Every file is UTF-8. YAML is read with the core schema of YAML 1.2, so `no` "
        "is a word and `09:30` a time. Unknown keys are findings. "
        "`smmflow schema KIND` prints the JSON Schema of a kind, for editors."
    )
    blocks = [told]
    for name, kind in content.KINDS.items():
        schema = content.schema(name)
        blocks += [f"## {name}", f"`{kind.where}`. {schema.get('description', '')}"]
        blocks.append(schema_tables(schema))
        if name == "channels":
            blocks.append(_common_keys())
    return _page("File formats", *blocks)


def _common_keys() -> str:
    from smmflow.content.formats.channels import ChannelForm  # noqa: PLC0415 - one use

    form = ChannelForm.model_json_schema(by_alias=True)
    return (
        "**Every channel** has these keys; the others are its "
        f"[network's](networks.md).\n\n{schema_tables(form)}"
    )


def metrics() -> str:
    """Return the page of metrics: what each number means, and when it is read."""
    rows = [
        "| Metric | Title | Definition | Version | Source |",
        "|---|---|---|---|---|",
    ]
    for metric in METRICS.values():
        kind = "computed" if metric.derived else "read"
        definition = f"{metric.definition} {metric.changed}".rstrip()
        source = f"<{metric.source}>" if metric.source else ""
        rows.append(
            f"| `{metric.name}` | {metric.title} | {definition} ({kind}) "
            f"| {metric.version} | {source} |"
        )
    told = (
        "A goal of `strategy.md` names one of these. Unknown is kept as unknown, "
        "never as 0."
    )
    when = "How often what is read is read again:"
    return _page("Metrics", told, "\n".join(rows), when, measuring.sampling_table())


def errors_page() -> str:
    """Return the page of errors: their tree, exit codes and meanings."""
    told = inspect.getdoc(errors) or ""
    tree = [line for line in told.splitlines() if "Error " in line or "─" in line]
    rows = ["| Error | Exit code | Meaning |", "| --- | --- | --- |"]
    for error in _tree(SmmflowError):
        meaning = (inspect.getdoc(error) or "").partition("\n")[0]
        rows.append(f"| `{error.__name__}` | {error.exit_code} | {meaning} |")
    return _page("Errors", "\n".join(rows), _fenced(inspect.cleandoc("\n".join(tree))))


def _tree(error: type[SmmflowError]) -> Iterator[type[SmmflowError]]:
    yield error
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _tree(below)


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "rules.md": rules,
    "networks.md": networks,
    "formats.md": formats,
    "metrics.md": metrics,
    "errors.md": errors_page,
}
"""What stands in `docs/reference`, and what makes it."""


if __name__ == "__main__":
    main()
