"""LinkedIn's reading of commentary, written from its grammar and not from our code.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
"""

_RESERVED = frozenset("\\|{}@[]()<>#*_~")
_HASHTAG = "{hashtag|"


def read_little_text(text: str) -> str:
    """The words that readers see: those before the first thing that is no markup."""
    shown = ""
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] in _RESERVED:
            shown += text[at + 1]
            at += 2
        elif text.startswith(_HASHTAG, at):
            mark, at = _until(text, at + len(_HASHTAG), "|")
            word, at = _until(text, at, "}")
            if mark not in {"#", "＃"} or not word:
                break
            shown += mark + word
        elif text.startswith("@[", at):
            name, at = _until(text, at + 2, "]")
            if text[at : at + 1] != "(":
                break
            urn, at = _until(text, at + 1, ")")
            if not urn.startswith("urn:li:"):
                break
            shown += name
        elif letter in _RESERVED:
            break
        else:
            shown += letter
            at += 1
    return shown


def _until(text: str, at: int, end: str) -> tuple[str, int]:
    """The words up to a mark, their escapes read, and where they are over."""
    words = ""
    while at < len(text) and text[at] != end:
        if text[at] == "\\":
            at += 1
        words += text[at : at + 1]
        at += 1
    return words, at + 1
