from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from smmflow.composing.compose import Composed
from smmflow.composing.rules import EMITTED
from smmflow.model.channel_post import ChannelPost
from smmflow.model.media import MediaFile
from smmflow.model.post import Card, Poll, ThreadMode

Compose = Callable[..., Composed]


def made(composed: Composed) -> ChannelPost:
    assert composed.post is not None, composed.findings
    return composed.post


def texts(composed: Composed) -> list[str]:
    return [part.text.text for part in made(composed).parts]


def rules(composed: Composed) -> list[str]:
    names = [each.rule for each in composed.findings]
    assert set(names) <= EMITTED
    return names


def test_a_plain_post_is_one_part_with_a_digest(compose: Compose) -> None:
    composed = compose("Hello *world*")
    assert texts(composed) == ["Hello world"]
    assert made(composed).digest.startswith("sha256:")
    assert made(composed).sources == ("content/posts/hello.md",)
    assert composed.findings == ()


def test_each_channel_gets_its_own_wording(compose: Compose) -> None:
    body = "For all\n\n::: only skies\nSky\n:::\n\n::: not skies\nGround\n:::\n"
    assert texts(compose(body, "skies")) == ["For all\n\nSky"]
    assert texts(compose(body, "herds")) == ["For all\n\nGround"]


def test_an_unclosed_variant_points_at_its_first_line(compose: Compose) -> None:
    composed = compose("For all\n\n::: only herds\nTail")
    assert rules(composed) == ["variant-unclosed"]
    assert composed.findings[0].place.offset == len("For all\n\n")
    assert texts(composed) == ["For all\n\nTail"]


def test_an_unknown_channel_in_a_variant_is_pointed_at(compose: Compose) -> None:
    composed = compose("All\n::: only herd\nTail\n:::")
    (finding,) = composed.findings
    assert (finding.rule, finding.place.offset) == ("unknown-channel", 13)
    assert finding.hint == "did you mean `herds`?"


@pytest.mark.parametrize("body", ["x\n::: onyl herds", "x\n:::", "x\n::: note"])
def test_a_line_that_looks_like_a_variant_is_pointed_at(
    compose: Compose, body: str
) -> None:
    composed = compose(body)
    assert rules(composed) == ["variant-malformed"]
    assert composed.findings[0].place.offset == len("x\n")
    assert texts(composed) == [body]


def test_a_variant_inside_a_code_block_is_code(compose: Compose) -> None:
    body = "```\n::: only skies\n```"
    assert texts(compose(body)) == ["::: only skies"]


def test_variables_come_from_campaign_workspace_post_and_channel(
    compose: Compose,
) -> None:
    composed = compose(
        "{{ campaign.slogan }}, {{ post.title }} {{ channel.name }} {{ mood }}\n\n"
        '{% include "footer" %}',
        campaign="launch",
        variables={"mood": "شاد"},
    )
    assert texts(composed) == ["Posts as code, Hello herds شاد\n\n— smmflow"]
    assert made(composed).sources == (
        "channels.yaml",
        "content/campaigns/launch.md",
        "content/posts/hello.md",
        "content/templates/footer.md",
    )


def test_a_template_error_names_the_line_and_a_near_name(compose: Compose) -> None:
    composed = compose("First\n\n{{ workspace.titel }}")
    assert composed.post is None
    assert rules(composed) == ["template-error"]
    assert composed.findings[0].place.offset == len("First\n\n")
    assert "did you mean `title`?" in composed.findings[0].message


def test_dashes_start_the_next_part_even_below_a_paragraph(compose: Compose) -> None:
    assert texts(compose("One\n---\nTwo\n\n-----\n")) == ["One", "Two"]
    assert texts(compose("```\n---\n```")) == ["---"]


def test_campaign_links_are_tagged_everywhere_but_on_our_own_pages(
    compose: Compose,
) -> None:
    body = "See https://example.org/a?b=1#c and https://other.org"
    tagged = (
        "https://example.org/a?b=1&utm_source=herds&utm_medium=social"
        "&utm_campaign=launch&utm_content=hello#c"
    )
    assert texts(compose(body, campaign="launch")) == [
        f"See {tagged} and https://other.org"
    ]
    page = made(compose(body, "pages", campaign="launch")).parts[0]
    assert "utm_" not in page.html + page.text.text


def test_a_link_that_its_author_tagged_is_left_alone(compose: Compose) -> None:
    body = "https://example.org/?utm_source=mine"
    assert texts(compose(body, campaign="launch")) == [body]


