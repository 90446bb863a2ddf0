"""Each kind of file: what a good one becomes, and what is said of a bad one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smmflow.content import load, locate
from smmflow.model.calendar import Blackout, Calendar, Observance, QuietHours, Slot
from smmflow.model.campaign import Campaign
from smmflow.model.channel import StateSettings
from smmflow.model.document import (
    Contest,
    Idea,
    Playbook,
    SavedReply,
    Survey,
    Template,
)
from smmflow.model.post import Weekday
from smmflow.model.strategy import (
    Audience,
    AvoidedWord,
    Goal,
    Pillar,
    Strategy,
    Voice,
)
from smmflow.model.team import ApprovalRule, ApprovalSource, Member, Team
from smmflow.model.workspace import Workspace

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"


def workspace(root: Path, path: str, text: str) -> Workspace:
    """Return a workspace whose only file beside channels.yaml is this one."""
    for name, each in {"channels.yaml": CHANNELS, path: text}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(each, encoding="utf-8")
    return load(root)


def good(root: Path, path: str, text: str) -> Workspace:
    found = workspace(root, path, text)
    assert found.findings == ()
    return found


def test_channels(tmp_path: Path) -> None:
    text = (
        "title: خانه\ndescription: یک جمله\nlanguage: fa\n"
        "state: {branch: state, remote: ''}\n"
        "channels:\n"
        "  tooter:\n"
        "    network: mastodon\n"
        "    instance: https://mastodon.example\n"
        "    handle: smmflow\n"
        "    secrets: {token: MASTODON_TOKEN}\n"
        "    max_lateness: 3d\n"
        "    default: false\n"
    )
    found = good(tmp_path, "channels.yaml", text)
    assert (found.title, found.description, found.language) == (
        "خانه",
        "یک جمله",
        "fa",
    )
    assert found.state == StateSettings("state", "")
    channel = found.channels["tooter"]
    assert (channel.name, channel.network) == ("tooter", "mastodon")
    assert channel.secrets == {"token": "MASTODON_TOKEN"}
    assert channel.max_lateness == timedelta(days=3)
    assert not channel.default


def test_calendar(tmp_path: Path) -> None:
    text = (
        "timezone: Asia/Tehran\ncalendar: jalali\nweek_start: sat\nmin_gap: 15m\n"
        "slots: {صبح: {at: ['09:30'], days: [mon, Wednesday], channels: [site]}}\n"
        "quiet_hours: [{from: '23:00', to: '07:00'}]\n"
        "blackouts: [{from: 1405-12-29, to: 1405-12-29, reason: نوروز}]\n"
        "observances: [{date: 1405-09-30, title: شب یلدا}]\n"
    )
    assert good(tmp_path, "calendar.yaml", text).calendar == Calendar(
        zone=ZoneInfo("Asia/Tehran"),
        slots=(Slot("صبح", (time(9, 30),), (Weekday.MON, Weekday.WED), ("site",)),),
        quiet_hours=(QuietHours(time(23), time(7)),),
        blackouts=(
            Blackout(
                datetime(2027, 3, 19, 20, 30, tzinfo=UTC),
                datetime(2027, 3, 20, 20, 30, tzinfo=UTC),
                "نوروز",
            ),
        ),
        observances=(Observance(date(2026, 12, 21), "شب یلدا"),),
        min_gap=timedelta(minutes=15),
        week_start=Weekday.SAT,
        jalali=True,
    )


def test_strategy(tmp_path: Path) -> None:
    text = (
        "---\n"
        "goals: [{id: g, title: Reach, metric: followers, baseline: 5, target: 100.5,"
        " deadline: 2027-01-01, channel: site}]\n"
        "audiences: [{id: a, title: ویراستاران, language: fa}]\n"
        "pillars: [{id: p, title: How, share: 40%}]\n"
        "voice: {avoid: [cheap, {word: utilise, instead: use}],"
        " disclosures: ['#تبلیغ']}\n"
        "---\nWhy.\n"
    )
    deadline = date(2027, 1, 1)
    avoided = (AvoidedWord("cheap"), AvoidedWord("utilise", "use"))
    assert good(tmp_path, "strategy.md", text).strategy == Strategy(
        goals=(Goal("g", "Reach", "followers", 100.5, deadline, 5, "site"),),
        audiences=(Audience("a", "ویراستاران", "fa"),),
        pillars=(Pillar("p", "How", 0.4),),
        voice=Voice(avoided, ("#تبلیغ",)),
        body="Why.\n",
    )


def test_team(tmp_path: Path) -> None:
    text = (
        "approvals: forge\n"
        "people: {sara: {name: سارا, github: sara-x, roles: [editor]}}\n"
        "rules: [{approve: [editor], count: 2, paths: ['content/**'], risk: [high]}]\n"
    )
    rule = ApprovalRule(("editor",), 2, ("content/**",), risks=("high",))
    assert good(tmp_path, "team.yaml", text).team == Team(
        approvals=ApprovalSource.FORGE,
        members=(Member("sara", "سارا", (("github", "sara-x"),), ("editor",)),),
        rules=(rule,),
    )


def test_campaign(tmp_path: Path) -> None:
    path = "content/campaigns/بهار.md"
    text = (
        "---\ntitle: Spring\nfrom: 2027-03-01\nto: 2027-03-20\ngoal: reach\n"
        "links: {hosts: [smmflow.example], utm: {Term: Spring}}\n"
        "variables: {code: 12}\n---\nBrief.\n"
    )
    assert good(tmp_path, path, text).campaigns["بهار"] == Campaign(
        id="بهار",
        path=path,
        title="Spring",
        start=date(2027, 3, 1),
        end=date(2027, 3, 20),
        goal="reach",
        tag_links=True,
        utm={"term": "spring"},
        link_hosts=("smmflow.example",),
        variables={"code": 12},
        body="Brief.\n",
        body_line=9,
    )


def test_playbook(tmp_path: Path) -> None:
    path = "content/playbooks/x.md"
    text = "---\ntitle: t\nseverity: 1\napprovers: [a]\ntriggers: [b, c]\n---\nگام\n"
    expected = Playbook("x", path, "t", 1, ("a",), ("b", "c"), "گام\n")
    assert good(tmp_path, path, text).playbooks["x"] == expected


def test_reply(tmp_path: Path) -> None:
    path = "content/replies/fa/x.md"
    text = "---\ntitle: خطا\nlanguage: fa\ntopics: [bug]\n---\nمی‌بینیم.\n"
    expected = SavedReply("x", path, "خطا", "fa", ("bug",), "می‌بینیم.\n")
    assert good(tmp_path, path, text).replies["x"] == expected


@pytest.mark.parametrize(
    ("text", "title"), [("---\ntitle: Foot\n---\nپا\n", "Foot"), ("پا\n", "x")]
)
def test_template(tmp_path: Path, text: str, title: str) -> None:
    path = "content/templates/x.md"
    expected = Template("x", path, title, "پا\n")
    assert good(tmp_path, path, text).templates["x"] == expected


def test_idea(tmp_path: Path) -> None:
    path = "content/ideas/x.md"
    text = "---\ntitle: t\npillar: how\nowner: sara\n---\nb\n"
    expected = Idea("x", path, "t", "how", "sara", "b\n")
    assert good(tmp_path, path, text).ideas["x"] == expected


def test_contest(tmp_path: Path) -> None:
    path = "content/contests/x.md"
    text = (
        "---\ntitle: t\nopens: 2026-12-01\ncloses: 2026-12-01\n"
        "prize: کتاب\npost: p\n---\nb\n"
    )
    day = date(2026, 12, 1)
    expected = Contest("x", path, "t", day, day, "کتاب", "p", "b\n")
    assert good(tmp_path, path, text).contests["x"] == expected


def test_survey(tmp_path: Path) -> None:
    path = "content/surveys/x.md"
    text = "---\ntitle: t\nquestions: ['چرا؟', How?]\nopens: 2026-12-01\n---\nb\n"
    opens = date(2026, 12, 1)
    expected = Survey("x", path, "t", ("چرا؟", "How?"), opens, None, "b\n")
    assert good(tmp_path, path, text).surveys["x"] == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "channels.yaml",
            "channels:\n  a: {network: mastodont}\n",
            ("network-unknown", 2, 16, "did you mean `mastodon`?"),
        ),
        (
            "channels.yaml",
            "channels:\n  a: {network: facebook, page: Example}\n",
            (
                "bad-value",
                *(2, 32),
                "Id of the Page, digits only, from the Page's About, Transparency",
            ),
        ),
        (
            "channels.yaml",
            "channels:\n  a: {network: facebook}\n",
            (
                "missing-key",
                *(2, 3),
                (
                    "add a line `page: ...` "
                    "(Id of the Page, digits only, from the Page's About, Transparency)"
                ),
            ),
        ),
        (
            "calendar.yaml",
            "timezone: Asia/Teheran\n",
            (
                "bad-value",
                1,
                11,
                "take a name such as Asia/Tehran or Europe/Berlin",
            ),
        ),
        (
            "strategy.md",
            "---\npillars:\n  - {id: a, title: آ, share: 140%}\n---\n",
            ("bad-value", 3, 30, "write it as 40%"),
        ),
        (
            "team.yaml",
            "people:\n  sara: {name: سارا, role: [editor]}\n",
            ("unknown-key", 2, 22, "did you mean `roles`?"),
        ),
        (
            "content/campaigns/x.md",
            "---\ntitle: x\nfrom: 2027-03-02\nto: 2027-03-01\n---\n",
            ("bad-value", 4, 5, ""),
        ),
        (
            "content/playbooks/x.md",
            "---\ntitle: x\nseverity: '1'\n---\n",
            ("wrong-type", 3, 11, "write the number without quotes"),
        ),
        (
            "content/replies/fa/x.md",
            "---\ntitle: x\ntopic: [a]\n---\n",
            ("unknown-key", 3, 1, "did you mean `topics`?"),
        ),
        (
            "content/templates/x.md",
            "---\ntitle: 2026\n---\n",
            ("wrong-type", 2, 8, 'put quotes around it: "2026"'),
        ),
        (
            "content/ideas/x.md",
            "---\npillar: how\n---\n",
            ("missing-key", 1, 1, "add a line `title: ...`"),
        ),
        (
            "content/contests/x.md",
            "---\ntitle: x\nopens: 2026-12-01\ncloses: 2026-12-32\n---\n",
            ("date-invalid", 4, 9, "look at a calendar"),
        ),
        (
            "content/surveys/x.md",
            "---\ntitle: x\nquestions: چرا؟\n---\n",
            ("wrong-type", 3, 12, "write it in brackets: [چرا؟]"),
        ),
    ],
)
def test_a_fault_is_named_where_it_stands_with_what_to_do(
    tmp_path: Path, path: str, text: str, expected: tuple[str, int, int, str]
) -> None:
    (found,) = locate(tmp_path, workspace(tmp_path, path, text).findings)
    assert found.source is not None
    assert found.source.path == path
    place = (found.source.line, found.source.column)
    assert (found.rule, *place, found.hint) == expected
