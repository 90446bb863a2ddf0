from __future__ import annotations

from pathlib import Path

from smmflow.networks import registry
from tests.cli.terminal import smmflow


def test_every_network_is_shown_with_its_limits_secrets_and_source(
    tmp_path: Path,
) -> None:
    run = smmflow(tmp_path, "networks")
    assert (run.returncode, run.stderr) == (0, "")
    for network in registry.all_networks():
        assert f"{network.name}: {network.title}\n" in run.stdout
        assert f"  {network.documentation}\n" in run.stdout
        for secret in network.secrets:
            assert f"  secret         {secret}: " in run.stdout
    assert "  text           300 graphemes and 3000 UTF-8 bytes\n" in run.stdout


def test_nothing_is_coloured_without_a_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in smmflow(tmp_path, "networks").stdout