def test_long_text_becomes_a_thread_only_when_asked(compose: Compose) -> None:
    body = "A sentence of some words. " * 30
    assert len(texts(compose(body))) == 1
    assert len(texts(compose(body, thread=ThreadMode.AUTO))) == 2
    assert len(texts(compose(body, "pages", thread=ThreadMode.AUTO))) == 1
    numbered = texts(compose(body, thread=ThreadMode.NUMBERED, language="fa"))
    assert [each[-5:] for each in numbered] == ["(۱/۲)", "(۲/۲)"]


def test_files_and_polls_stay_with_the_part_their_author_meant(
    compose: Compose,
) -> None:
    long = "A sentence of some words. " * 30
    poll = Poll(("Yes", "No"), timedelta(days=1))
    post = made(
        compose(
            f"{long}\n---\nLast",
            thread=ThreadMode.AUTO,
            media=(MediaFile("media/a.png", "A", 2), MediaFile("media/gone.png", "")),
            poll=poll,
            poll_part=1,
        )
    )
    assert [len(part.media) for part in post.parts] == [0, 0, 1]
    assert [part.poll for part in post.parts] == [poll, None, None]
    assert "content/media/a.png" in post.sources


def test_a_part_may_be_nothing_but_a_picture(compose: Compose) -> None:
    post = made(compose("One\n---\n", media=(MediaFile("media/a.png", "A", 2),)))
    assert [len(part.media) for part in post.parts] == [0, 1]


@pytest.mark.parametrize("body", ["", " \n\n", "::: only skies\nx\n:::", "---"])
def test_nothing_to_publish_is_an_error(compose: Compose, body: str) -> None:
    composed = compose(body)
    assert composed.post is None
    assert rules(composed) == ["text-empty"]


def test_the_first_link_becomes_a_card_unless_there_are_files(compose: Compose) -> None:
    body = "[Words](https://example.org/a) https://b.org"
    assert made(compose(body, "skies")).parts[0].card == Card("https://example.org/a")
    assert made(compose(body, "herds")).parts[0].card is None
    media = (MediaFile("media/a.png", "A"),)
    assert made(compose(body, "skies", media=media)).parts[0].card is None


def test_the_authors_own_card_is_used_and_its_link_tagged(compose: Compose) -> None:
    card = Card("https://example.org/a", "Title", image="media/a.png")
    post = made(compose("Hi", "skies", card=card, campaign="launch"))
    part = post.parts[0]
    assert part.card is not None
    assert part.card.title == "Title"
    assert part.card.url.startswith("https://example.org/a?utm_source=skies")
    assert part.card_image is not None
    assert "content/media/a.png" in post.sources


def test_pictures_and_html_in_the_text_are_pointed_at(compose: Compose) -> None:
    body = "Hi ![x](media/a.png) <b>bold</b> <https://example.org>"
    composed = compose(body)
    assert rules(composed) == ["image-in-text", "html-in-text"]
    assert [each.place.offset for each in composed.findings] == [3, 21]
    assert texts(composed) == ["Hi  <b>bold</b> https://example.org"]


def test_a_link_in_angle_brackets_is_not_html(compose: Compose) -> None:
    assert compose("<https://example.org> <a@example.org> 1 < 2 > 0").findings == ()


def test_html_and_pictures_in_code_are_nobodys_fault(compose: Compose) -> None:
    body = "`<b>` and `![x](y)`\n\n```\n<i>![z](y)\n```"
    assert compose(body).findings == ()
    (finding,) = compose(body + "\n\nthen <b>").findings
    assert finding.place.offset == len(body + "\n\nthen ")


def test_a_poll_alone_is_something_to_publish(compose: Compose) -> None:
    assert made(compose("", poll=Poll(("Yes", "No")))).parts[0].poll is not None


def test_settings_of_a_channel_come_from_its_overrides(compose: Compose) -> None:
    overrides = {"herds": {"language": "de"}, "skies": {"x": 1}}
    assert made(compose("Hi", overrides=overrides)).settings == {"language": "de"}


def test_the_digest_follows_what_readers_see(compose: Compose) -> None:
    digest = made(compose("Hi")).digest
    assert made(compose("Hi\n")).digest == digest
    assert made(compose("Hi", pillar="news")).digest == digest
    assert made(compose("Ho")).digest != digest
    assert made(compose("Hi", visibility="unlisted")).digest != digest
