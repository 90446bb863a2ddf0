"""Rules that find faults in a workspace; each class is its own documentation."""

from smmflow.checks.check import adjust, check
from smmflow.checks.explain import explain, rules_table
from smmflow.checks.judging import judge_all
from smmflow.checks.registry import RULES
from smmflow.checks.rule import Rule
from smmflow.checks.subject import Subject

__all__ = [
    "RULES",
    "Rule",
    "Subject",
    "adjust",
    "check",
    "explain",
    "judge_all",
    "rules_table",
]
