from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.controls import visible

ANY = st.text(st.characters(codec=None), max_size=60)


def test_what_commands_a_terminal_is_written_out() -> None:
    assert visible("\x1b[31m\x07\x9b\u202e\udcff") == (
        "\\u001b[31m\\u0007\\u009b\\u202e\\udcff"
    )


def test_persian_isolates_joiners_and_lines_stay_as_they_are() -> None:
    words = "می‌آید \u2068نسخهٔ ۱\u2069\tو\r\nخط دوم\n🧑‍💻"
    assert visible(words) == words


@given(ANY)
def test_nothing_but_tabs_and_ends_of_lines_is_left_to_obey(text: str) -> None:
    shown = visible(text).replace("\r\n", "\n")
    assert {each for each in shown if unicodedata.category(each) == "Cc"} <= {
        "\n",
        "\t",
    }
    shown.encode()  # no half of a surrogate pair


@given(ANY)
def test_json_means_the_same_afterwards(text: str) -> None:
    written = json.dumps([text], ensure_ascii=False)
    assert json.loads(visible(written)) == json.loads(written)
