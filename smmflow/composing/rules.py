"""The faults that composing finds, and nothing else can."""

from __future__ import annotations

from smmflow.diagnostics import Finding, Place, Severity

__all__ = ["EMITTED", "fault"]

_SEVERITIES = {
    "html-in-text": Severity.WARNING,
    "image-in-text": Severity.WARNING,
    "template-error": Severity.ERROR,
    "template-too-long": Severity.ERROR,
    "text-empty": Severity.ERROR,
    "unknown-channel": Severity.ERROR,
    "variant-malformed": Severity.ERROR,
    "variant-unclosed": Severity.ERROR,
}

EMITTED = frozenset(_SEVERITIES)
"""Names of the rules whose findings `Composer.compose` returns."""


def fault(
    rule: str, message: str, place: Place, *, hint: str = "", channel: str = ""
) -> Finding:
    """Return a finding of one of these rules, with the severity it always has."""
    severity = _SEVERITIES[rule]
    return Finding(rule, severity, message, place, hint=hint, channel=channel)
