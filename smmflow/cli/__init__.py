"""The command line: arguments in, words out; a command's module loads when it runs."""

from smmflow.cli.main import main

__all__ = ["main"]
