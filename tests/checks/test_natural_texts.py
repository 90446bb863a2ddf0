"""Ordinary posts in English and Persian, in which no rule may find a fault."""

from __future__ import annotations

from pathlib import Path

from tests.checks.workspaces import findings_of, post

ENGLISH = (
    "Version 2.0 is out. Read what changed: https://example.org/blog/2.0",
    "We're hiring! Remote (UTC±3), 4 days/week. Details: https://example.org/jobs.",
    "“Less is more,” she said… and shipped it anyway. 🚀",
    "Our opening hours: 9:30-17:00, Mon–Fri. On 24/12 we close at 14:00!",
    "Q: How do I undo a commit?\nA: `git revert HEAD` — and don't panic.",
    "# Notes from the meetup\n\n- [x] Talks\n- [ ] Slides\n- Photos (soon)",
    "Thanks to everyone who came to the #PyCon sprint. See you next year? #Python",
    "It's 5°C outside & the heating works; 100% of us are happy (well, 99.9%).",
    "Use snake_case, not camelCase: `first_name`, `last_name`, **not** `firstName`.",
    "The price stays at $12/month (€11); see [our plans](https://example.org/plans).",
    "C# and F# developers: what do you miss most? We're #1 in nothing, yet.",
    "Write to hello@example.org, or open an issue (no account? no problem).",
    "```python\nprint('<b>no html here</b>')\nurl = 'http://localhost:8000'\n```",
    "AC/DC on repeat. And/or: coffee. TCP/IP too :-) <3",
    "2 + 2 = 4, a < b, c > d; arrays like xs[0] and calls like f(x) are text.",
    "The naïve café owner's résumé: Zoë, Łukasz and Øyvind all recommend it.",
    "Persian calligraphy (خوشنویسی) is more than letters.\n\nCome and see on Friday.",
)
PERSIAN = (
    "نسخهٔ ۲٫۰ منتشر شد. تغییرها را بخوانید: https://example.org/blog/2.0",
    "سلام! امروز دربارهٔ #نرم‌افزار_آزاد حرف می‌زنیم. شما چه فکر می‌کنید؟",
    "شب یلدا مبارک 🍉 بلندترین شب سال را کنار هم بگذرانیم.",
    "ساعت کاری ما: شنبه تا چهارشنبه، ۹:۳۰ تا ۱۷:۰۰ (پنجشنبه‌ها تعطیل).",
    "«هر چیز که در جستن آنی، آنی.» — مولانا",
    "برای نصب، دستور `pip install smmflow` را اجرا کنید و تمام!",
    "کتاب‌های این ماه:\n\n۱. بوف کور\n۲. سووشون\n۳. چشم‌هایش",
    "قیمت‌ها تغییری نکرده است: ۱۲۰٬۰۰۰ تومان در ماه؛ [جزئیات](https://example.org/fa).",
    "می‌خواهیم بدانیم کدام ویژگی برایتان مهم‌تر است. لطفاً در نظرها بنویسید.",
    "برنامه‌نویسی با Python را از کجا شروع کنیم؟ سه پیشنهاد ساده در ادامه.",
    "نوروز ۱۴۰۵ پیروز! ۱۰۰٪ انرژی و ۰٪ استرس برایتان آرزو می‌کنیم. #نوروز۱۴۰۵",
    "مسئلهٔ اصلی، مُعَلِّم و شاگرد نیست؛ مسئله یادگیری است.",
    "با نشانی hello@example.org با ما در تماس باشید.",
)


def test_ordinary_posts_have_no_fault(tmp_path: Path) -> None:
    posts: dict[str, str | bytes | Path] = {}
    assert len(ENGLISH + PERSIAN) == 30
    for day, text in enumerate(ENGLISH + PERSIAN, start=1):
        language = "fa" if text in PERSIAN else "en"
        posts |= post(
            f"language: {language}",
            text,
            name=f"p{day}",
            channels="site, bluesky, mastodon",
            at=f"publish_at: 2026-12-{day:02} 09:00",
        )
    assert not [
        f"{each.source}: {each.rule}: {each.message}"
        for each in findings_of(tmp_path, posts)
    ]
