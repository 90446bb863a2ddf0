from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.direction import isolated


@given(st.text("ab آب\u2066\u2067\u2068\u2069"))
def test_isolated_text_closes_what_it_opens_and_nothing_else(words: str) -> None:
    depth = 0
    text = isolated(words)
    for number, each in enumerate(text, start=1):
        bidi = unicodedata.bidirectional(each)
        depth += (bidi in {"LRI", "RLI", "FSI"}) - (bidi == "PDI")
        assert depth > 0 or number == len(text)
    assert depth == 0
