"""What GitHub's answers are made of."""

from http import HTTPStatus
from urllib.parse import quote

from tests.servers.github_description import Answer, Asked, Json


def user(login: str | None) -> Json:
    if login is None:
        return None
    page = f"https://github.com/{quote(login)}"
    keys = (
        "avatar_url", "events_url", "followers_url", "following_url", "gists_url",
        "html_url", "organizations_url", "received_events_url", "repos_url",
        "starred_url", "subscriptions_url", "url",
    )  # fmt: skip
    return {
        "login": login,
        "id": 1,
        "node_id": "x",
        "gravatar_id": None,
        "type": "Bot" if login.endswith("[bot]") else "User",
        "site_admin": False,
        **dict.fromkeys(keys, page),
    }


def page(asked: Asked, rows: list[Json], largest: int = 100) -> Answer:
    """The page that was asked for."""
    size = min(largest, int(asked.query.get("per_page", 30)))
    start = size * (int(asked.query.get("page", 1)) - 1)
    return Answer(HTTPStatus.OK, rows[start : start + size])


def forbidden() -> Answer:
    words = "Resource not accessible by integration"
    return Answer(HTTPStatus.FORBIDDEN, {"message": words, "status": "403"})


def not_found() -> Answer:
    return Answer(HTTPStatus.NOT_FOUND, {"message": "Not Found", "status": "404"})
