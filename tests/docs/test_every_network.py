"""Every network has its module, its row, its contract and its page."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from smmflow.networks import registry
from smmflow.testing.contract import NetworkContract

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "networks"
HOW_TO = ROOT / "docs" / "how-to"


def _modules() -> set[str]:
    """Names of what lies below `smmflow.networks` and defines a network."""
    folder = ROOT / "smmflow" / "networks"
    packages = {each.parent.name for each in folder.glob("*/network.py")}
    single = {
        each.stem
        for each in folder.glob("*.py")
        if "(Network):" in each.read_text(encoding="utf-8")
    }
    return packages | single


def _contracts(name: str) -> list[str]:
    """Names of the classes that hold a network to the contract."""
    found = []
    for path in sorted(TESTS.glob(f"test_{name}*.py")):
        module = importlib.import_module(f"tests.networks.{path.stem}")
        found += [
            title
            for title, each in inspect.getmembers(module, inspect.isclass)
            if issubclass(each, NetworkContract) and title.startswith("Test")
        ]
    return found


def _module_of(name: str) -> str:
    """The module or package of a network below `smmflow.networks`."""
    path = type(registry.network(name)).__module__
    return path.removeprefix("smmflow.networks.").partition(".")[0]


def test_every_module_has_its_row_and_every_row_its_module() -> None:
    assert _modules() == {_module_of(name) for name in registry.NAMES}


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_network_is_held_to_the_contract_in_each_of_its_forms(name: str) -> None:
    assert len(_contracts(name)) >= len(registry.network(name).variants())


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_network_has_a_page_that_is_linked(name: str) -> None:
    page = HOW_TO / f"connect-{name}.md"
    told = page.read_text(encoding="utf-8")
    assert f"network: {name}" in told
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert f"how-to/{page.name}" in index
    reference = (ROOT / "docs" / "reference" / "networks.md").read_text("utf-8")
    assert f"\n## {name}\n" in reference


@pytest.mark.parametrize("name", registry.NAMES)
def test_no_stage_and_no_other_network_may_see_it(name: str) -> None:
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert config.count(f'"smmflow.networks.{_module_of(name)}"') == 2  # apart, too
