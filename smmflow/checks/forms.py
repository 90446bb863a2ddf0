"""Rules about the form of front matter and YAML, which reading finds."""

from __future__ import annotations

from smmflow.checks.rule import FormRule
from smmflow.diagnostics import Severity

__all__ = [
    "BadValue",
    "DateInvalid",
    "DuplicateKey",
    "FrontMatterMissing",
    "MissingKey",
    "TimeDoesNotExist",
    "TimeExistsTwice",
    "UnknownKey",
    "WrongType",
    "YamlBroken",
    "YamlTooComplex",
    "YamlTrap",
]


class BadValue(FormRule):
    """A value is not one of those that its key takes.

    What: A value has the right type but makes no sense for its key: a weekday that
    is none, a negative count, a duration without a unit.

    Why: What the author meant can't be guessed, so the file is not used.

    Fix: Write one of the values that the finding lists; `smmflow schema` prints
    them all.

    Bad:
        visibility: friends

    Good:
        visibility: followers
    """

    name = "bad-value"


class DateInvalid(FormRule):
    """A date or time can't be read, or there is no such day.

    What: A date, time or duration is not written as files want it, or names a day
    that its calendar does not have.

    Why: The post would have no time, or a wrong one.

    Fix: Write `2026-12-01 09:00`; with `calendar: jalali` also `1405-09-10 09:00`.

    Bad:
        publish_at: 2026-02-30 09:00

    Good:
        publish_at: 2026-02-28 09:00

    Source: https://www.rfc-editor.org/rfc/rfc3339
    """

    name = "date-invalid"


class DuplicateKey(FormRule):
    """A key stands twice in the same place.

    What: YAML or front matter has the same key twice in one mapping.

    Why: Only one of the two values would count, and nobody can see which.

    Fix: Take one of them out.

    Bad:
        title: Version 1
        title: Version 2

    Good:
        title: Version 2

    Source: https://yaml.org/spec/1.2.2/#3213-node-comparison
    """

    name = "duplicate-key"


class FrontMatterMissing(FormRule):
    """A file has no front matter, or it never ends.

    What: A Markdown file does not begin with a line `---`, or no second one
    follows.

    Why: Without it nobody knows when and where a post goes out.

    Fix: Begin the file with `---`, the keys, and `---` again.

    Bad:
        Version 1 is out.

    Good:
        ---
        title: Version 1 is out
        ---
        Version 1 is out.

    Source: https://jekyllrb.com/docs/front-matter/
    """

    name = "front-matter-missing"


class MissingKey(FormRule):
    """A key that must be there is not.

    What: A file or an entry in it lacks a key without which it can't be used.

    Why: What it stands for can't be guessed.

    Fix: Add the key; `smmflow schema` prints what each file may hold.

    Bad:
        goals:
          - {id: reach, title: Reach, metric: followers}

    Good:
        goals:
          - id: reach
            title: Reach
            metric: followers
            target: 500
            deadline: 2027-06-01
    """

    name = "missing-key"


class TimeDoesNotExist(FormRule):
    """A time is skipped when clocks go forward.

    What: A wall-clock time lies in the hour that the workspace's zone leaves out.

    Why: It could mean an hour earlier or later.

    Fix: Choose another time, or write the offset from UTC.

    Bad:
        publish_at: 2027-03-28 02:30      # timezone: Europe/Berlin

    Good:
        publish_at: 2027-03-28 03:30

    Source: https://peps.python.org/pep-0495/
    """

    name = "time-does-not-exist"


class TimeExistsTwice(FormRule):
    """A time comes twice when clocks go back.

    What: A wall-clock time lies in the hour that the workspace's zone has twice.

    Why: It could mean the first or the second.

    Fix: Choose another time, or write the offset from UTC.

    Bad:
        publish_at: 2026-10-25 02:30      # timezone: Europe/Berlin

    Good:
        publish_at: 2026-10-25 02:30+01:00

    Source: https://peps.python.org/pep-0495/
    """

    name = "time-exists-twice"


class UnknownKey(FormRule):
    """A key that no file of this kind has.

    What: A key in front matter or YAML is not one that smmflow reads there.

    Why: It is most often a slip of the pen, and what it should have set is not set.

    Fix: Correct it as the hint says, or take it out. Own values belong under
    `variables`.

    Bad:
        publishat: 2026-12-01 09:00

    Good:
        publish_at: 2026-12-01 09:00
    """

    name = "unknown-key"


class WrongType(FormRule):
    """A value is of the wrong type.

    What: A list stands where a word should, a word where a number should, or the
    like.

    Why: What the author meant can't be guessed.

    Fix: Write it as the finding says; `smmflow schema` prints the types.

    Bad:
        channels: {mastodon: true}

    Good:
        channels: [mastodon]
    """

    name = "wrong-type"


class YamlBroken(FormRule):
    """YAML can't be read.

    What: Front matter or a settings file breaks the rules of YAML: a bracket or
    quote that never closes, a tab, wrong indentation.

    Why: Nothing in the file can be used.

    Fix: Look at the line; put quotes around text with `: ` or ` #` in it.

    Bad:
        title: Version 1: out now

    Good:
        title: "Version 1: out now"

    Source: https://yaml.org/spec/1.2.2/#733-plain-style
    """

    name = "yaml-broken"


class YamlTooComplex(FormRule):
    """YAML is nested too deeply or repeats itself too often.

    What: A file has more levels, values or uses of `*aliases` than any honest file
    needs.

    Why: A few lines of aliases can grow to gigabytes in memory.

    Fix: Write the values out.

    Bad:
        a: &a [x, x]
        b: &b [*a, *a]
        c: &c [*b, *b]

    Good:
        a: [x, x]

    Source: https://en.wikipedia.org/wiki/Billion_laughs_attack
    """

    name = "yaml-too-complex"


class YamlTrap(FormRule):
    """YAML may read a value otherwise than people do.

    What: A value is written so that some YAML readers take it for something else:
    `no` for false, `1:30` for 90, `010` for 8.

    Why: smmflow reads it as written, but other tools that read the file do not.

    Fix: Put quotes around it.

    Bad:
        tags: [on, off]

    Good:
        tags: ["on", "off"]

    Source: https://yaml.org/spec/1.2.2/#103-core-schema
    https://yaml.org/type/bool.html
    https://yaml.org/type/int.html
    """

    name = "yaml-trap"
    severity = Severity.NOTE
