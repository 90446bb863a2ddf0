"""Rules about scripts and directions of writing."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from smmflow.checks.folding import without_addresses
from smmflow.checks.places import at_part, at_text, plural
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.language.direction import direction, language_direction
from smmflow.model.text import RichText

__all__ = ["DirectionalMarks", "LanguageMismatch", "RtlStartsLtr"]

_ARABIC_WORDS = regex.compile(r"[\p{Script=Arabic}\p{M}\u200c]+")
_LATIN_WORDS = regex.compile(r"\p{Script=Latin}+")
_RTL_LETTER = regex.compile(r"[\p{Script=Arabic}\p{Script=Hebrew}]")
_ARABIC_LANGUAGES = frozenset(
    {"ar", "azb", "ckb", "fa", "glk", "ks", "mzn", "ps", "sd", "ug", "ur"}
)
_LATIN_LANGUAGES = frozenset(
    [
        "ca",
        "cs",
        "da",
        "de",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "hr",
        "hu",
        "id",
        "it",
        "ms",
        "nb",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "sk",
        "sv",
        "sw",
        "tr",
        "vi",
    ]
)
_MARK_BEFORE = regex.compile(
    r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+(?=[#＃@])"
)
_ENOUGH_LETTERS = 20
_MOSTLY = 0.7


class LanguageMismatch(ChannelPostRule):
    """The text is in another script than its language is written in.

    What: Most letters are Arabic ones although `language` is written in Latin letters,
    or the other way round. Texts of fewer than 20 letters are left alone.

    Why: Networks show posts by language, translate them and choose the direction of the
    text by what we declare; a wrong language hides a post from its readers.

    Fix: Put the right `language:` into the front matter.

    Bad:
        language: en
        ---
        نسخهٔ تازه از امروز در دسترس همه است.

    Good:
        language: fa
        ---
        نسخهٔ تازه از امروز در دسترس همه است.

    Source: https://docs.joinmastodon.org/methods/statuses/#create
    """

    name = "language-mismatch"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the script does not fit the language."""
        language = case.composed.language.partition("-")[0].lower()
        for index, part in enumerate(case.composed.parts):
            script = _wrong_script(part.text, language)
            if script:
                yield self.finding(
                    at_part(case.post, case.composed, index),
                    f"the text is mostly in {script} letters, "
                    f"but its language is `{case.composed.language}`",
                    hint="set `language:` in the front matter",
                    channel=case.channel.name,
                )
                return


def _wrong_script(rich: RichText, language: str) -> str:
    text = rich.text
    if language in _LATIN_LANGUAGES:
        if not text.isascii() and _share(text, _ARABIC_WORDS, _LATIN_WORDS) > _MOSTLY:
            return "Arabic"
    elif language in _ARABIC_LANGUAGES:
        words = without_addresses(rich)
        if _share(words, _LATIN_WORDS, _ARABIC_WORDS) > _MOSTLY:
            return "Latin"
    return ""


def _share(text: str, these: regex.Pattern[str], others: regex.Pattern[str]) -> float:
    count = len(text) - len(these.sub("", text))
    if count < _ENOUGH_LETTERS:
        return 0.0
    return count / (count + len(text) - len(others.sub("", text)))


class RtlStartsLtr(ChannelPostRule):
    """A right-to-left text begins with a Latin word.

    What: The first letter of a part in Persian, Arabic, Hebrew or the like is a Latin
    one: often a name, a link or an account.

    Why: Apps choose the direction of a paragraph by its first strong letter, so the
    whole paragraph is laid out from left to right and its punctuation jumps about.

    Fix: Put a word of the language first. A directional mark is no good way out: it
    counts against the limit, and directly before a hashtag it breaks the tag.

    Bad:
        smmflow امروز منتشر شد.

    Good:
        امروز smmflow منتشر شد.

    Source: https://www.unicode.org/reports/tr9/#P2
    """

    name = "rtl-starts-ltr"
    severity = Severity.NOTE

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts whose first strong letter is Latin."""
        if language_direction(case.composed.language) == "ltr":
            return
        for index, part in enumerate(case.composed.parts):
            text = part.text.text
            if direction(text) == "ltr" and _RTL_LETTER.search(text):
                yield self.finding(
                    at_part(case.post, case.composed, index),
                    "the text is written from right to left, "
                    "but begins with a Latin letter",
                    hint="put a word of its own language first; "
                    "directional marks can break hashtags",
                    channel=case.channel.name,
                )


class DirectionalMarks(ChannelPostRule):
    """An invisible mark stands directly before a hashtag or a mention.

    What: A directional mark, embedding or isolate touches the `#` or `@` after it.

    Why: Networks want white space there: the tag or mention stays plain text.

    Fix: Take the mark out, or put a space between it and the sign.

    Bad:
        <RLM>#نرم‌افزار

    Good:
        #نرم‌افزار

    Source: https://github.com/mastodon/mastodon/blob/main/app/models/tag.rb
    """

    name = "directional-marks"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the marks that break a tag or a mention."""
        if case.capabilities.local:
            return
        for index, part in enumerate(case.composed.parts):
            text = part.text.text
            if text.isascii():
                continue
            for match in _MARK_BEFORE.finditer(text):
                sign = text[match.end()]
                names = ", ".join(f"U+{ord(each):04X}" for each in match.group())
                yield self.finding(
                    at_text(case.post, match.group() + sign, case.composed, index),
                    f"{plural(len(match.group()), 'invisible mark')} ({names}) "
                    f"directly before `{sign}`",
                    hint=f"take it out: {case.composed.network} would not see what "
                    "follows as a tag or mention",
                    channel=case.channel.name,
                )
