"""The newsletter, against a real mail server on loopback."""

import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smmflow.credentials import Credentials
from smmflow.errors import (
    ConfigurationError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.interface import Connection, Network
from smmflow.networks.newsletter import (
    ArchivedNewsletter,
    Newsletter,
    NewsletterSettings,
)
from smmflow.networks.newsletter.letter import Letterhead, subject
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Broken, publish
from smmflow.testing.samples import DUE
from smmflow.testing.transports import Fault, dead, lost_answer, page, too_many
from tests.servers.processes import ServerUnavailable
from tests.servers.smtp import MailServer, Spoil, SpoiltWay

CREDENTIALS = MailServer().account().credentials()
SPOILS: dict[tuple[Fault, str], Spoil] = {
    (dead, ""): Spoil.NOBODY,
    (dead, "DATA"): Spoil.LOST_BEFORE_DATA,
    (too_many, ""): Spoil.BUSY,
    (too_many, "DATA"): Spoil.LATER,
    (page, ""): Spoil.FOREIGN,
    (page, "DATA"): Spoil.FOREIGN_ANSWER,
    (lost_answer, "DATA"): Spoil.LOST_ANSWER,
}


def _channel(port: int, **settings: object) -> Channel:
    return MailServer(port=port).account(**settings).channel("letter")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def through(
    mail_server: MailServer, tmp_path: Path
) -> Iterator[Callable[[Spoil], Connection]]:
    """A connection whose way to the server is spoilt."""
    with ExitStack() as ways:

        def through(spoil: Spoil) -> Connection:
            way = SpoiltWay(mail_server, spoil).start()
            ways.callback(way.stop)
            channel = _channel(way.port)
            return Newsletter().connect(channel, CREDENTIALS, root=tmp_path)

        yield through


class TestContract(NetworkContract):
    publishing_path = "DATA"

    @pytest.fixture
    def network(self) -> Network:
        return Newsletter()

    @pytest.fixture
    def channel(self, mail_server: MailServer) -> Channel:
        return _channel(mail_server.port)

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def broken(self, through: Callable[[Spoil], Connection]) -> Broken:
        def broken(fault: Fault, path: str) -> Connection:
            return through(SPOILS[fault, path])

        return broken

    @pytest.fixture
    def look(self, mail_server: MailServer) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            for each in mail_server.live():
                if each.id == receipt.id:
                    alts = tuple(it["alt"] or "" for it in _pictures(each.html))
                    return Seen(each.text, alts=alts)
            return None

        return look


class TestArchivedContract(TestContract):
    @pytest.fixture
    def network(self) -> Network:
        return ArchivedNewsletter()

    @pytest.fixture
    def channel(self, mail_server: MailServer) -> Channel:
        archive = "https://lists.example.org/news/{id}/"
        return _channel(mail_server.port, archive=archive)


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


def _pictures(html: str) -> list[dict[str, str | None]]:
    pictures = _Pictures()
    pictures.feed(html)
    return pictures.found


def _send(channel: Channel, post: ChannelPost, root: Path) -> Receipt:
    connection = Newsletter().connect(channel, CREDENTIALS, root=root)
    return publish(connection, post)


# --- What arrives ---------------------------------------------------------------------


def test_a_persian_post_arrives_with_its_direction_title_summary_and_ways_to_leave(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(
        mail_server.port,
        sender_name="خبرنامهٔ نمونه",
        reply_to="office@example.org",
        unsubscribe_mail="leave@lists.example.org",
        unsubscribe_url="https://lists.example.org/leave",
        one_click=True,
    )
    post = replace(
        channel_post(channel, "می‌خواهم بدانم 👩‍👩‍👧"),
        title="نسخهٔ ۱ می‌رسد",
        summary="خلاصه",
        language="fa",
    )
    receipt = _send(channel, post, tmp_path)
    (taken,) = mail_server.live()
    message = taken.message
    assert taken.sender == "news@example.org"
    assert taken.to == ("subscribers@lists.example.org",)
    assert message["From"].addresses[0].display_name == "خبرنامهٔ نمونه"
    assert message["To"] == "subscribers@lists.example.org"
    assert message["Reply-To"] == "office@example.org"
    assert message["Subject"] == "نسخهٔ ۱ می‌رسد"
    assert message["Message-ID"] == f"<{key_of(post).hex[:32]}@example.org>"
    assert message["Message-ID"] == f"<{receipt.id}>"
    assert message["Date"].datetime.tzinfo is not None
    assert message["List-Unsubscribe"] == (
        "<https://lists.example.org/leave>, "
        "<mailto:leave@lists.example.org?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = taken.html
    assert '<html lang="fa" dir="rtl">' in html
    assert "خلاصه" in html
    assert "می‌خواهم بدانم 👩‍👩‍👧" in html
    assert taken.text == "می‌خواهم بدانم 👩‍👩‍👧"
    assert max(map(len, taken.content.splitlines())) <= 998


def test_pictures_stand_in_the_message_itself(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port)
    picture = picture_file(tmp_path, alt='A "green" square & more')
    post = channel_post(channel, part("Look", media=(picture,)))
    _send(channel, post, tmp_path)
    (taken,) = mail_server.live()
    message = taken.message
    (shown,) = _pictures(taken.html)
    (related,) = [e for e in message.walk() if e.get_content_maintype() == "image"]
    assert shown["src"] == f"cid:{related['Content-ID'].strip('<>')}"
    assert shown["alt"] == 'A "green" square & more'
    assert related.get_content() == (tmp_path / "picture.png").read_bytes()
    assert message.get_content_type() == "multipart/alternative"


def test_links_over_words_are_written_out_where_html_is_not_read(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port)
    words = RichText("Read this.", (Span(5, 9, SpanKind.LINK, "https://example.org/"),))
    post = channel_post(channel, Part(words, html="<p>Read this.</p>"))
    _send(channel, post, tmp_path)
    assert mail_server.live()[0].text == "Read this (https://example.org/)."


def test_lines_that_begin_with_a_dot_arrive(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port)
    _send(channel, channel_post(channel, "One\n.\n..two\nThree"), tmp_path)
    assert mail_server.live()[0].text.split() == ["One", ".", "..two", "Three"]


def test_an_archive_shows_the_message_under_its_name(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port, archive="https://lists.example.org/news/{id}/")
    receipt = _send(channel, channel_post(channel, "Hello"), tmp_path)
    assert receipt.url == f"https://lists.example.org/news/{receipt.id}/"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=50))
def test_nothing_that_people_write_becomes_a_header_of_its_own(
    title: str, summary: str, name: str
) -> None:
    injected = "\r\nBcc: everybody@example.org\r\n\r\nBody"
    settings = NewsletterSettings.model_validate(
        {
            **_channel(25).settings,
            "sender_name": "".join(c for c in name if c.isprintable()),
        }
    )
    post = replace(
        channel_post(_channel(25), "Hello"),
        title=title + injected + title,
        summary=summary + injected,
        language="en" + injected,
    )
    written = Letterhead(settings, Path()).letter(post, 0, key=key_of(post), at=DUE)
    read = message_from_bytes(written.as_bytes(), policy=default)
    assert set(map(str.lower, read.keys())) == {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "content-language",
        "mime-version",
        "content-type",
    }
    assert read["To"] == "subscribers@lists.example.org"
    assert read["From"].addresses[0].addr_spec == "news@example.org"


@given(st.text(st.characters(codec="utf-8"), max_size=500))
@example("One\r.\r\nMAIL FROM:<b@example.org>")
@example("One\n.\nTwo\r\n.\r\n")
@example("\r.\r")
def test_nothing_that_people_write_ends_the_message(words: str) -> None:
    """https://www.rfc-editor.org/rfc/rfc5321#section-2.3.8 - line ends are CRLF."""
    settings = NewsletterSettings.model_validate(_channel(25).settings)
    post = channel_post(_channel(25), Part(RichText(words), html=escape(words)))
    written = Letterhead(settings, Path()).letter(post, 0, key=key_of(post), at=DUE)
    content = written.as_bytes()
    assert re.search(rb"\r(?!\n)|(?<!\r)\n", content) is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()


@given(st.text(min_size=1, max_size=2000))
def test_titles_are_one_line_of_bounded_length(title: str) -> None:
    post = replace(channel_post(_channel(25), "Hello"), title=title)
    line = subject(post)
    assert 0 < len(line) <= 150
    assert line.splitlines() == [line]


# --- What goes wrong ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "kind", "taken"),
    [
        (Spoil.NOBODY, Unreachable, 0),
        (Spoil.BUSY, RateLimited, 0),
        (Spoil.FOREIGN, Unreachable, 0),
        (Spoil.LOST_BEFORE_DATA, Unreachable, 0),
        (Spoil.LATER, RateLimited, 0),
        (Spoil.LOST_IN_DATA, OutcomeUnknown, 0),
        (Spoil.LOST_ANSWER, OutcomeUnknown, 1),
        (Spoil.FOREIGN_ANSWER, OutcomeUnknown, 1),
        (Spoil.CLOSING, OutcomeUnknown, 1),
        (Spoil.LATER_DATA, RateLimited, 0),
        (Spoil.REFUSED_DATA, Rejected, 0),
    ],
)
def test_only_what_certainly_was_not_taken_may_be_sent_again(
    mail_server: MailServer,
    through: Callable[[Spoil], Connection],
    spoil: Spoil,
    kind: type[NetworkError],
    taken: int,
) -> None:
    post = channel_post(_channel(mail_server.port), "Once")
    with pytest.raises(kind):
        publish(through(spoil), post)
    assert len(mail_server.live()) == taken


