"""Of each rule a workspace with its fault, and one close by without it."""

from __future__ import annotations

from pathlib import Path

from tests.checks.workspaces import Files, photo, picture, post
from tests.content.films import film

__all__ = ["CASES"]

STRATEGY = """\
---
goals:
  - {id: reach, title: Reach, metric: followers, target: 500, deadline: 2027-06-01}
audiences: [{id: makers, title: Makers}]
pillars: [{id: craft, title: Craft, share: 60%}, {id: news, title: News, share: 40%}]
voice: {avoid: [{word: utilise, instead: use}], disclosures: ["#ad"]}
---
"""
PLAN: Files = {"strategy.md": STRATEGY}
TEAM = "people: {sara: {name: Sara, roles: [editor]}}\n"
SHOWN = 'media: [{file: media/a.png, alt: "A black square"}]'
PHOTO = SHOWN.replace("a.png", "a.jpg")
PNG: Files = {"content/media/a.png": picture()}
GIF: Files = {"content/media/a.gif": picture("GIF")}
MP4: Files = {
    "content/media/a.mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
}
INSTAGRAM: Files = {
    "channels.yaml": "title: Example\nchannels:\n"
    "  site: {network: site, url: https://example.org}\n"
    "  instagram: {network: instagram, account: '1', secrets: {token: INSTAGRAM}}\n"
}
ON_X: Files = {
    "channels.yaml": "title: Example\nchannels:\n"
    "  x: {network: x, secrets: {token: X}}\n"
}
TELEGRAM: Files = {
    "channels.yaml": "title: Example\nchannels:\n"
    "  telegram: {network: telegram, chat: '@example', secrets: {token: TELEGRAM}}\n"
}
X: Files = {
    "channels.yaml": "title: Example\nchannels:\n"
    "  x: {network: x, secrets: {token: X}}\n"
}
FILM = SHOWN.replace("a.png", "a.mp4")
CAMPAIGN: Files = {
    "content/campaigns/launch.md": "---\ntitle: Launch\nfrom: 2026-12-01\n"
    "to: 2026-12-10\nlinks: {tag: true, hosts: [example.org]}\n---\n"
}
PERSIAN = "نسخهٔ تازه از امروز در دسترس همه است و خواندن آن آسان است."


def poll(options: str, more: str = "open_for: 1d") -> str:
    return f"poll: {{options: [{options}], {more}}}"


def calendar(more: str, zone: str = "Asia/Tehran") -> Files:
    return {"calendar.yaml": f"timezone: {zone}\n{more}\n"}


def campaign(goal: str) -> Files:
    return {"content/campaigns/c.md": f"---\ntitle: C\n{goal}\n---\n"}


def contest(days: str, name: str = "p") -> Files:
    return {
        "content/contests/c.md": f"---\ntitle: C\n{days}\nprize: x\npost: {name}\n---\n"
    }


LOOP, END = "{% for a in 'xxxxxxxx' %}", "{% endfor %}"
FINE = post()
HANDED: Files = {
    "channels.yaml": "channels: {toot: {network: mastodon, instance: 'https://m.example',"
    " handle: a, secrets: {token: T}, handover: true}}"
}
HANDED_TO_NOBODY: Files = {
    "channels.yaml": "channels: {site: {network: site, url: 'https://example.org',"
    " handover: true}}"
}
DAILY = 'slots: {daily: {at: ["09:30"]}}'
NEVER_DARK = calendar("blackouts: [{from: 2026-12-05 12:00, to: 2026-12-05 12:00}]")

