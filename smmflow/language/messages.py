"""Messages in the reader's language, from gettext catalogues.

Catalogues are read as the `.po` files that translators edit, so no compiled copy can
fall behind them. https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
describes the format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from importlib import resources

__all__ = ["LOCALES", "Catalogue", "parse_po", "translator"]

LOCALES = ("en", "fa")
"""Locales there are messages for; English needs no catalogue."""

_SEPARATOR = "\x04"
"""Stands between context and message, as in `.mo` files."""


class Catalogue(NullTranslations):
    """Messages of one `.po` file; one that it lacks stays English.

    Args:
        messages: Message, or context, U+0004 and message, to its forms: the singular
            alone, or one for each plural.
        plural_forms: How many forms a plural has: one where numbers leave the noun as
            it is, two where one thing differs from many.
    """

    def __init__(self, messages: dict[str, tuple[str, ...]], plural_forms: int) -> None:
        super().__init__()
        self._messages = messages
        self._plural_forms = plural_forms

    def gettext(self, message: str) -> str:
        """Return the translation of a message."""
        return self._messages.get(message, (message,))[0] or message

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of a message that means this in its context."""
        found = self._messages.get(context + _SEPARATOR + message, ("",))[0]
        return found or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a message about `n` things."""
        english = msgid1 if n == 1 else msgid2
        forms = self._messages.get(msgid1)
        if not forms:
            return english
        index = 0 if n == 1 else min(self._plural_forms, len(forms)) - 1
        return forms[index] or english


def parse_po(text: str) -> Catalogue:
    """Read a catalogue; entries marked `fuzzy`, and obsolete ones, don't count.

    Raises:
        ValueError: A line is no part of a catalogue; the message has its number.
    """
    messages: dict[str, tuple[str, ...]] = {}
    header = ""
    for entry in _entries(text):
        forms = tuple(value for key, value in entry.items() if key.startswith("msgstr"))
        if entry["msgid"] == "" and "msgctxt" not in entry:
            header = forms[0] if forms else ""
        elif any(forms) and "fuzzy" not in entry:
            context = entry.get("msgctxt")
            prefix = "" if context is None else context + _SEPARATOR
            messages[prefix + entry["msgid"]] = forms
    return Catalogue(messages, 2 if "nplurals=2" in header else 1)


@cache
def translator(locale: str) -> NullTranslations:
    """Return the messages of a locale; one without a catalogue speaks English."""
    language = locale.replace("_", "-").partition("-")[0]
    if language not in LOCALES or language == "en":
        return NullTranslations()
    folder = resources.files("smmflow.language") / "locale" / language
    catalogue = folder / "LC_MESSAGES" / "smmflow.po"
    return parse_po(catalogue.read_text(encoding="utf-8"))


def _entries(text: str) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    key = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
            continue
        starts_entry = line.startswith(("#", "msgctxt", "msgid "))
        if starts_entry and any(each.startswith("msgstr") for each in entry):
            yield entry
            entry = {}
        if line.startswith("#"):
            if line.startswith("#,") and "fuzzy" in line:
                entry["fuzzy"] = ""
            continue
        keyword, quote, rest = line.partition('"')
        key = keyword.strip() or key
        if not key.startswith("msg") or not quote or not rest.endswith('"'):
            raise ValueError(f"line {number} is no part of a catalogue: {line}")
        try:
            # Its escapes are those of JSON, as far as translators use them.
            entry[key] = entry.get(key, "") + json.loads('"' + rest)
        except ValueError as error:
            raise ValueError(f"line {number} has a broken text: {line}") from error
    if any(each.startswith("msgstr") for each in entry):
        yield entry
