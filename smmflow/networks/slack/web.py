"""Slack's Web API: methods called in a bot's name, and what their errors mean.

Slack answers 200 whatever happened; `ok` and `error` in the answer tell:
https://docs.slack.dev/apis/web-api/#responses
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Answer, Http
from smmflow.networks.waiting import retry_after

__all__ = ["Refused", "Web"]

_SIGN_IN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
_SLOW_DOWN = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "restricted_too_many"}
)
_PERHAPS = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Some aspect of the operation may have succeeded, says the description of each method:
https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

Json = Mapping[str, object]


class Refused(Rejected):
    """Slack refused a call.

    Args:
        message: For people.
        code: Slack's word for it.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Web:
    """Methods of the Web API.

    Args:
        service: Address of the API.
        token: A bot's.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self, service: str, token: Secret, *, transport: httpx.BaseTransport | None
    ) -> None:
        self.http = Http(service, "Slack", transport=transport)
        self._token = token
        self.scopes: frozenset[str] | None = None

    def read(self, method: str, **params: str) -> Json:
        """Call a method that changes nothing.

        Raises:
            Refused: With Slack's own word.
            NetworkError: Of the kind that fits.
        """
        answer = self.http.exchange(
            "GET", f"/{method}", repeatable=True, token=self._token, params=params
        )
        return self._fields(method, answer, repeatable=True)

    def write(self, method: str, body: Json, *, repeatable: bool = False) -> Json:
        """Call a method that changes something; raises as `read`.

        Args:
            method: As in `chat.postMessage`.
            body: Its arguments.
            repeatable: Doing it twice harms nobody.
        """
        answer = self.http.exchange(
            "POST",
            f"/{method}",
            repeatable=repeatable,
            token=self._token,
            body=dict(body),
        )
        return self._fields(method, answer, repeatable=repeatable)

    def upload(self, address: str, content: bytes) -> None:
        """Send a file's bytes to where Slack said; nobody sees them yet.

        https://docs.slack.dev/messaging/working-with-files#upload
        """
        answer = self.http.exchange(
            "POST",
            address,
            repeatable=True,
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )
        if not answer.ok:
            raise self.http.refusal(answer, repeatable=True)

    def _fields(self, method: str, answer: Answer, *, repeatable: bool) -> Json:
        if not answer.ok:
            raise self.http.refusal(answer, repeatable=repeatable)
        self._note_scopes(answer)
        fields = self.http.accepted(answer, repeatable=repeatable).fields()
        if fields.get("ok") is True:
            return fields
        raise self._refusal(method, answer, fields, repeatable=repeatable)

    def _note_scopes(self, answer: Answer) -> None:
        """https://docs.slack.dev/authentication/installing-with-oauth lists scopes."""
        granted = answer.headers.get("x-oauth-scopes")
        if granted is not None:
            names = (each.strip() for each in granted.split(","))
            self.scopes = frozenset(each for each in names if each)

    def _refusal(
        self, method: str, answer: Answer, fields: Json, *, repeatable: bool
    ) -> NetworkError:
        code = str(fields.get("error") or "")
        said = f"Slack answered {method} with {self.http.safe(code) or 'nothing known'}"
        if needed := fields.get("needed"):
            said += f" (needed: {self.http.safe(str(needed))})"
        # An earlier try of ours may be what it is a duplicate of.
        if not code or code in _PERHAPS or code.startswith("duplicate"):
            return (Unreachable if repeatable else OutcomeUnknown)(said)
        if code == "invalid_blocks" and _is_early(fields):
            return Unreachable(f"{said}: it is still at work on a picture")
        if code in _SLOW_DOWN:
            return RateLimited(said, retry_after=retry_after(answer.headers))
        if code in _SIGN_IN:
            return SignInFailed(
                said,
                hint="check the token, the app's scopes, channel_id, and whether the "
                "app was invited to the channel",
            )
        return Refused(said, code)


def _is_early(fields: Json) -> bool:
    """Tell whether blocks are refused for a file that Slack has not looked at yet.

    Nothing was posted, and a little later the same blocks are taken:
    https://github.com/slackapi/slack-github-action/issues/413
    """
    further = fields.get("response_metadata")
    said = further.get("messages") if isinstance(further, dict) else None
    return "slack file" in str(said).lower()
