"""Addresses of Mastodon statuses in every form that people come across."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.networks.mastodon.address import status_id

HOSTS = frozenset({"mastodon.example", "localhost:3000"})


@pytest.mark.parametrize(
    "address",
    [
        "https://mastodon.example/@sara/115642",
        "https://Mastodon.Example/@sara/115642/",
        " http://localhost:3000/@sara/115642 ",
        "https://mastodon.example/@sara/115642?lang=fa#top",
        "https://mastodon.example/web/@sara/115642",
        "https://mastodon.example/deck/@sara@mastodon.example/115642",
        "https://mastodon.example/users/sara/statuses/115642",
        "https://mastodon.example/ap/users/7/statuses/115642",
        "https://mastodon.example/@sara/statuses/115642",
    ],
)
def test_the_id_of_a_status_is_read_from_its_address(address: str) -> None:
    assert status_id(address, HOSTS) == "115642"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "115642",
        "https://mastodon.example/",
        "https://mastodon.example/@sara",
        "https://mastodon.example/@sara/115642/embed",
        "https://mastodon.example/@sara/../115642",
        "https://elsewhere.example/@sara/115642",
        "https://mastodon.example@elsewhere.example/@sara/115642",
        "ftp://mastodon.example/@sara/115642",
        "https://[mastodon.example/@sara/115642",
    ],
)
def test_what_is_no_address_of_a_status_has_no_id(address: str) -> None:
    assert status_id(address, HOSTS) is None


@given(st.text())
def test_any_text_is_an_address_or_is_none(text: str) -> None:
    found = status_id(f"https://mastodon.example/@{text}", HOSTS)
    assert found is None or (found.isascii() and found.isalnum())
