from __future__ import annotations

import json

from smmflow.model.channel_post import Occurrence
from smmflow.model.plan import Edit, Plan, Withdraw
from smmflow.model.publication import Outcome
from smmflow.planning import as_json, as_markdown, as_text
from tests.planning.builders import CALENDAR, NOON, channel_post, post, record


def edited(before: str, after: str, *, title: str = "Hello") -> Plan:
    live = record(channel_post(post(body=before), "mastodon"), Outcome.PUBLISHED)
    wanted = channel_post(post(body=after, title=title), "mastodon")
    return Plan(NOON, (Edit(wanted, Occurrence("hello", "hello", NOON), live),))


def test_a_plan_in_words_shows_what_an_edit_changes() -> None:
    told = as_text(edited("سلام دنیا", "درود دنیا"), CALENDAR)
    assert "0 due, 1 to edit, 0 waiting" in told
    assert "  ~ edit  hello on mastodon\n      [-سلام-] {+درود+} دنیا\n" in told


def test_what_changes_beside_the_words_is_named() -> None:
    assert "also changed: title" in as_text(edited("a", "a", title="نو"), CALENDAR)
    told = as_text(edited("a  b", "a b"), CALENDAR)
    assert "also changed: links, spaces or settings" in told


def test_markdown_defuses_both_sides_of_an_edit() -> None:
    told = as_markdown(edited("<b>x</b> @sara |", "**y** @everyone"), CALENDAR)
    assert "@sara" not in told
    assert "@everyone" not in told
    assert "<b>" not in told
    assert r"<ins>\*\*y\*\*" in told
    assert r"\|</del>" in told


def test_json_has_both_sides_and_withdrawals_their_reason() -> None:
    plan = edited("سلام", "درود")
    (row,) = json.loads(as_json(plan))["actions"]
    assert (row["action"], row["live"], row["parts"]) == ("edit", ["سلام"], ["درود"])
    (edit,) = plan.edits
    gone = Plan(NOON, (Withdraw(edit.occurrence, edit.live, "withdrawn in the file"),))
    (row,) = json.loads(as_json(gone))["actions"]
    assert (row["action"], row["why"]) == ("withdraw", "withdrawn in the file")
    told = as_text(gone, CALENDAR)
    assert "  - withdraw  hello on mastodon\n      withdrawn in the file\n" in told
    assert "| withdraw | mastodon | Hello | withdrawn in the file |" in as_markdown(
        gone, CALENDAR
    )
