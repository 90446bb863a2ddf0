from __future__ import annotations

import pytest

from smmflow.composing.templates import TemplateFault, Templates, has_template

PIECES = {
    "footer": "— {{ workspace.title }}",
    "self": '{% include "self" %}',
    "wide": '{% include "wider" %}' * 60,
    "wider": '{% include "widest" %}' * 60,
    "widest": '{% include "nothing" %}' * 60,
    "nothing": "",
    "broken": "{{",
}
VARIABLES = {
    "workspace": {"title": "smmflow"},
    "post": {"title": "Hello", "tags": ["a", "b"]},
}


def render(text: str) -> str:
    return Templates(PIECES).render(text, VARIABLES).text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ workspace.title|upper }}", "SMMFLOW"),
        ("{{ post.tags|join(', ') }}", "a, b"),
        ("{% for tag in post.tags %}#{{ tag }} {% endfor %}", "#a #b "),
        ("{% for t in post.tags %}{{ loop.index ~ t }}{% endfor %}", "1a2b"),
        ("{% if post.summary is defined %}x{% else %}y{% endif %}", "y"),
        ("{{ post.summary|default('none') }}", "none"),
        ("{{ 1 + 2 - 4 }}", "-1"),
        ("{{ post.tags[1] }}{{ post['title'][:2] }}", "bHe"),
        ("{{ 'a' ~ 1 ~ ('b' ~ 2) }}", "a1b2"),
        ("{{ 'a,b'|replace(',', ' و ') }}", "a و b"),
        ('{% include "footer" %}\n', "— smmflow\n"),
        ("{% raw %}{{ x }}{% endraw %}{# note #}", "{{ x }}"),
    ],
)
def test_templates_read_variables(template: str, text: str) -> None:
    assert has_template(template)
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ titel }}", "there is no `titel`"),
        ("{{ worksapce }}", "did you mean `workspace`?"),
        ("{{ workspace.titel }}", "did you mean `title`?"),
        ('{% include "foter" %}', "did you mean `footer`?"),
        ('{% include "broken" %}', "template `broken`"),
        ("{% include post.title %}", "include needs a name in quotes"),
        ("{{ post.tags }}", "this is a list or a mapping, not a text"),
        ("{{ 1 + }}", "unexpected"),
        ("{{ 1 + titel }}", "there is no `titel`"),
        ("{{ post.tags[9] }}", "there is no `9`"),
        ("{{ titel.length }}", "there is no `titel`"),
        ("{% for a in titel %}{% endfor %}", "there is no `titel`"),
        ("{{", "unexpected"),
        ("{% if %}", "Expected"),
        ("{{ 'a' - 'b' }}", "only numbers"),
        ("{{ post.tags|sort(attribute='x') }}", "`keyword` is not part of a post"),
        ("{% for a in 3 %}{% endfor %}", "not iterable"),
    ],
)
def test_a_wrong_template_says_what_is_wrong(template: str, message: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        render(f"First line\n{template}")
    assert raised.value.rule == "template-error"
    assert message in raised.value.message
    assert raised.value.line in {1, 2}


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ post.__class__ }}",
        "{{ post['__class__'] }}",
        "{{ post.items }}",
        "{{ post.title.center }}",
        "{{ post.title.format() }}",
        "{{ post.title|attr('__class__') }}",
        "{{ post.tags|map('upper') }}",
        "{{ self }}",
        "{{ _budget }}",
        "{{ [1]|_each }}",
        "{{ cycler }}",
        "{{ lipsum() }}",
        "{% set a = 1 %}",
        "{% macro a() %}{% endmacro %}",
        "{% block a %}{% endblock %}",
        "{% import 'footer' as f %}",
        "{% extends 'footer' %}",
        "{% for a in post.tags recursive %}{{ loop }}{% endfor %}",
    ],
)
def test_a_template_reaches_nothing_but_its_variables(template: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        render(template)
    assert raised.value.rule == "template-error"


DOUBLING = (
    "".join(
        f"{{% for a in 'x' %}}{{% for b in (a{' ~ a' * 200})|list %}}" for _ in "ab"
    )
    + "{% endfor %}" * 4
)


@pytest.mark.parametrize(
    "template",
    [
        '{% include "self" %}',
        '{% include "wide" %}',
        "{% for a in 'xxxxxxxxxxxxxxxxxxxx' %}" * 5 + "{% endfor %}" * 5,
        DOUBLING,
        "{{ " + "'a' ~ " * 6000 + "'a' }}",
        "a" * 200_000 + "{{ 1 }}",
        "{% for a in 'xxxxxxxxxxxxxxxxxxxx' %}" * 3 + "y" * 100 + "{% endfor %}" * 3,
        "{{ '" + "a" * 1000 + "'|replace('a', '" + "b" * 1000 + "') }}",
        "{{ '" + "a" * 1000 + "'|join('" + "b" * 1000 + "') }}",
    ],
)
def test_a_template_without_end_runs_out_of_budget(template: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        render(template)
    assert raised.value.rule == "template-too-long"


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10**9) %}{% endfor %}",
        "{{ 'a' * 10**9 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'a'|indent(999999999) }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% for a in [[1]] %}{% endfor %}",
    ],
)
def test_what_makes_much_of_little_is_refused(template: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        render(template)
    assert raised.value.rule == "template-error"
