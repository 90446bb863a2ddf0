"""Addresses of Bluesky posts in every form that people come across."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.networks.bluesky.address import PostAddress, post_address


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("https://bsky.app/profile/sara.example/post/3kabc", "sara.example"),
        ("https://bsky.app/profile/sara.example/post/3kabc/", "sara.example"),
        (" https://bsky.app/profile/did:plc:abc/post/3kabc?ref=x#y ", "did:plc:abc"),
        ("https://other.example/profile/sara.example/post/3kabc", "sara.example"),
        ("at://did:web:sara.example/app.bsky.feed.post/3kabc", "did:web:sara.example"),
    ],
)
def test_account_and_key_are_read_from_an_address(address: str, account: str) -> None:
    assert post_address(address) == PostAddress(account, "3kabc")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "3kabc",
        "https://bsky.app/profile/sara.example",
        "https://bsky.app/profile/sara.example/post/",
        "https://bsky.app/profile/sara.example/post/3kabc/liked-by",
        "https://bsky.app/profile/sara.example/feed/3kabc",
        "at://did:plc:abc/app.bsky.feed.like/3kabc",
    ],
)
def test_what_is_no_address_of_a_post_is_none(address: str) -> None:
    assert post_address(address) is None


@given(st.text(), st.text())
def test_any_text_is_an_address_or_is_none(account: str, key: str) -> None:
    found = post_address(f"https://bsky.app/profile/{account}/post/{key}")
    assert found is None or (found.account in account and found.key.isascii())
