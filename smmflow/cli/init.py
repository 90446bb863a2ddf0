"""`smmflow init`: make a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import paint, say

if TYPE_CHECKING:  # loading it costs more than `--help` may
    from smmflow.scaffolding import Placed

__all__ = ["command"]

_GUIDE = "https://github.com/smmflow/smmflow/blob/main/docs/how-to/set-up-github.md"
_STEPS = {
    "en": (
        "Next:",
        (
            "write your first post: put your words into content/posts/hello.md, "
            "give it a `publish_at`, take `draft` away"
        ),
        "look at what would happen: smmflow check, then smmflow plan",
        "commit, push to GitHub, and let it publish: {guide}",
    ),
    "fa": (
        "سه گام بعدی:",
        (
            "نخستین پست را بنویسید: در content/posts/hello.md متن خودتان را بگذارید، "
            "به آن `publish_at` بدهید و سطر `draft` را بردارید"
        ),
        "ببینید چه خواهد شد: smmflow check و سپس smmflow plan",
        "کامیت کنید، به گیت‌هاب بفرستید و انتشار را به آن بسپارید: {guide}",
    ),
}


@click.command(name="init")
@click.argument("directory", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--locale",
    type=click.Choice(["en", "fa"]),
    help="Language, calendar and week; en by default.",
)
@click.option("--title", help="The name of the brand; the folder's by default.")
@click.option("--timezone", help="As in Europe/Berlin; UTC or Asia/Tehran by default.")
@click.option(
    "--github",
    metavar="OWNER/NAME",
    help="Where it will be on GitHub, for the address of its pages.",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - options are arguments
    folder: Path,
    directory: Path,
    locale: str | None,
    title: str | None,
    timezone: str | None,
    github: str | None,
) -> None:
    """Make a new workspace, with what GitHub needs to publish it.

    Writes settings, a first post as a draft and the workflows, and makes the folder a
    git repository if it is none. Whatever is there already stays as it is: run again,
    it adds what is missing. A folder that is a workspace already gets its workflows
    only. Asks nothing, sends nothing.

    \b
    Examples:
      smmflow init our-news --title "Our news" --timezone Europe/Berlin
      smmflow init khabar --locale fa --title "خبرهای ما"
      smmflow init . --github owner/name
    """
    from smmflow import foundation, scaffolding

    target = folder / directory
    brand = scaffolding.Brand(
        title=title if title is not None else _name(target),
        locale=locale or "en",
        timezone=timezone or "",
        repository=github or "",
    )
    _tell(foundation.set_up(target, brand), brand.locale)


def _name(folder: Path) -> str:
    return folder.resolve().name


def _tell(placed: Placed, locale: str) -> None:
    for path in placed.written:
        say(f"{paint('new', 'due')}   {path}")
    for path in placed.left:
        say(f"{paint('left', 'dim')}  {path}: it is there already")
    if ".gitignore" in placed.left:
        say("  hint: see that it has the lines `.smmflow/` and `public/`")
    head, first, *others = _STEPS[locale]
    steps = (first, *others) if "channels.yaml" in placed.written else others
    say(f"\n{paint(head, 'head')}")
    for number, step in enumerate(steps, start=1):
        say(f"{number}. {step.format(guide=_GUIDE)}")
