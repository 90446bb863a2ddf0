"""Every rule finds its fault in files as people write them, and spares good ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from smmflow import content
from smmflow.checks import RULES, explain, rules_table
from smmflow.checks.explain import SECTIONS, sections
from smmflow.checks.rule import FormRule, Rule
from smmflow.composing.rules import EMITTED as COMPOSING
from tests.checks.cases import CASES
from tests.checks.workspaces import findings_of

# This needs a ledger: `test_gone` tries it.
WITHOUT_CASE = {"live-without-file"}


def test_every_rule_has_a_case() -> None:
    assert set(CASES) | WITHOUT_CASE == set(RULES)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_fault_with_its_severity(rule: str, tmp_path: Path) -> None:
    bad, _ = CASES[rule]
    found = [each for each in findings_of(tmp_path, bad) if each.rule == rule]
    assert found
    assert {each.severity for each in found} == {RULES[rule].severity}
    assert all(each.source and each.source.path == each.place.path for each in found)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_spares_what_is_right(rule: str, tmp_path: Path) -> None:
    _, good = CASES[rule]
    assert rule not in {each.rule for each in findings_of(tmp_path, good)}


def test_whatever_reading_and_composing_find_is_documented() -> None:
    documented = {name for name, each in RULES.items() if isinstance(each, FormRule)}
    elsewhere = {"text-empty", "unknown-channel"}
    assert documented | elsewhere == content.EMITTED | COMPOSING


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda each: each.name)
def test_a_rules_docstring_has_the_shape_of_all(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    first, _, rest = rule.documentation.partition("\n\n")
    assert first.endswith(".")
    assert "\n" not in first
    assert rest.startswith("What:")
    parts = sections(rule)
    assert tuple(parts) in {SECTIONS, SECTIONS[:-1]}
    assert all(parts.values())
    assert parts["Bad"] != parts["Good"]
    sources = parts.get("Source", "").split()
    assert all(re.fullmatch(r"https://[^\s<>]+[^\s<>.,]", each) for each in sources)


KEYS = {
    key
    for kind in content.KINDS
    for key in re.findall(r'"([a-z_]+)": \{', json.dumps(content.schema(kind)))
}


@pytest.mark.parametrize(
    "rule", sorted(set(RULES) - {"unknown-key", "yaml-too-complex"})
)
def test_the_keys_in_examples_are_keys_of_our_files(rule: str) -> None:
    parts = sections(RULES[rule])
    examples = f"{parts['Bad']}\n{parts['Good']}"
    assert set(re.findall(r"^([a-z_]+): ", examples, re.MULTILINE)) <= KEYS


OF_POSTS = set(content.schema("post")["properties"])  # type: ignore[call-overload]  # JSON


def front_matter_in(example: str) -> str:
    """Return the front matter that an example shows; empty if it shows none."""
    front = example.removeprefix("---\n").partition("\n---\n")[0]
    keys = re.findall(r"^([a-z_]+):(?: |$)", front, re.MULTILINE)
    if not keys or not OF_POSTS.issuperset(keys):
        return ""
    return front if "title" in keys else f"title: A post\n{front}"


GOOD = {
    name: front
    for name, rule in RULES.items()
    if (front := front_matter_in(sections(rule)["Good"]))
}


@pytest.mark.parametrize("rule", GOOD)
def test_the_front_matter_in_a_good_example_reads_without_a_fault(
    rule: str, tmp_path: Path
) -> None:
    example = {"content/posts/p.md": f"---\n{GOOD[rule]}\n---\nHello.\n"}
    found = {each.rule for each in findings_of(tmp_path, example)}
    assert not found & content.EMITTED


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda each: each.name)
def test_an_explanation_tells_everything_and_nothing_raw(rule: Rule) -> None:
    told = explain(rule)
    assert told.startswith(f"# {rule.name}\n")
    assert f"Severity: {rule.severity}." in told
    assert not re.search(r"^(What|Why|Fix|Bad|Good|Source):", told, re.MULTILINE)
    assert told.count("```") == 4
    can_be_ignored = f"ignore: [{rule.name}]" in told
    assert can_be_ignored is not isinstance(rule, FormRule)


def test_the_table_has_a_line_for_each_rule() -> None:
    head, line, *rows = rules_table().splitlines()
    assert head.count("|") == line.count("|")
    assert [row.split("`")[1] for row in rows] == list(RULES)
    assert {row.count(" | ") for row in rows} == {2}
