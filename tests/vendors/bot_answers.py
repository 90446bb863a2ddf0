"""What a Bot API server gives back: people, chats, polls, files, refusals."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

BOT: Json = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "News bot",
    "username": "smmflow_news_bot",
}
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": words}
        if parameters:
            self.body["parameters"] = parameters


def full_chat(chat: Json) -> Json:
    """https://core.telegram.org/bots/api#chatfullinfo."""
    gifts = dict.fromkeys(_GIFTS, False)
    full = {"accent_color_id": 0, "max_reaction_count": 11}
    return {**chat, **full, "accepted_gift_types": gifts}


def administrator(rights: Mapping[str, bool]) -> Json:
    """https://core.telegram.org/bots/api#chatmemberadministrator."""
    none = dict.fromkeys(_RIGHTS, False)
    return {"status": "administrator", "user": BOT, **none, **rights}


def new_poll(name: str, fields: Json) -> Json:
    """https://core.telegram.org/bots/api#poll."""
    return {
        "id": name,
        "question": fields["question"],
        "options": [
            {"text": each["text"], "voter_count": 0, "persistent_id": str(index)}
            for index, each in enumerate(fields["options"])
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": fields.get("allows_multiple_answers", False),
        "allows_revoting": True,
        "members_only": False,
        "open_period": fields["open_period"],
    }


def new_file(kind: str, name: str, size: int) -> Json:
    """https://core.telegram.org/bots/api#photosize, and the other kinds."""
    file: Json = {"file_id": name, "file_unique_id": name, "file_size": size}
    if kind in {"photo", "video", "animation"}:
        file |= {"width": 8, "height": 8}
    if kind in {"video", "animation", "audio"}:
        file["duration"] = 1
    return {kind: [file] if kind == "photo" else file}
