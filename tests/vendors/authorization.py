"""An authorization server in memory, in front of a vendor, as the RFCs describe one.

It shows no page: whoever opens the address where a person agrees has agreed, unless
the test says otherwise. It refuses what a strict server refuses: a redirect that was
not registered letter by letter, a code that was used or is another app's, a verifier
that does not fit its challenge, and an app that shows its secret in the wrong place.
https://www.rfc-editor.org/rfc/rfc6749, https://www.rfc-editor.org/rfc/rfc7636
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import httpx

from tests.vendors.vendor import Posting, Vendor

Json = dict[str, Any]


@dataclass
class RegisteredApp:
    """An app as its owner has set it up.

    Attributes:
        password: Empty for a public app.
        basic: It shows its secret in a header, not in the form.
        challenge: A code has to be bound.
    """

    client: str
    redirects: set[str]
    password: str = ""
    basic: bool = False
    challenge: bool = True


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    redirect: str
    challenge: str


@dataclass
class Person:
    """Who is asked to agree.

    Attributes:
        declines: They say no.
        grants: What they agree to; None for all that is asked.
    """

    declines: bool = False
    grants: set[str] | None = None


class Refused(Exception):
    """https://www.rfc-editor.org/rfc/rfc6749#section-5.2"""


class AuthorizationServer(Vendor):
    """Stands before a vendor and answers two of its paths.

    Attributes:
        given: The answer of the token endpoint, besides the scopes.
        person: Who is asked.
        tells_scopes: The token endpoint says what was granted.
        asked: What was asked of the person, the last time.
        codes: Those that were not used yet.
    """

    def __init__(
        self,
        behind: Vendor,
        app: RegisteredApp,
        *,
        page: str,
        token: str,
        given: Json,
        separator: str = " ",
    ) -> None:
        super().__init__()
        self.behind = behind
        self.app = app
        self.page, self.token = page, token
        self.given = given
        self.separator = separator
        self.person = Person()
        self.tells_scopes = True
        self.asked: dict[str, str] = {}
        self.codes: dict[str, Grant] = {}
        self.faults = behind.faults
        self._number = 0
        self._scopes = ""

    def live(self) -> list[Posting]:
        return self.behind.live()

    def say(self, post: str, words: str) -> str:
        return self.behind.say(post, words)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == self.page:
            return self._agree(request)
        if request.url.path == self.token:
            try:
                return httpx.Response(200, json=self._sold(request))
            except Refused as refused:
                return httpx.Response(400, json={"error": str(refused)})
        return self.behind.handle_request(request)

    def agree(self, url: str) -> str:
        """Let the person open an address; return where their browser is sent."""
        request = httpx.Request("GET", url)
        response = self.handle_request(request)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def _agree(self, request: httpx.Request) -> httpx.Response:
        asked = dict(parse_qsl(request.url.query.decode(), strict_parsing=True))
        self.asked = asked
        known = asked.get("client_id") == self.app.client
        # An address that was not registered is never sent to.
        if not known or asked.get("redirect_uri") not in self.app.redirects:
            return httpx.Response(400, text="unknown app or redirect")
        if asked.get("response_type") != "code" or not asked.get("state"):
            return self._back(asked, error="invalid_request")
        challenged = asked.get("code_challenge_method") == "S256"
        if self.app.challenge != challenged:
            return self._back(asked, error="invalid_request")
        if self.person.declines:
            return self._back(asked, error="access_denied")
        wanted = asked["scope"].split(self.separator)
        agreed = [
            each
            for each in wanted
            if self.person.grants is None or each in self.person.grants
        ]
        self._scopes = self.separator.join(agreed)
        self._number += 1
        code = f"code-{self._number}"
        self.codes[code] = Grant(asked["redirect_uri"], asked.get("code_challenge", ""))
        return self._back(asked, code=code)

    def _back(self, asked: dict[str, str], **said: str) -> httpx.Response:
        query = urlencode({**said, "state": asked.get("state", "")})
        return httpx.Response(
            302, headers={"Location": f"{asked['redirect_uri']}?{query}"}
        )

    def _sold(self, request: httpx.Request) -> Json:
        form = {k: v for k, (v,) in parse_qs(request.content.decode()).items()}
        self._known(request, form)
        if request.method != "POST" or form["grant_type"] != "authorization_code":
            raise Refused("unsupported_grant_type")
        grant = self.codes.pop(form["code"], None)
        if grant is None or form["redirect_uri"] != grant.redirect:
            raise Refused("invalid_grant")
        if grant.challenge:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if made != grant.challenge:
                raise Refused("invalid_grant")
        said = {"scope": self._scopes} if self.tells_scopes else {}
        return {**said, **self.given}

    def _known(self, request: httpx.Request, form: dict[str, str]) -> None:
        pair = f"{self.app.client}:{self.app.password}".encode()
        header = request.headers.get("authorization", "")
        if self.app.password and self.app.basic:
            fits = header == f"Basic {base64.b64encode(pair).decode()}"
            fits = fits and "client_secret" not in form
        else:
            fits = form.get("client_id") == self.app.client and not header
            fits = fits and form.get("client_secret", "") == self.app.password
        if not fits:
            raise Refused("invalid_client")


