"""YAML by the 1.2 core schema: words stay words, and nothing hostile gets far."""

from __future__ import annotations

import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content.yaml_core import (
    MAX_ALIASES,
    MAX_DEPTH,
    BrokenYaml,
    is_trap,
    parse,
    plain,
)
from smmflow.content.yaml_positions import Repeated, Trap, inspect

TEXT = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=20)
CORE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(CORE)
def test_json_reads_as_json_does(value: object) -> None:
    assert parse(json.dumps(value, ensure_ascii=False)) == (
        json.loads(json.dumps(value)),
        False,
    )


@given(CORE)
def test_what_pyyaml_writes_in_quotes_comes_back(value: object) -> None:
    text = yaml.safe_dump(json.loads(json.dumps(value)), default_style='"', width=40)
    words = yaml.load(text, yaml.CBaseLoader)  # noqa: S506  (builds strings only)
    untagged = yaml.dump(words, default_style='"', Dumper=yaml.CSafeDumper)
    assert parse(untagged)[0] == words


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        text.encode()
        parse(text)
    except UnicodeEncodeError:
        return
    except BrokenYaml as fault:
        refused = fault
    else:
        return
    assert refused.message
    assert 0 <= refused.index <= len(text)


@pytest.mark.parametrize(
    "word",
    ["no", "on", "yes", "Off", "y", "09:30", "10:30", "007", "00", "-01", "1_000",
     "2026-12-01", "2026-12-01 09:00", "0b1", "1.2.3", ".", "+", "e3", "0x", "0o8",
     "nan", "۱۲", "<<", "=", "9" * 400],
)  # fmt: skip
def test_words_stay_words(word: str) -> None:
    assert parse(f"key: {word}")[0] == {"key": word}


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("FALSE", False), ("~", None), ("", None), ("Null", None),
     ("0", 0), ("-12", -12), ("+3", 3), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5),
     ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("-.inf", -math.inf), ("00.5", 0.5)],
)  # fmt: skip
def test_the_core_schema_knows_these_values(written: str, value: object) -> None:
    found = parse(f"key: {written}")[0]
    assert found == {"key": value}
    assert type(plain(written)) is type(value)


def test_not_a_number_is_one_float() -> None:
    assert math.isnan(float(str(plain(".nan"))))


def test_quotes_make_text_of_anything() -> None:
    assert parse("[\"1\", 'true', \"\", '~']")[0] == ["1", "true", "", "~"]


def test_keys_are_words_whatever_they_look_like() -> None:
    found, _ = parse("on: 1\n2026: 2\ntrue: 3\nکلید: 4\n")
    assert found == {"on": 1, "2026": 2, "true": 3, "کلید": 4}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n"])
def test_a_text_without_content_is_nothing(text: str) -> None:
    assert parse(text)[0] is None


def test_aliases_stand_for_what_they_name() -> None:
    found, _ = parse("a: &x [1, {b: &y two}]\nc: *x\nd: *y\n")
    assert found == {"a": [1, {"b": "two"}], "c": [1, {"b": "two"}], "d": "two"}


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        inner = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} [{inner}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (bomb(), "yaml-too-complex"),
        ("a: &a 1\nb: [" + "*a, " * (MAX_ALIASES + 1) + "]", "yaml-too-complex"),
        ("[" * (MAX_DEPTH + 1), "yaml-too-complex"),
        ("{a: " * 100_000, "yaml-too-complex"),
        ("- " * 5_000, "yaml-too-complex"),
        ("a: !!python/object:os.system x", "yaml-too-complex"),
        ("a: ! x", "yaml-too-complex"),
        ("!!map {a: 1}", "yaml-too-complex"),
        ("!t a: 1", "yaml-too-complex"),
        ("a: &a [*a]", "yaml-broken"),
        ("a: *nobody", "yaml-broken"),
        ("a: &x 1\n*x : 2", "yaml-broken"),
        ("? [a]\n: 1", "yaml-broken"),
        ("a: 1\n---\nb: 2", "yaml-broken"),
        ("a: b: c", "yaml-broken"),
        ("a:\n\t- b", "yaml-broken"),
        ("a: [1, 2", "yaml-broken"),
        ('a: "x', "yaml-broken"),
        ("a: @b", "yaml-broken"),
        ("a: \x07", "yaml-broken"),
        ('a: "\\ud800"', "yaml-broken"),
    ],
)
def test_what_is_broken_or_too_much_is_refused(text: str, rule: str) -> None:
    with pytest.raises(BrokenYaml) as caught:
        parse(text)
    assert caught.value.rule == rule


def test_a_fault_of_syntax_has_its_place_and_a_hint() -> None:
    with pytest.raises(BrokenYaml) as caught:
        parse("title: سلام\nb: Version 1: out\n")
    assert caught.value.index == len("title: سلام\nb: Version 1")
    assert "quotes" in caught.value.hint


def test_an_invisible_character_is_named() -> None:
    with pytest.raises(BrokenYaml, match=r"U\+0007") as caught:
        parse("a: سلام\x07")
    assert caught.value.index == 7


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: no", "a: 10:30", "a: [010]"])
def test_what_other_tools_misread_deserves_a_second_look(text: str) -> None:
    assert parse(text)[1]


@pytest.mark.parametrize("text", ["a: 'no'", "no: 1", "a: 09:30x", "a: 1.5"])
def test_other_text_is_spared_it(text: str) -> None:
    assert not parse(text)[1]


def test_the_first_of_two_equal_keys_counts() -> None:
    assert parse("a: 1\na: 2") == ({"a": 1}, True)


def test_traps_are_words_that_yaml_1_1_changes() -> None:
    assert [word for word in ("no", "On", "10:30", "010", "1_0") if is_trap(word)] == [
        "no",
        "On",
        "10:30",
        "010",
        "1_0",
    ]
    assert not any(map(is_trap, ("nope", "09:30", "10:99", "10", "1.5", "")))


def test_positions_tell_where_keys_and_values_begin() -> None:
    text = "title: سلام\nmedia:\n  - {file: x, alt: 'y'}\n  - file: z\n"
    found = inspect(text)
    for keys, word in [
        (("title",), "سلام"),
        (("media", 0, "alt"), "'y'"),
        (("media", 1, "file"), "z"),
    ]:
        index = found.index(keys, on_key=False)
        assert index is not None
        assert text[index:].startswith(word)
        index = found.index(keys, on_key=True)
        assert index is not None
        assert text[index:].startswith(str(keys[-1]))


def test_what_is_not_there_is_pointed_at_from_above() -> None:
    text = "a: 1\nmedia:\n  - file: x\n"
    found = inspect(text)
    assert found.index(("media", 0, "alt"), on_key=False) == text.index("file")
    assert found.index(("media", 7), on_key=False) == text.index("media")
    assert found.index(("none",), on_key=True) is None


def test_repeated_keys_and_traps_have_places() -> None:
    found = inspect("a: {b: 1, b: no}\nlanguage: no\ntags: [on]\nat: 10:30\n")
    assert found.repeated == (Repeated(("a", "b"), 10),)
    assert found.traps == (Trap(("tags", 0), "on"),)


@given(CORE)
def test_positions_never_fail_on_what_was_read(value: object) -> None:
    assert inspect(json.dumps(value, ensure_ascii=False)).of_values[()] == 0


@pytest.mark.parametrize("text", ["[" * 100, "a: [", "", "? [a]\n: b", "\x07"])
def test_positions_of_broken_text_are_those_before_the_fault(text: str) -> None:
    assert inspect(text).repeated == ()