# Of each rule: a workspace with the fault, and one without it that is close by.
CASES: dict[str, tuple[Files, Files]] = {
    "alt-text-missing": (
        {**post("media: [{file: media/a.png}]"), **PNG},
        {**post(SHOWN), **PNG},
    ),
    "alt-text-too-long": (
        {**post(f"media: [{{file: media/a.png, alt: {'x' * 1501}}}]"), **PNG},
        {**post(f"media: [{{file: media/a.png, alt: {'x' * 1500}}}]"), **PNG},
    ),
    "avoided-word": (
        {**post("pillar: craft", "We utilise it."), **PLAN},
        {**post("pillar: craft", "We use it."), **PLAN},
    ),
    "bad-value": (post("visibility: friends"), post("visibility: followers")),
    "blackout": (
        {**FINE, **calendar("blackouts: [{from: 2026-12-01, to: 2026-12-02}]")},
        {**FINE, **calendar("blackouts: [{from: 2026-12-03, to: 2026-12-04}]")},
    ),
    "campaign-dates": (
        {**post("campaign: launch", at="publish_at: 2026-12-20 09:00"), **CAMPAIGN},
        {**post("campaign: launch", at="publish_at: 2026-12-10 09:00"), **CAMPAIGN},
    ),
    "case-collision": (
        {**post(name="launch"), **post("id: other", "Other.", name="Launch")},
        {**post(name="launch"), **post(body="Other.", name="landing")},
    ),
    "content-warning-unsupported": (
        post("content_warning: Spoilers", channels="bluesky"),
        post("content_warning: Spoilers"),
    ),
    "date-invalid": (
        post(at="publish_at: 2027-02-30 09:00"),
        post(at="publish_at: 2027-02-28 09:00"),
    ),
    "dates-reversed": (
        {**FINE, **NEVER_DARK},
        {**FINE, **calendar("blackouts: [{from: 2026-12-05, to: 2026-12-06}]")},
    ),
    "directional-marks": (
        post("language: fa", "سلام \u200f#نرم‌افزار"),
        post("language: fa", "سلام\u200f #نرم‌افزار"),
    ),
    "control-character": (
        post(body="A \u202egnorw word."),
        post(body="می\u200cخواهم \u2067a\u2069."),
    ),
    "disclosure-missing": (
        {**post("pillar: craft\nsponsored: true"), **PLAN},
        {**post("pillar: craft\nsponsored: true", "Hello. #ad"), **PLAN},
    ),
    "duplicate-id": (
        {**post("id: one"), **post("id: one", name="q")},
        {**post("id: one"), **post("id: two", name="q")},
    ),
    "duplicate-key": (post("tags: [a]\ntags: [b]"), post("tags: [a, b]")),
    "file-too-large": (post(body="x" * 2_000_000), FINE),
    "file-unreadable": ({**FINE, "content/posts/q.md/x.png": b""}, FINE),
    "front-matter-missing": ({"content/posts/p.md": "Version 1 is out."}, FINE),
    "hashtag-cut": (post(body="We love #open-source."), post(body="We love #سلام‌ها")),
    "hashtag-only-digits": (post(body="See #۱۴۰۵ today"), post(body="See #نوروز۱۴۰۵")),
    "html-in-text": (post(body="This is <b>new</b>."), post(body="This is `<b>`.")),
    "image-in-text": (post(body="![A](media/a.png)"), post(body="[A](https://a.org)")),
    "language-mismatch": (post(body=PERSIAN), post("language: fa", PERSIAN)),
    "link-broken-syntax": (
        post(body="Read [this] (https://example.org)."),
        post(body="Read [this](https://example.org)."),
    ),
    "link-insecure": (
        post(body="See http://example.org/a"),
        post(body="See https://example.org/a"),
    ),
    "link-untagged": (
        {
            **post("campaign: launch", "https://example.org/?utm_campaign=Launch"),
            **CAMPAIGN,
        },
        {**post("campaign: launch", "https://example.org"), **CAMPAIGN},
    ),
    "location-in-photo": (
        {**post(PHOTO), "content/media/a.jpg": photo(placed=True)},
        {**post(PHOTO), "content/media/a.jpg": photo(placed=False)},
    ),
    "media-missing": (post(SHOWN), {**post(SHOWN), **PNG}),
    "media-mixed": (
        {
            **post("media: [{file: media/a.png, alt: A}, {file: media/a.mp4, alt: B}]"),
            **PNG,
            **MP4,
        },
        {**post("media: [{file: media/a.mp4, alt: B}]"), **MP4},
    ),
    "media-name-mismatch": (
        {
            **post("media: [{file: media/a.jpg, alt: A}]"),
            "content/media/a.jpg": picture(),
        },
        {**post(SHOWN), **PNG},
    ),
    "media-outside-workspace": (
        post("media: [{file: ../../../a.png, alt: A}]"),
        {**post(SHOWN), **PNG},
    ),
    "media-required": (
        {**post(channels="instagram"), **INSTAGRAM},
        {
            **post(PHOTO, channels="instagram"),
            **INSTAGRAM,
            "content/media/a.jpg": picture("JPEG", (320, 320)),
        },
    ),
    "too-many-marks": (
        {
            **post(PHOTO, " ".join(f"#t{n}" for n in range(31)), channels="instagram"),
            **INSTAGRAM,
            "content/media/a.jpg": picture("JPEG", (320, 320)),
        },
        {
            **post(PHOTO, "#t1 #t2 #t3 #t4 #t5", channels="instagram"),
            **INSTAGRAM,
            "content/media/a.jpg": picture("JPEG", (320, 320)),
        },
    ),
    "media-wrong-length": (
        {**post(FILM, channels="x"), **X, "content/media/a.mp4": film(seconds=141)},
        {**post(FILM, channels="x"), **X, "content/media/a.mp4": film(seconds=140)},
    ),
    "media-wrong-ratio": (
        {
            **post(SHOWN, channels="telegram"),
            **TELEGRAM,
            "content/media/a.png": picture(size=(8, 400)),
        },
        {
            **post(SHOWN, channels="telegram"),
            **TELEGRAM,
            "content/media/a.png": picture(size=(8, 160)),
        },
    ),
    "media-wrong-size": (
        {
            **post(SHOWN, channels="telegram"),
            **TELEGRAM,
            "content/media/a.png": picture(size=(10_001, 600)),
        },
        {
            **post(SHOWN, channels="telegram"),
            **TELEGRAM,
            "content/media/a.png": picture(size=(10_000, 600)),
        },
    ),
    "media-too-big": (
        {**post(SHOWN), "content/media/a.png": picture() + bytes(17_000_000)},
        {**post(SHOWN), "content/media/a.png": picture() + bytes(10_000)},
    ),
    "media-too-many": (
        {**post(f"media: [{', '.join(['{file: media/a.png, alt: A}'] * 5)}]"), **PNG},
        {**post(f"media: [{', '.join(['{file: media/a.png, alt: A}'] * 4)}]"), **PNG},
    ),
    "media-too-many-pixels": (
        {**post(SHOWN), "content/media/a.png": picture(size=(6000, 6000))},
        {**post(SHOWN), "content/media/a.png": picture(size=(5000, 5000))},
    ),
    "media-type-unsupported": (
        {**post("media: [{file: media/a.gif, alt: A}]", channels="bluesky"), **GIF},
        {**post("media: [{file: media/a.gif, alt: A}]"), **GIF},
    ),
    "media-unreadable": (
        {**post(SHOWN), "content/media/a.png/b.png": picture()},
        {**post(SHOWN), **PNG},
    ),
    "mention-unresolvable": (
        post(body="Thanks to @sara@example.social", channels="bluesky"),
        post(body="Thanks to @sara.example.com", channels="bluesky"),
    ),
    "first-comment-unsupported": (
        post("first_comment: The source", channels="site"),
        post("first_comment: The source", channels="bluesky"),
    ),
    "handover-impossible": (HANDED_TO_NOBODY, HANDED),
    "missing-key": ({**FINE, "content/posts/q.md": "---\ntags: [a]\n---\nHi.\n"}, FINE),
    "network-unknown": (
        {"channels.yaml": "channels: {a: {network: friendster}}"},
        FINE,
    ),
    "no-channel": (post(channels=""), FINE),
    "no-time": (post(at=""), FINE),
    "past-time": (post(at="publish_at: 2026-11-01 09:00"), FINE),
    "pillar-shares": (
        {**post("pillar: craft"), "strategy.md": STRATEGY.replace("60%", "70%")},
        {**post("pillar: craft"), **PLAN},
    ),
    "poll-duplicate-options": (post(poll("علي, علی")), post(poll("علی, سارا"))),
    "poll-duration": (
        post(poll("A, B", "open_for: 60d")),
        post(poll("A, B", "open_for: 30d")),
    ),
    "poll-multiple": (
        {**post(poll("A, B", "open_for: 1d, multiple: true"), channels="x"), **ON_X},
        {**post(poll("A, B"), channels="x"), **ON_X},
    ),
    "poll-option-too-long": (
        post(poll(f"A, {'ب' * 51}")),
        post(poll(f"A, {'ب' * 50}")),
    ),
    "poll-options": (post(poll("A, B, C, D, E")), post(poll("A, B, C, D"))),
    "poll-unsupported": (post(poll("A, B"), channels="bluesky"), post(poll("A, B"))),
    "poll-with-media": (
        {**post(f"{SHOWN}\n{poll('A, B')}"), **PNG},
        {
            **post(
                f"{SHOWN}\n{poll('A, B', 'open_for: 1d, part: 2')}", "A\n\n---\n\nB"
            ),
            **PNG,
        },
    ),
    "quiet-hours": (
        {**FINE, **calendar('quiet_hours: [{from: "23:00", to: "10:00"}]')},
        {**FINE, **calendar('quiet_hours: [{from: "23:00", to: "09:00"}]')},
    ),
    "repeat-without-end": (
        post(at='repeat: {every: week, at: "09:30", from: 2026-12-05}'),
        post(at="repeat: {every: day, at: '09:30', from: 2026-12-05, count: 3}"),
    ),
    "repeated-text": (
        {**FINE, **post(name="q", at="publish_at: 2026-12-05 09:00")},
        {**FINE, **post(name="q", at="publish_at: 2027-03-05 09:00")},
    ),
    "rtl-starts-ltr": (
        post("language: fa", "smmflow امروز منتشر شد."),
        post("language: fa", "امروز smmflow منتشر شد."),
    ),
    "serves-nothing": ({**FINE, **PLAN}, {**post("goal: reach"), **PLAN}),
    "slot-overfull": (
        {
            **post(at="slot: daily"),
            **calendar(f"{DAILY}\nblackouts: [{{from: 2026-11-01, to: 2028-01-01}}]"),
        },
        {**post(at="slot: daily"), **calendar(DAILY)},
    ),
    "symlink-outside": ({**FINE, "content/posts/q.md": Path("/etc/hostname")}, FINE),
    "template-error": (
        post(body="{{ days_left }} days"),
        post(body="{{ post.title }}"),
    ),
    "template-too-long": (
        post(body=f"{LOOP * 9}ha{END * 9}"),
        post(body=f"{LOOP}ha{END}"),
    ),
    "text-empty": (
        post(body="::: only site\nHello.\n:::"),
        post(body="::: only mastodon\nHello.\n:::"),
    ),
    "thread-unsupported": (
        {
            **post(PHOTO, "One\n\n---\n\nTwo", channels="instagram"),
            **INSTAGRAM,
            "content/media/a.jpg": picture("JPEG", (320, 320)),
        },
        {
            **post(PHOTO, "One\n\nTwo", channels="instagram"),
            **INSTAGRAM,
            "content/media/a.jpg": picture("JPEG", (320, 320)),
        },
    ),
    "text-too-long": (post(body="س" * 501), post(body="س" * 500)),
    "time-does-not-exist": (
        {**post(at="publish_at: 2027-03-28 02:30"), **calendar("", "Europe/Berlin")},
        {**post(at="publish_at: 2027-03-28 03:30"), **calendar("", "Europe/Berlin")},
    ),
    "time-exists-twice": (
        {**post(at="publish_at: 2027-10-31 02:30"), **calendar("", "Europe/Berlin")},
        {
            **post(at="publish_at: 2027-10-31 02:30+01:00"),
            **calendar("", "Europe/Berlin"),
        },
    ),
    "too-close": (
        {**FINE, **post(body="Two.", name="q", at="publish_at: 2026-12-01 09:05")},
        {**FINE, **post(body="Two.", name="q", at="publish_at: 2026-12-01 09:10")},
    ),
    "unknown-audience": (
        {**post("pillar: craft\naudience: maker"), **PLAN},
        {**post("pillar: craft\naudience: makers"), **PLAN},
    ),
    "unknown-campaign": (
        {**post("campaign: lauch"), **CAMPAIGN},
        {**post("campaign: launch"), **CAMPAIGN},
    ),
    "unknown-channel": (post(channels="mastadon"), FINE),
    "unknown-goal": (
        {**post("pillar: craft"), **PLAN, **campaign("goal: folowers")},
        {**post("pillar: craft"), **PLAN, **campaign("goal: reach")},
    ),
    "unknown-key": (post("publishat: x"), FINE),
    "unknown-metric": (
        {"strategy.md": STRATEGY.replace("metric: followers", "metric: follower")},
        PLAN,
    ),
    "unknown-person": (
        {"team.yaml": TEAM + "rules: [{approve: [editors]}]\n"},
        {"team.yaml": TEAM + "rules: [{approve: [editor]}]\n"},
    ),
    "unknown-pillar": (
        {**post("pillar: crafts"), **PLAN},
        {**post("pillar: craft"), **PLAN},
    ),
    "unknown-post": (
        {**FINE, **contest("opens: 2026-12-01\ncloses: 2026-12-02", "posts/p.md")},
        {**FINE, **contest("opens: 2026-12-01\ncloses: 2026-12-02")},
    ),
    "unknown-rule": (
        post("ignore: [text-to-long]"),
        post("ignore: [hashtag-only-digits]", "See #1405"),
    ),
    "unknown-slot": (
        {**post(at="slot: dayly"), **calendar(DAILY)},
        {**post(at="slot: daily"), **calendar(DAILY)},
    ),
    "unused-ignore": (
        post("ignore: [hashtag-only-digits]"),
        post("ignore: [hashtag-only-digits]", "See #1405"),
    ),
    "variant-malformed": (
        post(body="::: just site\nHello.\n:::"),
        post(body="Hi.\n\n::: only site\nHello.\n:::"),
    ),
    "variant-unclosed": (
        post(body="Hi.\n\n::: only site\nHello."),
        post(body="Hi.\n\n::: only site\nHello.\n:::"),
    ),
    "visibility-unsupported": (
        post("visibility: followers", channels="bluesky"),
        post("visibility: followers"),
    ),
    "wrong-encoding": ({"content/posts/p.md": b"---\ntitle: \xe9\n---\n"}, FINE),
    "wrong-type": (post("tags: {a: true}"), post("tags: [a]")),
    "yaml-broken": (post("summary: Version 1: out"), post('summary: "Version 1: out"')),
    "yaml-too-complex": (post(f"tags: {'[' * 40}{']' * 40}"), post("tags: []")),
    "yaml-trap": (post("tags: [on, off]"), post('tags: ["on", "off"]')),
}
