"""Secrets of GitHub: what sealed boxes hold, as only GitHub itself knows it."""

import base64
from http import HTTPStatus

from nacl.public import PrivateKey, SealedBox

from tests.servers.github_answers import not_found
from tests.servers.github_description import Answer, Asked, Operation

KEY_ID = "568250167242549743"


class Vault:
    """What is remembered of secrets: by environment (empty for none), then by name."""

    def __init__(self) -> None:
        self.vaults: dict[str, dict[str, str]] = {"": {}}
        self._private = PrivateKey.generate()

    def _actions_get_environment_public_key(
        self, operation: Operation, _asked: Asked
    ) -> Answer:
        return self._key(operation.parameters["environment_name"])

    def _actions_get_repo_public_key(
        self, _operation: Operation, _asked: Asked
    ) -> Answer:
        return self._key("")

    def _actions_create_or_update_environment_secret(
        self, operation: Operation, asked: Asked
    ) -> Answer:
        return self._kept(operation.parameters["environment_name"], operation, asked)

    def _actions_create_or_update_repo_secret(
        self, operation: Operation, asked: Asked
    ) -> Answer:
        return self._kept("", operation, asked)

    def _key(self, environment: str) -> Answer:
        if environment not in self.vaults:
            return not_found()
        key = base64.b64encode(bytes(self._private.public_key)).decode("ascii")
        return Answer(HTTPStatus.OK, {"key_id": KEY_ID, "key": key})

    def _kept(self, environment: str, operation: Operation, asked: Asked) -> Answer:
        vault = self.vaults.get(environment)
        if vault is None:
            return not_found()
        name, given = operation.parameters["secret_name"], asked.fields
        if given["key_id"] != KEY_ID or name.startswith("GITHUB_"):
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": "Bad request"})
        sealed = base64.b64decode(given["encrypted_value"], validate=True)
        is_new = name not in vault
        vault[name] = SealedBox(self._private).decrypt(sealed).decode()
        return Answer(HTTPStatus.CREATED, {}) if is_new else Answer(204)
