"""A user's link leads nowhere private, by no name, address or redirect."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from smmflow.errors import Rejected, Unreachable
from smmflow.networks.opengraph import PageCard, read_card
from smmflow.networks.safe_fetch import SafeFetch, is_public

Serve = Callable[[dict[str, tuple[str, bytes]]], str]
TRUSTING = SafeFetch(allow=frozenset({"127.0.0.1"}))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/",
        "http://[::1]/",
        "https://127.1.2.3/",
    ],
)
def test_this_machine_is_not_asked(url: str) -> None:
    with pytest.raises(Rejected, match="not on the public internet"):
        SafeFetch().get(url, largest=10)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to be refused
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_an_addressis_public_only_if_all_of_it_is(
    address: str,
    public: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "gopher://x/", "nonsense", ""]
)
def test_only_the_web_is_fetched(url: str) -> None:
    with pytest.raises(Rejected):
        SafeFetch().get(url, largest=10)


def test_a_password_in_a_link_is_refused() -> None:
    with pytest.raises(Rejected, match="password"):
        SafeFetch().get("https://me:secret@example.org/", largest=10)


def test_a_page_is_fetched_with_its_type(page_server: Serve) -> None:
    url = page_server({"/": ("text/html; charset=utf-8", b"<title>x</title>")})
    fetched = TRUSTING.get(f"{url}/", largest=100)
    assert (fetched.media_type, fetched.content) == ("text/html", b"<title>x</title>")


def test_a_redirect_is_followed(page_server: Serve) -> None:
    url = page_server({"/": ("redirect", b"/there"), "/there": ("text/plain", b"ok")})
    fetched = TRUSTING.get(f"{url}/", largest=100)
    assert (fetched.url, fetched.content) == (f"{url}/there", b"ok")


def test_a_redirect_to_a_private_address_is_refused(page_server: Serve) -> None:
    url = page_server({"/": ("redirect", b"http://127.0.0.2/secrets")})
    with pytest.raises(Rejected, match=r"127\.0\.0\.2 is not on the public internet"):
        TRUSTING.get(f"{url}/", largest=100)


def test_a_name_is_looked_up_once_so_that_it_can_not_change_its_mind(
    page_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = page_server({"/": ("text/plain", b"ok")})
    port = url.rpartition(":")[2]
    asked = []
    look_up = socket.getaddrinfo

    def rebinding(host: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        if host == "rebind.test":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    trusting = SafeFetch(allow=frozenset({"rebind.test"}))
    assert trusting.get(f"http://rebind.test:{port}/", largest=9).content == b"ok"
    assert asked == ["rebind.test"]


def test_redirects_in_a_circle_end(page_server: Serve) -> None:
    url = page_server({"/": ("redirect", b"/")})
    with pytest.raises(Rejected, match="redirects more than"):
        TRUSTING.get(f"{url}/", largest=100)


def test_a_large_answer_is_cut_off(page_server: Serve) -> None:
    url = page_server({"/": ("text/html", b"x" * 1000)})
    with pytest.raises(Rejected, match="more than 999 bytes"):
        TRUSTING.get(f"{url}/", largest=999)


def test_a_page_that_is_missing_is_an_error(page_server: Serve) -> None:
    with pytest.raises(Rejected, match="404"):
        TRUSTING.get(f"{page_server({})}/", largest=999)


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        TRUSTING.get("http://127.0.0.1:9/", largest=999)


def test_a_page_says_its_title_description_and_picture() -> None:
    html = """
        <title>Plain title</title>
        <meta name="description" content="ساده &amp; روشن">
        <meta property="og:image" content="../i.png">
    """
    assert read_card(html.encode(), "https://example.org/a/b") == PageCard(
        "Plain title", "ساده & روشن", "https://example.org/i.png"
    )


def test_opengraph_wins_over_plain_html_and_the_first_of_its_kind_wins() -> None:
    html = (
        b'<title>x</title><meta property="og:title" content="A">'
        b'<meta property="og:title" content="B"><meta name="description" content="y">'
        b'<meta property="og:description" content="z">'
    )
    assert read_card(html, "https://example.org/") == PageCard("A", "z", "")


def test_a_page_of_rubbish_says_nothing() -> None:
    assert read_card(bytes(range(256)) * 100, "https://example.org/") == PageCard()