def test_a_server_that_took_the_message_may_leave_without_a_farewell(
    mail_server: MailServer, through: Callable[[Spoil], Connection]
) -> None:
    post = channel_post(_channel(mail_server.port), "Once")
    receipt = publish(through(Spoil.LOST_FAREWELL), post)
    assert [each.id for each in mail_server.live()] == [receipt.id]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 No such list", Rejected),
        ("450 4.2.1 The list is being moved", Unreachable),
        ("450 4.7.1 Greylisted, try again in 5 minutes", RateLimited),
        ("530 5.7.0 Sign in first", SignInFailed),
    ],
)
def test_a_list_that_takes_nothing_is_an_error_of_its_kind(
    mail_server: MailServer, tmp_path: Path, answer: str, kind: type[NetworkError]
) -> None:
    mail_server.refused["subscribers@lists.example.org"] = answer
    channel = _channel(mail_server.port)
    with pytest.raises(kind) as caught:
        _send(channel, channel_post(channel, "Hello"), tmp_path)
    assert answer[4:] in caught.value.message
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 300
    assert mail_server.live() == []


def test_a_message_over_the_servers_size_is_refused_before_it_is_sent(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port)
    post = channel_post(channel, "word " * 300_000)
    with pytest.raises(Rejected, match="takes 1048576"):
        _send(channel, post, tmp_path)
    assert mail_server.live() == []


