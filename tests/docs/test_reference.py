"""The reference pages say what the code says, about all of it."""

import pytest

from smmflow import checks, content, errors
from smmflow.cli.main import COMMANDS
from smmflow.model.metric import METRICS
from smmflow.networks import registry
from tools import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_reference_page_is_up_to_date_with_the_code(name: str) -> None:
    page = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert page == reference.PAGES[name](), "run `python -m tools.reference`"


def test_the_folder_holds_nothing_but_the_pages_that_are_made() -> None:
    found = {path.name for path in reference.FOLDER.iterdir()}
    by_trials = {"faults.md"}  # see tests/faults/page.py
    assert found == set(reference.PAGES) | by_trials


def test_every_command_has_its_help_on_the_page() -> None:
    page = reference.commands()
    missing = [name for name in COMMANDS if f"## smmflow {name}\n" not in page]
    assert missing == []
    assert "## smmflow new post\n" in page


def test_every_exit_code_of_an_error_is_explained() -> None:
    page = reference.commands()
    kinds = (getattr(errors, name) for name in errors.__all__)
    codes = {0, 1} | {kind.exit_code for kind in kinds}
    assert [code for code in codes if f"| {code} | " not in page] == []


def test_every_rule_has_a_row_and_a_section() -> None:
    page = reference.rules()
    missing = [
        name
        for name in checks.RULES
        if f"| `{name}` |" not in page or f"\n## {name}\n" not in page
    ]
    assert missing == []


def test_every_network_has_a_section_with_its_settings_and_secrets() -> None:
    page = reference.networks()
    for network in registry.all_networks():
        section = page.partition(f"\n## {network.name}\n")[2].partition("\n## ")[0]
        for setting in network.settings.model_fields:
            assert f"| `{setting}` |" in section
        for secret in network.secrets:
            assert f"Secret `{secret}`" in section


def test_every_key_of_every_kind_of_file_has_a_row() -> None:
    page = reference.formats()
    for name, kind in content.KINDS.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert f"`{kind.where}`" in section
        for key, field in kind.form.model_fields.items():
            assert f"| `{field.alias or key}` |" in section, f"{name}: {key}"


def test_every_metric_has_its_definition() -> None:
    page = reference.metrics()
    assert all(metric.definition in page for metric in METRICS.values())


def test_every_error_has_a_row() -> None:
    page = reference.errors_page()
    assert [name for name in errors.__all__ if f"| `{name}` |" not in page] == []
