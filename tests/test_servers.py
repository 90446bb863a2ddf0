"""The servers other tests rely on are real: they start, answer, and refuse."""

import socket
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.browser import axe, screenshot, serve
from tests.servers.git_http import GitRepository, GitServer, Token
from tests.servers.mastodon import MastodonServer
from tests.servers.synapse import SynapseServer


def git(*arguments: str | Path, fails: bool = False) -> str:
    """Git's output, of both kinds; it has to fail if `fails`."""
    done = subprocess.run(
        ["git", *map(str, arguments)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert bool(done.returncode) == fails, done.stdout
    return done.stdout


def clone_with_commit(
    repository: GitRepository, token: Token, folder: Path, branch: str = "main"
) -> Path:
    git("clone", "-q", repository.url_for(token), folder)
    git("-C", folder, "switch", "-q", "--orphan", branch)
    git("-C", folder, "commit", "-q", "--allow-empty", "-m", f"in {folder.name}")
    return folder


# --- Bluesky --------------------------------------------------------------------------


def test_the_pds_signs_an_account_in(
    bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> None:
    person = bluesky_network.sign_in(bluesky_account)
    session = person.query("com.atproto.server.getSession")
    assert session["did"] == bluesky_account.did
    assert session["handle"] == bluesky_account.handle


def test_the_pds_refuses_a_wrong_password(
    bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> None:
    answer = httpx.post(
        f"{bluesky_network.url}/xrpc/com.atproto.server.createSession",
        json={"identifier": bluesky_account.handle, "password": "wrong"},
    )
    assert answer.status_code == 401
    assert answer.json()["error"] == "AuthenticationRequired"


def test_the_pds_knows_an_expired_token_from_a_false_one(
    bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> None:
    def error_with(token: str) -> str:
        answer = httpx.get(
            f"{bluesky_network.url}/xrpc/com.atproto.server.getSession",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 400
        error: str = answer.json()["error"]
        return error

    assert error_with(bluesky_network.expired_token(bluesky_account)) == "ExpiredToken"
    assert error_with("no token at all") == "InvalidToken"


def test_the_appview_counts_what_a_second_account_does(
    bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> None:
    author = bluesky_network.sign_in(bluesky_account)
    reader = bluesky_network.sign_in(bluesky_network.create_account("curious"))
    post = author.post("سلام دنیا")
    reader.like(post)
    reader.repost(post)
    reader.follow(author.account)
    reply = reader.post("سلام!", parent=post)

    seen = bluesky_network.post_view(
        post.uri,
        until=lambda post: all(
            post[count] == 1 for count in ("likeCount", "repostCount", "replyCount")
        ),
    )
    assert seen["record"]["text"] == "سلام دنیا"

    # Through the PDS, the way smmflow asks.
    thread = author.query("app.bsky.feed.getPostThread", uri=post.uri)["thread"]
    assert [answer["post"]["uri"] for answer in thread["replies"]] == [reply.uri]
    notices = author.query("app.bsky.notification.listNotifications")["notifications"]
    reasons = {notice["reason"] for notice in notices}
    assert reasons == {"like", "repost", "follow", "reply"}


@pytest.mark.servers
def test_a_network_without_appview_limits_rates() -> None:
    """Fifty attempts at a password reset in five minutes, and no more."""
    network = BlueskyNetwork(appview=False, rate_limits=True).start()
    try:
        with httpx.Client(base_url=network.url) as client:
            *allowed, answer = (
                client.post(
                    "/xrpc/com.atproto.server.resetPassword",
                    json={"token": "guessed", "password": "new"},
                )
                for _ in range(51)
            )
        assert {earlier.json()["error"] for earlier in allowed} == {"InvalidToken"}
        assert answer.status_code == 429
        assert answer.json()["error"] == "RateLimitExceeded"
        assert int(answer.headers["ratelimit-reset"]) > 0
    finally:
        network.stop()


# --- Mastodon -------------------------------------------------------------------------


def test_mastodon_knows_whose_token_it_is(mastodon_server: MastodonServer) -> None:
    path = "/api/v1/accounts/verify_credentials"
    author = mastodon_server.call("GET", path, mastodon_server.author)
    reader = mastodon_server.call("GET", path)
    assert (author["username"], reader["username"]) == ("author", "reader")

    answer = httpx.get(
        f"{mastodon_server.url}{path}", headers={"Authorization": "Bearer wrong"}
    )
    assert answer.status_code == 401


def test_mastodon_counts_what_a_second_account_does(
    mastodon_server: MastodonServer,
) -> None:
    author = mastodon_server.author
    post = mastodon_server.call("POST", "/api/v1/statuses", author, status="سلام")
    mastodon_server.call("POST", f"/api/v1/statuses/{post['id']}/favourite")
    answer = mastodon_server.call(
        "POST", "/api/v1/statuses", status="@author !", in_reply_to_id=post["id"]
    )

    path = f"/api/v1/statuses/{post['id']}"
    seen = mastodon_server.call("GET", path, author)
    assert (seen["favourites_count"], seen["replies_count"]) == (1, 1)
    context = mastodon_server.call("GET", f"{path}/context", author)
    assert [reply["id"] for reply in context["descendants"]] == [answer["id"]]


def test_mastodon_fails_when_told_to_and_forgets_when_told_to(
    mastodon_server: MastodonServer,
) -> None:
    url = f"{mastodon_server.url}/api/v2/instance"
    mastodon_server.fail_next("GET", "/api/v2/instance", 503)
    assert [httpx.get(url).status_code for _ in range(2)] == [503, 200]

    mastodon_server.call("POST", "/api/v1/statuses", status="forgettable")
    mastodon_server.fail_next("GET", "/api/v2/instance", 503)
    mastodon_server.reset()
    assert httpx.get(url).status_code == 200
    assert mastodon_server.call("GET", "/api/v1/timelines/home") == []


# --- Synapse --------------------------------------------------------------------------


def test_synapse_registers_nobody_who_does_not_know_the_secret(
    synapse_server: SynapseServer,
) -> None:
    answer = httpx.post(
        f"{synapse_server.url}/_matrix/client/v3/register",
        json={"username": "anybody", "password": "password"},
        trust_env=False,
    )
    assert answer.status_code == 403


def test_synapse_shows_a_room_what_is_said_and_not_what_was_taken_back(
    synapse_server: SynapseServer,
) -> None:
    room = synapse_server.create_room()
    first = synapse_server.say(room, "سلام")
    second = synapse_server.say(room, "Too early", on=first)
    assert [each.parent for each in synapse_server.live(room)] == ["", first]
    path = f"/rooms/{quote(room, safe='')}/redact/{quote(second, safe='')}/1"
    synapse_server.call("PUT", path)
    assert [each.text for each in synapse_server.live(room)] == ["سلام"]


# --- Git ------------------------------------------------------------------------------


def test_git_pushes_and_clones_with_a_token(
    git_server: GitServer, tmp_path: Path
) -> None:
    repository = git_server.create_repository()
    token = git_server.create_token()
    first = clone_with_commit(repository, token, tmp_path / "first")
    # More than git holds back to send in one piece (http.postBuffer, 1 MiB).
    (first / "noise").write_bytes(Image.effect_noise((1500, 1500), 99).tobytes())
    git("-C", first, "add", "noise")
    git("-C", first, "commit", "-q", "-m", "large")
    git("-C", first, "push", "-q", "origin", "main")

    git("clone", "-q", repository.url_for(token), tmp_path / "second")
    assert git("-C", tmp_path / "second", "rev-list", "--count", "main") == "2\n"
    assert (tmp_path / "second" / "noise").stat().st_size == 1500 * 1500


def test_git_refuses_without_a_good_token(
    git_server: GitServer, tmp_path: Path
) -> None:
    repository = git_server.create_repository()
    unknown = Token("guessed", "somebody", may_write=True)
    output = git("clone", repository.url_for(unknown), tmp_path / "a", fails=True)
    assert "Authentication failed" in output
    output = git("clone", repository.url, tmp_path / "b", fails=True)
    assert "could not read Username" in output


def test_git_refuses_a_push_with_a_token_for_reading(
    git_server: GitServer, tmp_path: Path
) -> None:
    repository = git_server.create_repository()
    token = git_server.create_token(may_write=False)
    folder = clone_with_commit(repository, token, tmp_path / "clone")
    assert "403" in git("-C", folder, "push", "origin", "main", fails=True)


def test_git_protects_a_branch(git_server: GitServer, tmp_path: Path) -> None:
    repository = git_server.create_repository(protected=["main"], may_push=["release"])
    bot = git_server.create_token("bot")
    folder = clone_with_commit(repository, bot, tmp_path / "bot")
    output = git("-C", folder, "push", "origin", "main", fails=True)
    assert "GH006" in output
    assert "pull request" in output
    git("-C", folder, "push", "-q", "origin", "main:elsewhere")

    release = git_server.create_token("release")
    folder = clone_with_commit(repository, release, tmp_path / "release")
    git("-C", folder, "push", "-q", "origin", "main")
    git("-C", folder, "commit", "-q", "--amend", "--allow-empty", "-m", "rewritten")
    output = git("-C", folder, "push", "--force", "origin", "main", fails=True)
    assert "force-push" in output
    assert "delete" in git("-C", folder, "push", "origin", ":main", fails=True)


def test_git_lets_a_test_stage_a_lost_race(
    git_server: GitServer, tmp_path: Path
) -> None:
    repository = git_server.create_repository()
    token = git_server.create_token()
    winner, loser = (
        clone_with_commit(repository, token, tmp_path / name) for name in "ab"
    )

    def overtake() -> None:
        git("-C", winner, "push", "-q", repository.path, "main")

    git_server.before_next_push(overtake)
    output = git("-C", loser, "push", "origin", "main", fails=True)
    assert "failed to push" in output
    tips = [
        git("-C", place, "rev-parse", "main") for place in (winner, repository.path)
    ]
    assert all(one == other for one, other in pairwise(tips))


# --- Browser --------------------------------------------------------------------------

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<style>
  @media (prefers-color-scheme: dark) { body { background: black; color: white } }
</style></head>
<body><main><h1>سلام</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
</main></body></html>
"""


def test_chromium_renders_a_page_and_axe_finds_what_is_wrong_with_it(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    with serve(tmp_path) as url, browser.new_page() as page:
        page.goto(url)
        assert page.title() == "A page"
        assert page.text_content("h1") == "سلام"
        assert [(one.rule, one.elements) for one in axe(page)] == [
            ("image-alt", ("img",))
        ]

        for dark in (False, True):
            screenshot(page, tmp_path / "page.png", width=400, dark=dark)
            with Image.open(tmp_path / "page.png") as picture:
                assert picture.width == 400
                assert picture.convert("L").getpixel((399, 5)) == (0 if dark else 255)


# --- The world outside ----------------------------------------------------------------


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_no_test_reaches_another_machine(address: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="this machine only"):
        socket.create_connection((address, 80), timeout=1)


def test_no_test_reads_the_developers_git_configuration(tmp_path: Path) -> None:
    assert git("-C", tmp_path, "config", "--list", "--show-origin") == ""
