"""An account on X as its API serves it: requests in its name, its posts, its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Unpack

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.waiting import http_date
from smmflow.networks.x.address import moment_of
from smmflow.networks.x.post import FIELDS, Json, data_of, objects

__all__ = ["Account", "is_duplicate"]

_PAGE = "100"
_PAGES = 10
_NOT_YET_SEEN = timedelta(minutes=5)
_ABOUT_THE_POST = ("about:blank", "invalid-request")


class Account:
    """An account behind a token.

    Args:
        http: Requests to X.
        token: What opens it.
    """

    def __init__(self, http: Http, token: Secret) -> None:
        self.http = http
        self._token = token
        self._known: Json | None = None

    def exchange(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Ask in the account's name; whatever the answer is comes back."""
        signed: Request = {**request, "token": self._token}
        return self.http.exchange(method, path, repeatable=repeatable, **signed)

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Mapping[str, object]:
        """Ask in the account's name and return what X says, if it accepts.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange(method, path, repeatable=repeatable, **request)
        return self.accepted(answer, repeatable=repeatable)

    def accepted(self, answer: Answer, *, repeatable: bool) -> Mapping[str, object]:
        """Return what X says in an answer of success.

        Raises:
            NetworkError: Of the kind that fits.
        """
        if answer.status == HTTPStatus.PAYMENT_REQUIRED:
            raise SignInFailed(
                self.http.refusal(answer, repeatable=repeatable).message,
                hint="buy credits for your app at https://console.x.com",
            )
        return self.http.accepted(answer, repeatable=repeatable).fields()

    def refused(self, answer: Answer, body: Mapping[str, object]) -> NetworkError:
        """Return what it means that X refused to publish.

        Of what X forbids, some is the token's fault, most is the post's.
        https://docs.x.com/x-api/fundamentals/response-codes-and-errors
        """
        error = self.http.refusal(answer, repeatable=False)
        if answer.status != HTTPStatus.FORBIDDEN:
            return error
        fields = answer.fields()
        if not str(fields.get("type")).endswith(_ABOUT_THE_POST):
            return error
        parent = data_of(body, "reply").get("in_reply_to_tweet_id")
        now = http_date(answer.headers.get("date", ""))
        # A post that is seconds old is not yet seen by all of X's servers:
        # https://github.com/PLhery/node-twitter-api-v2/issues/366
        fresh = parent and now and now - moment_of(str(parent)) < _NOT_YET_SEEN
        if fresh and "not visible" in str(fields.get("detail")):
            return Unreachable(
                error.message, hint="X does not yet see what this follows; try again"
            )
        return Rejected(error.message)

    def me(self, *, anew: bool = False) -> Json:
        """Return who it is, asked once unless it is to be asked anew.

        Raises:
            Unreachable: What answers is not X.
        """
        if self._known is None or anew:
            wanted = {"user.fields": "name,username,public_metrics"}
            user = data_of(self.ask("GET", "/2/users/me", params=wanted))
            if not all(isinstance(user.get(key), str) for key in ("id", "username")):
                raise Unreachable(
                    f"{self.http.base} does not say whose account the token opens",
                    hint="check `service` in channels.yaml",
                )
            self._known = user
        return self._known

    def own(self, since: datetime) -> Iterator[Mapping[str, object]]:
        """Yield pages of its own posts since a moment, the newest first.

        Raises:
            OutcomeUnknown: X does not show enough of them to know one again.
        """
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        path = f"/2/users/{self.me()['id']}/tweets"
        for page in self.pages(path, start_time=start, exclude="retweets"):
            if any("created_at" not in each for each in objects(page.get("data"))):
                raise OutcomeUnknown("X does not show what it was asked for of posts")
            yield page

    def pages(self, path: str, **params: str) -> Iterator[Mapping[str, object]]:
        """Yield the pages of a list, the newest posts first.

        Raises:
            OutcomeUnknown: It has more than anybody should read, or X left posts out.
        """
        asked = {"max_results": _PAGE, **FIELDS, **params}
        for _ in range(_PAGES):
            page = self.ask("GET", path, params=asked)
            yield page
            token = data_of(page, "meta").get("next_token")
            if not token:
                return
            asked["pagination_token"] = str(token)
        raise OutcomeUnknown(f"{path} has more than {_PAGES} pages")

    def post(self, name: str) -> Mapping[str, object] | None:
        """Return a post; None if it is gone.

        X answers with success and says in the errors beside what it did not find:
        https://docs.x.com/x-api/fundamentals/response-codes-and-errors
        """
        path = f"/2/tweets/{name}"
        answer = self.exchange("GET", path, repeatable=True, params=FIELDS)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        page = self.accepted(answer, repeatable=True)
        post = data_of(page)
        if not post and not any(map(_is_gone, objects(page.get("errors")))):
            raise Unreachable(f"{self.http.base} does not say what {name} is")
        return post or None

    def posts(self, names: list[str]) -> Mapping[str, Json | None]:
        """Return posts by their ids; None for those that are gone.

        A post that X does not show, nor says to be gone, is an empty object.
        """
        asked = {"ids": ",".join(names), "post.fields": "public_metrics"}
        page = self.ask("GET", "/2/tweets", params=asked)
        found = {str(each.get("id")): each for each in objects(page.get("data"))}
        gone = {
            str(each.get("resource_id") or each.get("value"))
            for each in objects(page.get("errors"))
            if _is_gone(each)
        }
        return {
            name: None if name in gone and name not in found else found.get(name, {})
            for name in names
        }


def is_duplicate(answer: Answer) -> bool:
    """Tell whether X refused a post because it has one that says the same.

    https://github.com/akrherz/iembot/issues/163
    """
    said = str(answer.fields().get("detail")).lower()
    return answer.status == HTTPStatus.FORBIDDEN and "duplicate content" in said


def _is_gone(error: Mapping[str, object]) -> bool:
    return str(error.get("type")).endswith("/resource-not-found")
