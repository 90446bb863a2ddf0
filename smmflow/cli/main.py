"""The `smmflow` command: its subcommands by name, and what becomes of errors."""

from __future__ import annotations

import atexit
import gc
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from smmflow import __version__
from smmflow.cli.output import complain
from smmflow.errors import SmmflowError

__all__ = ["COMMANDS", "cli", "main"]

_EX_SOFTWARE = 70
"""https://man.openbsd.org/sysexits.3"""
_INTERNAL_HINT = (
    "this is a fault of smmflow; please report it, with what "
    "`smmflow --debug ...` shows. The state tells what was published"
)
_SYSTEM_HINT = "see that the disk has room and the files may be read and written"

COMMANDS: dict[str, str] = {
    "init": "Make a new workspace, with what GitHub needs to publish it.",
    "check": "Find faults in the workspace before anybody else does.",
    "plan": "Show what is due, what waits and what is held, and why.",
    "preview": "Show every post as its networks will, before anything goes out.",
    "review": "Show reviewers what a change does: new, edited, withdrawn, moved.",
    "comment": "Put a review on the pull request, in one comment kept up to date.",
    "publish": "Send what is due, each post once.",
    "reconcile": "Settle what nobody knows the end of: list it, or say what you saw.",
    "approvals": "Explain which approvals a post needs, has and lacks.",
    "measure": "Read the counters of live posts and channels.",
    "report": "Show what went out and what came of it.",
    "log": "Tell the story of a post: who, when, what words, which receipt.",
    "site": "Build the public pages and feeds.",
    "watch": "Tell what needs a person: held, missed, refused, in doubt, frozen.",
    "freeze": "Stop publishing, everywhere or in part, within one run.",
    "unfreeze": "Let publishing go on.",
    "new": "Start a post.",
    "reschedule": "Give a post another time, in its file.",
    "codeowners": "Print or write CODEOWNERS from team.yaml.",
    "auth": "Get the secrets of a channel, try them, and print them once.",
    "channels": "Show every channel: reachable, signed in, able to do what.",
    "networks": "Show what each network takes and can do.",
    "rules": "List the rules that `check` applies.",
    "explain": "Explain a rule: what it finds, why it matters, how to fix it.",
    "schema": "Print the JSON Schema of a kind of file, for editors.",
}
"""Every command with its one line of help: listing them must import none of them."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a day's work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name; None if there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"smmflow.cli.{cmd_name}").command
        if not isinstance(found, click.Command):
            raise TypeError(f"smmflow.cli.{cmd_name} has no command")
        return found

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of commands from `COMMANDS`, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; with `--debug`, show where in the code an error arose."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:
            if ctx.params["debug"]:
                traceback.print_exc()
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            meant = f" Did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"There is no command `{name}`.{meant}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Work as if started in this folder.",
)
@click.option("--debug", is_flag=True, help="Show where in the code an error arose.")
@click.version_option(__version__, prog_name="smmflow")
@click.pass_context
def cli(ctx: click.Context, folder: Path, *, debug: bool) -> None:
    """Social media work kept as code.

    Posts, calendar and strategy are text files in a git repository; `smmflow` checks
    them, plans, publishes what is due, and measures what came of it.

    \b
    Examples:
      smmflow check                  find faults, with file, line and a hint
      smmflow plan                   what will go out, when, and what is held
      smmflow publish --dry-run      rehearse; nothing is sent
      smmflow new post "Hello"       start a post
    """
    del debug  # `Commands.invoke` looks at it
    ctx.obj = folder


_GARBAGE = 1_000_000
"""Objects made before Python looks for cycles of garbage; its own number is 700 (2,000
since 3.14). Nearly all that a run makes lives to its end, and going through the same
posts again and again takes a fifth of a check of 10,000."""


def main() -> None:
    """Run the command line and leave with the exit code of what happened."""
    gc.set_threshold(_GARBAGE)
    atexit.register(gc.freeze)  # what is left goes with the process, unsearched
    try:
        # Outside standalone mode click returns the code of an `Exit`, and raises none.
        sys.exit(cli.main(standalone_mode=False))
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except SmmflowError as problem:
        _end(problem.message, problem.hint, problem.exit_code)
    except BrokenPipeError:
        # The reader has seen enough (`smmflow plan | head`): leave without a trace.
        sys.stderr.close()
        sys.exit(0)
    except OSError as problem:
        what = problem.strerror or type(problem).__name__
        where = f": {problem.filename}" if problem.filename else ""
        _end(f"the system refuses, {what}{where}", _SYSTEM_HINT, SmmflowError.exit_code)
    except Exception as problem:  # noqa: BLE001 - a fault of ours is told in words, too
        words = f"internal error, {type(problem).__name__}: {problem}"
        _end(words, _INTERNAL_HINT, _EX_SOFTWARE)


def _end(message: str, hint: str, code: int) -> NoReturn:
    complain(f"smmflow: {message}")
    if hint:
        complain(f"  hint: {hint}")
    sys.exit(code)
