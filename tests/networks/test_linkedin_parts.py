"""Names, numbers and uploads of LinkedIn, one by one."""

from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected, Unreachable
from smmflow.model.post import Poll
from smmflow.networks.linkedin.api import Api, number_of
from smmflow.networks.linkedin.share import matches, moment_of
from smmflow.networks.linkedin.uploads import Uploads
from smmflow.networks.linkedin.urn import (
    comment_of,
    encoded,
    is_comment,
    listed,
    page,
    post_of,
)
from smmflow.testing.samples import part, picture_file
from smmflow.testing.transports import Recording

AUTHOR = "urn:li:organization:1"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.linkedin.com/feed/update/urn:li:share:12/", "urn:li:share:12"),
        (
            " https://linkedin.com/feed/update/urn%3Ali%3AugcPost%3A12?utm=1 ",
            "urn:li:ugcPost:12",
        ),
        (
            "https://www.linkedin.com/embed/feed/update/urn:li:share:12",
            "urn:li:share:12",
        ),
        ("https://www.linkedin.com/feed/update/urn:li:activity:12/", None),
        ("https://www.linkedin.com.example/feed/update/urn:li:share:12/", None),
        ("http://www.linkedin.com/feed/update/urn:li:share:12/", None),
        ("https://www.linkedin.com/feed/update/urn:li:share:12)/", None),
        ("https://[/feed/update/urn:li:share:12", None),
    ],
)
def test_the_name_of_a_post_is_read_from_its_address(
    url: str, name: str | None
) -> None:
    assert post_of(url) == name


def test_names_of_comments_say_where_they_stand() -> None:
    name = "urn:li:comment:(urn:li:activity:12,34)"
    assert is_comment(name)
    assert comment_of(name) == ("urn:li:activity:12", "34")
    assert page(name) == (
        "https://www.linkedin.com/feed/update/urn:li:activity:12/"
        "?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A12%2C34%29"
    )
    with pytest.raises(ValueError, match="share"):
        comment_of("urn:li:share:12")


def test_only_the_members_of_a_list_are_encoded() -> None:
    names = ["urn:li:share:1", "urn:li:comment:(urn:li:share:1,2)"]
    assert listed(names) == f"List({encoded(names[0])},{encoded(names[1])})"
    assert listed(names).count("(") == 1


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3), (-2, 0), (True, None), ("3", None), (None, None)]
)
def test_counts_are_whole_and_never_below_zero(
    value: object, number: int | None
) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize("value", [None, "yesterday", 10**30])
def test_a_time_that_is_none_leaves_the_outcome_unknown(value: object) -> None:
    with pytest.raises(OutcomeUnknown):
        moment_of(value)


@pytest.mark.parametrize(
    "element",
    [
        {"commentary": "Hello", "lifecycleState": "PUBLISH_FAILED"},
        {"commentary": "Hello", "content": {"media": {"id": "urn:li:image:1"}}},
        {"commentary": "Hello", "content": {"poll": {"options": [{"text": "Yes"}]}}},
        {"commentary": "Hello you"},
        {},
    ],
)
def test_a_post_that_shows_or_says_something_else_is_not_ours(
    element: dict[str, object],
) -> None:
    assert matches({"commentary": " Hello\n"}, part("Hello"))
    asked = {"poll": {"options": [{"text": "Yes"}, {"text": "نمی\u200cدانم"}]}}
    poll = Poll(("Yes ", "نمیدانم"))
    assert matches({"commentary": "Hello", "content": asked}, part("Hello", poll=poll))
    assert not matches(element, part("Hello"))


def _uploads(transport: httpx.BaseTransport, root: Path) -> Uploads:
    return Uploads(Api(Secret("t0ken"), "202605", transport=transport), AUTHOR, root)


def test_the_token_is_sent_to_linkedin_only(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            return httpx.Response(201)
        urls = {"image": "urn:li:image:1", "uploadUrl": "https://cdn.example/up"}
        return httpx.Response(200, json={"value": urls})

    recording = Recording(httpx.MockTransport(answer))
    assert _uploads(recording, tmp_path).image(picture_file(tmp_path))
    there, elsewhere = recording.requests
    assert there.headers["authorization"] == "Bearer t0ken"
    assert "authorization" not in elsewhere.headers


def test_a_file_that_linkedin_cant_use_is_refused_with_its_reason(
    tmp_path: Path,
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        said = {"status": "PROCESSING_FAILED", "processingFailureReason": "too short"}
        return httpx.Response(200, json=said)

    uploads = _uploads(httpx.MockTransport(answer), tmp_path)
    with pytest.raises(Rejected, match="can't use the video: too short"):
        uploads.ready("urn:li:video:1")


@pytest.mark.parametrize("value", [{}, {"image": 7}, {"image": "urn:li:video:1"}])
def test_an_upload_that_gets_no_name_can_be_tried_again(
    value: dict[str, object], tmp_path: Path
) -> None:
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"value": value})
    )
    with pytest.raises(Unreachable):
        _uploads(transport, tmp_path).image(picture_file(tmp_path))
