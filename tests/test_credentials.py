from __future__ import annotations

import pickle
import traceback

import pytest

from smmflow.credentials import Credentials, Secret, environment
from smmflow.errors import MissingSecret


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("hunter2")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"{[secret]}"]
    assert not any("hunter2" in each for each in shown)
    assert secret.reveal() == "hunter2"


def test_a_secret_can_not_be_pickled() -> None:
    with pytest.raises(TypeError, match="never written"):
        pickle.dumps(Secret("hunter2"))


def test_a_missing_secret_names_the_channel_and_the_variable() -> None:
    with pytest.raises(MissingSecret, match="bluesky needs the secret BSKY") as caught:
        Credentials({"BSKY": ""}).secret("BSKY", channel="bluesky")
    assert "BSKY" in caught.value.hint


def test_credentials_do_not_show_in_tracebacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMMFLOW_TEST_TOKEN", "hunter2")
    found = environment()
    assert found.has("SMMFLOW_TEST_TOKEN")
    assert "hunter2" not in repr(found)
    try:
        found.secret("NOT_THERE", channel="x")
    except MissingSecret as problem:
        shown = "".join(traceback.format_exception(problem))
        assert "hunter2" not in shown
