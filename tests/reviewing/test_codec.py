from __future__ import annotations

import json
from dataclasses import replace

import pytest

from smmflow.errors import UsageError
from smmflow.model.review import Review, ReviewChange, ReviewEntry, ReviewPart
from smmflow.reviewing import decode_review, encode_review

ENTRY = ReviewEntry(
    "launch",
    "content/posts/launch.md",
    "شروع",
    "sky",
    ReviewChange.EDITED,
    parts=(ReviewPart("نسخهٔ ۳ می‌آید", "نسخهٔ ۲ می‌آید"),),
)
REVIEW = Review("main", "c0ffee", "Asia/Tehran", "0123", (ENTRY,))


def changed(**fields: object) -> bytes:
    plain = json.loads(encode_review(REVIEW))
    plain["review"].update(fields)
    return json.dumps(plain).encode()


def test_what_is_written_is_what_is_read() -> None:
    content = encode_review(REVIEW)
    assert decode_review(content) == REVIEW
    assert "می‌آید".encode() in content


def test_what_has_no_room_in_the_file_is_counted() -> None:
    long = replace(ENTRY, parts=(ReviewPart("x" * 150_000),))
    read = decode_review(encode_review(replace(REVIEW, entries=(long,) * 100)))
    assert len(read.entries) == 33
    assert read.left_out == 67


def test_a_text_that_is_too_long_leaves_the_others_in() -> None:
    long = replace(ENTRY, parts=(ReviewPart("x" * 300_000),))
    read = decode_review(encode_review(replace(REVIEW, entries=(long, ENTRY))))
    assert read.entries == (ENTRY,)
    assert read.left_out == 1


HOSTILE = {
    "nothing": b"",
    "no JSON": b"<html>",
    "another format": b'{"format": 2, "review": {}}',
    "no object": b"[]",
    "deep": b"[" * 1_000_000,
    "deep objects": b'{"review":' * 100_000,
    "too large": b" " * 5_000_001,
    "not UTF-8": b'{"format": 1, "review": {"base": "\xff"}}',
    "half a pair": encode_review(REVIEW).replace(b'"main"', b'"\\ud800"'),
    "NaN": encode_review(REVIEW).replace(b'"left_out": 0', b'"left_out": NaN'),
    "a float": encode_review(REVIEW).replace(b'"left_out": 0', b'"left_out": 0.0'),
    "an infinite number": changed().replace(b'"left_out": 0', b'"left_out": 1e999'),
    "a huge number": changed(left_out=10**400),
    "a negative number": changed(left_out=-1),
    "true for a number": changed(left_out=True),
    "an unknown key": changed(pull_request=7),
    "a number for a word": changed(base=7),
    "null for a word": changed(base=None),
    "a word for a list": changed(entries="abc"),
    "an object for a list": changed(entries={"0": {}}),
    "an unknown change": encode_review(REVIEW).replace(b'"edited"', b'"approved"'),
    "a list without end": changed(findings=[]).replace(
        b'"gone": []', b'"gone": [' + b'"",' * 2_000 + b'""]'
    ),
    "a text without end": changed(base="x" * 200_001),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_file_of_a_stranger_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UsageError, match="no review") as caught:
        decode_review(content)
    assert len(caught.value.message) < 400
