"""Write this repository's own workflows: `python -m tools.workflows`.

They come from the templates that `smmflow init` gives to others, so what is shipped is
what runs here; only that smmflow is installed from the checkout differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smmflow import scaffolding, workflow

__all__ = ["ROOT", "main", "own_files"]

ROOT = Path(__file__).parent.parent


def own_files() -> Mapping[str, bytes]:
    """Return the files below `.github`: bytes by path."""
    secrets = scaffolding.secret_names(workflow.load(ROOT).channels.values())
    return scaffolding.automation(scaffolding.Automation(secrets=secrets, own=True))


def main() -> None:
    """Write every file anew."""
    for path, content in own_files().items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


if __name__ == "__main__":
    main()
