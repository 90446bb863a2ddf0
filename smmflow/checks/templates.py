"""Rules about bodies, which composing finds."""

from __future__ import annotations

from smmflow.checks.rule import FormRule
from smmflow.diagnostics import Severity

__all__ = [
    "HtmlInText",
    "ImageInText",
    "TemplateError",
    "TemplateTooLong",
    "VariantMalformed",
    "VariantUnclosed",
]


class HtmlInText(FormRule):
    """HTML stands in the text.

    What: The body has an HTML tag outside of code.

    Why: Posts are Markdown; readers would see the tag as it stands.

    Fix: Write Markdown, or put the tag into backticks if it is meant to be seen.

    Bad:
        This is <b>new</b>.

    Good:
        This is **new**.

    Source: https://spec.commonmark.org/0.31.2/#raw-html
    """

    name = "html-in-text"
    severity = Severity.WARNING


class ImageInText(FormRule):
    """A picture stands in the text.

    What: The body has a Markdown picture, `![...](...)`.

    Why: Networks show pictures beside the text, never in it; it is left out.

    Fix: List it under `media`, with its `alt`.

    Bad:
        ![A calendar](media/launch.png)

    Good:
        media:
          - {file: media/launch.png, alt: A calendar}

    Source: https://spec.commonmark.org/0.31.2/#images
    """

    name = "image-in-text"
    severity = Severity.WARNING


class TemplateError(FormRule):
    """A template can't be filled in.

    What: A Jinja expression in the body is broken, names a variable that does not
    exist, or reaches for what the sandbox forbids.

    Why: Readers would see braces, or a hole in the sentence.

    Fix: Correct the name, or give it a value under `variables`.

    Bad:
        Only {{ days_left }} days left.

    Good:
        Only {{ campaign.days_left }} days left.

    Source: https://jinja.palletsprojects.com/en/stable/sandbox/
    """

    name = "template-error"


class TemplateTooLong(FormRule):
    """A template makes too much text or takes too long.

    What: Filling in the body went over the bounds for its size or its work.

    Why: A text that never ends must not stop everybody else's posts.

    Fix: Put fewer loops into each other, or write the text out.

    Bad:
        {% for a in guests %}{% for b in guests %}{% for c in guests %}
        {{ a }}, {{ b }} and {{ c }} should meet.
        {% endfor %}{% endfor %}{% endfor %}

    Good:
        {% for guest in guests %}{{ guest }} comes. {% endfor %}

    Source: https://jinja.palletsprojects.com/en/stable/sandbox/
    """

    name = "template-too-long"


class VariantMalformed(FormRule):
    """A line begins a container for some channels, but not as such lines do.

    What: A line begins with `:::` and is neither `::: only`, `::: not` with names of
    channels, nor the `:::` that ends one.

    Why: Nobody can tell for which channels the text is meant.

    Fix: Write `::: only site` or `::: not site`, and end it with a line of `:::`.

    Bad:
        ::: just site
        Hello.
        :::

    Good:
        ::: only site
        Hello.
        :::
    """

    name = "variant-malformed"


class VariantUnclosed(FormRule):
    """A container for some channels is never closed.

    What: A line `::: only ...` or `::: not ...` has no `:::` after it.

    Why: All that follows would go to the wrong channels.

    Fix: End it with a line of `:::`. Containers don't nest.

    Bad:
        ::: only site
        Hello.

    Good:
        ::: only site
        Hello.
        :::
    """

    name = "variant-unclosed"
