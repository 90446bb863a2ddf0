"""Secrets of GitHub Actions: handed over sealed, so that only GitHub can read them.

https://docs.github.com/en/rest/actions/secrets
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from importlib import import_module
from types import ModuleType
from urllib.parse import quote

from smmflow.credentials import Secret
from smmflow.errors import (
    ConfigurationError,
    MissingExtra,
    SignInFailed,
    Unreachable,
)
from smmflow.forge.client import Client
from smmflow.forge.github_reviews import text

__all__ = ["GitHubSecrets"]

_KEY_BYTES = 32
_MAY = (
    "the token needs, for this repository, the permission to read and write secrets "
    "(of environments, too); `gh auth token` of who administers it has both"
)


class GitHubSecrets:
    """The secrets of a repository, or of one of its environments.

    Args:
        client: What asks.
        repository: Owner and name, as in `acme/social`.
        environment: Its name; empty for the secrets of the whole repository.
    """

    def __init__(self, client: Client, repository: str, environment: str) -> None:
        self._client = client
        self._repository = repository
        self._environment = environment
        within = f"environments/{quote(environment, safe='')}" if environment else ""
        self._path = f"/repos/{repository}/{within or 'actions'}/secrets"

    @property
    def place(self) -> str:
        """Where secrets are kept, for people."""
        if self._environment:
            return f"the environment {self._environment} of {self._repository}"
        return self._repository

    def check(self) -> None:
        """Do nothing if secrets can be kept; asked before there are any to lose.

        Raises:
            MissingExtra: PyNaCl is not installed.
            ConfigurationError: There is no such repository or environment.
            SignInFailed: The token may not.
            NetworkError: GitHub can't be asked.
        """
        _nacl()
        self._key()

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret under a name, in place of what was there.

        It is sealed with libsodium's sealed box, as GitHub asks:
        https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api

        Raises:
            MissingExtra: PyNaCl is not installed.
            ConfigurationError: There is no such repository or environment.
            SignInFailed: The token may not.
            NetworkError: It may not be kept; putting it again does no harm.
        """
        key_id, key = self._key()
        sealed = base64.b64encode(_sealed(key, secret)).decode("ascii")
        try:
            answer = self._client.write(
                "PUT",
                f"{self._path}/{quote(name, safe='')}",
                {"encrypted_value": sealed, "key_id": key_id},
            )
        except SignInFailed as problem:
            raise SignInFailed(problem.message, hint=_MAY) from None
        if answer.status == HTTPStatus.NOT_FOUND:
            raise self._absent()

    def _key(self) -> tuple[str, bytes]:
        try:
            answer = self._client.get(f"{self._path}/public-key")
        except SignInFailed as problem:
            raise SignInFailed(problem.message, hint=_MAY) from None
        if answer.status == HTTPStatus.NOT_FOUND:
            raise self._absent()
        key_id = text(answer.fields, "key_id")
        try:
            key = base64.b64decode(text(answer.fields, "key"), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key) != _KEY_BYTES:
            raise Unreachable("GitHub answered without a key to seal secrets with")
        return key_id, key

    def _absent(self) -> ConfigurationError:
        # GitHub says so, too, of what a token may not see.
        return ConfigurationError(
            f"there is no {self.place.removeprefix('the ')}, or the token may not "
            "see it",
            hint=f"{_MAY}; environments are made under Settings, Environments",
        )


def _sealed(key: bytes, secret: Secret) -> bytes:
    public = _nacl()
    box = public.SealedBox(public.PublicKey(key))
    return bytes(box.encrypt(secret.reveal().encode()))


def _nacl() -> ModuleType:
    try:
        return import_module("nacl.public")
    except ImportError as problem:
        raise MissingExtra(
            "sealing secrets needs PyNaCl, which is not installed",
            hint="pip install 'smmflow[tokens]'",
        ) from problem
