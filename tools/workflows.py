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
    channels = workflow.load(ROOT).channels.values()
    secrets = scaffolding.secret_names(channels)
    extras = scaffolding.extras_for(channels)
    wanted = scaffolding.Automation(secrets=secrets, extras=extras, own=True)
    return scaffolding.automation(wanted)


def main() -> None:
    """Write every file anew."""
    for path, content in own_files().items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


if __name__ == "__main__":
    main()