class MetaSignIn(AuthorizationServer):
    """Meta's: a token that dies within hours, exchanged for one that lives for weeks.

    Attributes:
        exchange: Where, and by which grant.
        short: The token that the code buys.
        long: What it is exchanged for.
        names_client: The app has to say its id, too.
    """

    exchange: tuple[str, str] = ("", "")
    short, long = "short-lived-token", ""
    parameter = "access_token"
    names_client = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, grant = self.exchange
        asked = dict(request.url.params)
        if request.method == "GET" and request.url.path == path and asked:
            wanted = {
                "grant_type": grant,
                self.parameter: self.short,
                "client_secret": self.app.password,
            }
            if self.names_client:
                wanted["client_id"] = self.app.client
            if asked != wanted:
                return _meta_refusal("Error validating application", 101)
            said = {"access_token": self.long, "token_type": "bearer"}
            return httpx.Response(200, json={**said, "expires_in": 5183944})
        return super().answer(request)


class FacebookSignIn(MetaSignIn):
    """Facebook's: the long-lived token lists the Pages of the person.

    Attributes:
        pages: Their ids and tokens; listed one by one.
        denied: What the person did not grant.
        typing: What polls are answered, one after the other, until the person is done;
            subcodes of errors.
    """

    parameter = "fb_exchange_token"
    names_client = True
    long = "long-lived-user-token"

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        self.pages: dict[str, str] = {}
        self.denied: set[str] = set()
        self.typing: list[int] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        device = request.url.path.partition("/device/")[2]
        if device:
            return self._device(device, parse_qs(request.content.decode()))
        edge = request.url.path.partition("/me/")[2]
        if edge not in {"accounts", "permissions"}:
            return super().answer(request)
        if request.headers.get("authorization") != f"Bearer {self.long}":
            return _meta_refusal("Invalid OAuth access token.", 190)
        if edge == "permissions":
            asked = self.asked["scope"].split(",")
            data = [
                {
                    "permission": each,
                    "status": "declined" if each in self.denied else "granted",
                }
                for each in asked
            ]
            return httpx.Response(200, json={"data": data})
        names = list(self.pages)
        at = int(request.url.params.get("after", "0"))
        data = [
            {"id": each, "name": f"Page {each}", "access_token": self.pages[each]}
            for each in names[at : at + 1]
        ]
        paging = {"cursors": {"before": str(at), "after": str(at + 1)}}
        if at + 1 < len(names):
            paging["next"] = "https://graph.facebook.com/more"  # type: ignore[assignment]  # as the API mixes them
        return httpx.Response(200, json={"data": data, "paging": paging})

    def _device(self, edge: str, form: dict[str, list[str]]) -> httpx.Response:
        """https://developers.facebook.com/docs/facebook-login/for-devices"""
        if form["access_token"] != [f"{self.app.client}|{CLIENT_TOKEN}"]:
            return _meta_refusal("Invalid OAuth access token.", 190)
        if edge == "login":
            (self.asked["scope"],) = form["scope"]
            said = {"code": "device-code", "user_code": "A1NWZ9"}
            place = {"verification_uri": "https://www.facebook.com/device"}
            return httpx.Response(
                200, json={**said, **place, "expires_in": 420, "interval": 1}
            )
        assert (edge, form["code"]) == ("login_status", ["device-code"])
        if self.typing:
            return _meta_refusal("not yet", 31, self.typing.pop(0))
        return httpx.Response(200, json={"access_token": self.long})


CLIENT_TOKEN = "meta-client-token"


def _meta_refusal(words: str, code: int, sub: int = 0) -> httpx.Response:
    """https://developers.facebook.com/docs/graph-api/guides/error-handling"""
    error = {"message": words, "type": "OAuthException", "code": code}
    if sub:
        error["error_subcode"] = sub
    return httpx.Response(400, json={"error": error})