def test_without_secrets_a_server_that_wants_them_is_a_failed_sign_in(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = replace(_channel(mail_server.port), secrets={})
    with pytest.raises(SignInFailed):
        _send(channel, channel_post(channel, "Hello"), tmp_path)


# --- Settings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "smtp.example.org", "security": "none"},
        {"to": "a@example.org, b@example.org"},
        {"to": "a..b@example.org"},
        {"to": "a@example.org\r\nRCPT TO:<b@example.org>"},
        {"sender": "Example <news@example.org>"},
        {"sender_name": "News\r\nBcc: b@example.org"},
        {"unsubscribe_url": "http://lists.example.org/leave"},
        {"unsubscribe_url": "https://lists.example.org/>,<mailto:b@example.org"},
        {"one_click": True},
        {"archive": "https://lists.example.org/news/"},
        {"host": ""},
    ],
)
def test_settings_that_can_do_harm_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        Newsletter().connect(_channel(25, **settings), CREDENTIALS)


def test_one_secret_of_the_pair_is_not_enough() -> None:
    channel = replace(_channel(25), secrets={"user": "USER"})
    with pytest.raises(ConfigurationError, match="password"):
        Newsletter().connect(channel, CREDENTIALS)


def test_an_archive_decides_whether_posts_have_addresses() -> None:
    archived = _channel(25, archive="https://lists.example.org/news/{id}/")
    assert Newsletter().on(archived).capabilities.permalinks
    assert not Newsletter().on(_channel(25)).capabilities.permalinks


# --- Encryption -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that its own key signed, and the key."""
    if shutil.which("openssl") is None:
        raise ServerUnavailable("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-days", "2", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture(params=["starttls", "tls"])
def encrypted(
    request: pytest.FixtureRequest, certificate: tuple[Path, Path]
) -> Iterator[tuple[MailServer, Channel]]:
    """A server, and a channel that encrypts as it does."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    server = MailServer(tls=context, at_once=request.param == "tls").start()
    yield server, _channel(server.port, host="localhost", security=request.param)
    server.stop()


def test_a_server_whose_certificate_is_known_gets_user_password_and_message(
    encrypted: tuple[MailServer, Channel],
    certificate: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server, channel = encrypted
    receipt = _send(channel, channel_post(channel, "Hello"), tmp_path)
    assert [each.id for each in server.live()] == [receipt.id]


def test_a_server_whose_certificate_is_unknown_gets_nothing(
    encrypted: tuple[MailServer, Channel], tmp_path: Path
) -> None:
    server, channel = encrypted
    with pytest.raises(Unreachable):
        _send(channel, channel_post(channel, "Hello"), tmp_path)
    assert server.live() == []


def test_a_server_that_offers_no_encryption_gets_no_password(
    mail_server: MailServer, tmp_path: Path
) -> None:
    channel = _channel(mail_server.port, security="starttls")
    with pytest.raises(Unreachable, match="no encryption"):
        _send(channel, channel_post(channel, "Hello"), tmp_path)
