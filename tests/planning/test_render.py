from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from smmflow.model.plan import Plan
from smmflow.model.post import At, Unscheduled
from smmflow.planning import appoint, as_json, as_markdown, as_text, plan
from tests.planning.builders import CALENDAR, NOON, post, wanted, workspace


def example() -> Plan:
    space = workspace(
        post("now", title="همین حالا"),
        post("soon", At(NOON + timedelta(days=2)), title="Soon @everyone | *bold*"),
        post("far", At(NOON + timedelta(days=60))),
        post("idea", Unscheduled()),
    )
    return plan(wanted(space, appoint(space, {}, NOON)), {}, NOON)


def test_text_tells_what_is_due_what_waits_and_what_is_held() -> None:
    told = as_text(example(), CALENDAR)
    assert told.splitlines()[0] == (
        "Plan for Tue 2026-12-01 15:30 (Asia/Tehran): 1 due, 2 waiting, 1 held, 0 live"
    )
    assert "  + mastodon  Tue 2026-12-01 15:30  now: همین حالا" in told
    assert "  ! idea on mastodon (unscheduled)" in told
    assert "Next 14 days on mastodon" in told
    assert "Thu 2026-12-03 15:30  soon: Soon @everyone" in told
    assert "1 post later than that" in told
    assert told.endswith(f"digest {example().digest}\n")


def test_styles_are_applied_by_role() -> None:
    told = as_text(example(), CALENDAR, style=lambda text, role: f"<{role}>{text}</>")
    assert "<due>  + </>" in told
    assert "<held>  ! </>" in told


def test_markdown_defuses_mentions_and_markup() -> None:
    told = as_markdown(example(), CALENDAR)
    assert "@everyone" not in told
    assert r"\*bold\*" in told
    assert r"\|" in told


def test_json_has_every_action_with_its_words() -> None:
    told = json.loads(as_json(example()))
    assert told["digest"] == example().digest
    kinds = [(row["action"], row["occurrence"]) for row in told["actions"]]
    assert kinds == [
        ("publish", "now"),
        ("wait", "soon"),
        ("wait", "far"),
        ("hold", "idea"),
    ]
    assert told["actions"][0]["parts"] == ["Hello"]
    assert told["actions"][0]["due"] == "2026-12-01T12:00:00+00:00"


def test_a_jalali_workspace_is_told_jalali_days_and_programs_gregorian_ones() -> None:
    jalali = replace(CALENDAR, jalali=True)
    told = as_text(example(), jalali)
    assert told.startswith("Plan for Tue 1405-09-10 15:30 (Asia/Tehran): 1 due")
    assert "  + mastodon  Tue 1405-09-10 15:30  now: همین حالا" in told
    assert "Thu 1405-09-12 15:30  soon: Soon" in told
    assert "| Tue 1405-09-10 15:30 | mastodon" in as_markdown(example(), jalali)
    dues = {row["due"] for row in json.loads(as_json(example()))["actions"]}
    assert "2026-12-01T12:00:00+00:00" in dues
