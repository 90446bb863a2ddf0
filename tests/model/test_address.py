"""Addresses of pages: safe names of folders, and never two posts in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.address import is_slug, slug


@pytest.mark.parametrize("post", ["launch", "version-1", "نسخه-یک", "2026-12-01-hello"])
def test_a_plain_id_is_its_own_address(post: str) -> None:
    assert slug(post) == post


def test_a_recurring_post_has_its_time_behind_a_dot() -> None:
    assert slug("tips@2026-12-01T09:30") == "tips.20261201t0930"


@pytest.mark.parametrize("post", ["con", "COM1", "aux", "nul"])
def test_names_of_devices_are_never_folders(post: str) -> None:
    assert slug(post).startswith("post-")


@given(st.text(max_size=200))
def test_every_id_gives_a_name_that_is_safe_as_a_folder(post: str) -> None:
    word = slug(post)
    assert is_slug(word)
    assert word not in {".", ".."}
    assert not set(word) & set('/\\:*?"<>|\0 ')


@given(st.lists(st.text("aAbB -_./@é", max_size=6), unique=True, max_size=20))
def test_no_two_posts_share_an_address_whatever_the_file_system(ids: list[str]) -> None:
    assert len({slug(each).casefold() for each in ids}) == len(ids)
