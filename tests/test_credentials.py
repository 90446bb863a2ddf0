from __future__ import annotations

import base64
import pickle
import traceback

import pytest

from smmflow.credentials import Credentials, Secret, environment, struck_out
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


@pytest.mark.parametrize(
    "written",
    [
        'top secret+/"',
        "top+secret%2b%2F%22",
        "top%2520secret%252B%252F%2522",
        'top secret+\\/\\"',
        "top\\u0020secret+/&quot;",
        "746F70207365637265742b2f22",
        base64.b64encode(b'user:top secret+/"').decode(),
        base64.urlsafe_b64encode(b'a:top secret+/"').decode(),
    ],
)
def test_a_secret_is_struck_out_however_it_is_written(written: str) -> None:
    struck = struck_out(f"you sent {written}, thanks", [Secret('top secret+/"')])
    assert "***" in struck
    assert written not in struck
    assert struck.startswith("you sent ")
    assert struck.endswith(", thanks")


def test_where_long_words_are_cut_no_beginning_of_a_secret_is_left() -> None:
    struck = struck_out("x" * 19_995 + "top-secret-token", [Secret("top-secret-token")])
    assert set(struck) == {"x"}
