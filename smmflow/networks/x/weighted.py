"""How long a text is on X: weighted characters, where every link is 23.

The rules are those of twitter-text, version 3:
https://github.com/twitter/twitter-text/blob/master/config/v3.json and
https://docs.x.com/fundamentals/counting-characters
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import regex

__all__ = ["links", "weighted_length"]

_URL_LENGTH = 23
_LONGEST_URL = 4096
_LONGEST_LABEL = 63
_LONGEST_SLUG = 40
_SLUG = regex.compile(r"/([a-z0-9]*)", regex.IGNORECASE)
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# What the emoji parser of twitter-text, frozen in 2021, takes for one sequence. Of what
# is joined by U+200D each is told by what it is made of, because whatever else is
# joined counts piece by piece:
# https://www.unicode.org/Public/emoji/13.1/emoji-zwj-sequences.txt
_TONE = r"\p{Emoji_Modifier}?+"
_ADULT = rf"[👨👩🧑]{_TONE}"
_PERSON = rf"[\p{{Emoji_Modifier_Base}}👯🤼🧞🧟]\uFE0F?+{_TONE}"
_ROLE = r"[⚕⚖✈♀♂🌾🍳🍼🎄🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯🦰🦱🦲🦳🦼🦽]\uFE0F?+"
_EMOJI = regex.compile(
    r"[0-9#*]\uFE0F?\u20E3"
    r"|\p{Regional_Indicator}{2}"
    r"|🏴[\U000E0020-\U000E007E]{1,6}\U000E007F"
    r"|[👨👩](?:\u200D[👨👩])?(?:\u200D[👧👦]){1,2}"
    rf"|{_ADULT}\u200D(?:❤\uFE0F?\u200D(?:💋\u200D)?|🤝\u200D){_ADULT}"
    rf"|{_PERSON}\u200D{_ROLE}"
    r"|(?:🏳\uFE0F?\u200D[🌈⚧]|🏴\u200D☠|👁\uFE0F?\u200D🗨|🐕\u200D🦺|🐈\u200D⬛|🐻\u200D❄"
    r"|❤\uFE0F?\u200D[🔥🩹]|😮\u200D💨|😵\u200D💫|😶\u200D🌫)\uFE0F?"
    r"|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|(?![©®])\p{Extended_Pictographic}\uFE0F?"
    r"|[©®]\uFE0F"
)

_PATH_LETTER = r"a-z0-9\p{Cyrillic}\u00c0-\u024f"
_PATH_SIGN = rf"[{_PATH_LETTER}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_BRACKETS = rf"\({_PATH_SIGN}++(?:\({_PATH_SIGN}++\){_PATH_SIGN}*+)?\)"
_END = rf"(?:[{_PATH_LETTER}=_#/+\-]|{_BRACKETS})"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"


def weighted_length(text: str) -> int:
    """Return how many weighted characters X counts in a text."""
    text = unicodedata.normalize("NFC", text)
    length = 0
    at = 0
    for start, end in links(text):
        length += _plain_length(text[at:start]) + _URL_LENGTH
        at = end
    return length + _plain_length(text[at:])


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where X makes a link, with a scheme or of a bare domain.

    A domain needs a top-level domain that twitter-text knows:
    https://github.com/twitter/twitter-text/blob/master/conformance/extract.yml
    """
    if "." not in text:
        return
    for match in _pattern().finditer(text):
        domain: str = match["domain"]
        if len(match["url"]) > _LONGEST_URL or not _labels_fit(domain):
            continue
        start, end = match.span("url")
        if domain.lower() == "t.co" and match["path"]:
            slug = _SLUG.match(match["path"])
            if slug is None or len(slug[1]) > _LONGEST_SLUG:
                continue
            end = match.start("path") + slug.end()
        yield start, end


def _plain_length(text: str) -> int:
    if text.isascii():
        return len(text)
    found: tuple[str, int] = _EMOJI.subn("", text)
    rest, emoji = found
    return 2 * emoji + sum(1 if _light(ord(each)) else 2 for each in rest)


def _light(code: int) -> bool:
    return any(first <= code <= last for first, last in _LIGHT)


def _labels_fit(domain: str) -> bool:
    return all(
        len(label) <= _LONGEST_LABEL if label.isascii() else _punycode_fits(label)
        for label in domain.split(".")
    )


def _punycode_fits(label: str) -> bool:
    return not label.lower().startswith("xn--") and _encoded(label) <= _LONGEST_LABEL


def _encoded(label: str) -> int:
    return len("xn--" + label.encode("punycode").decode())


@cache
def _top_level() -> list[str]:
    lines = files(__package__).joinpath("tlds.txt").read_text(encoding="utf-8")
    return [line for line in lines.splitlines() if not line.startswith("#")]


def _labels(letter: str) -> str:
    """Return what stands before a top-level domain; only hosts may hold underscores."""
    host = rf"[{letter}](?:[{letter}_-]*[{letter}])?\."
    return rf"(?:{host})*[{letter}](?:[{letter}-]*[{letter}])?\."


@cache
def _pattern() -> Any:  # noqa: ANN401 - `regex` has no types
    ascii_letter, letter = r"a-z0-9\u00c0-\u024f", r"\p{L}\p{M}\p{Nd}"
    return regex.compile(
        r"(?<![a-z0-9@＠$#＃])"
        r"(?P<url>"
        rf"(?:(?P<scheme>https?://)(?P<domain>{_labels(letter)}\L<tlds>)"
        rf"|(?<![\-_./])(?P<domain>{_labels(ascii_letter)}\L<tlds>))"
        r"(?=[^0-9a-z@]|$)(?::[0-9]+)?"
        rf"(?P<path>/(?:(?:{_PATH_SIGN}|{_BRACKETS})*{_END})?)?"
        rf"(?:{_QUERY})?)",
        regex.IGNORECASE,
        tlds=_top_level(),
    )
