"""Reporting: what went out and what came of it, with the meaning of every number."""

from smmflow.reporting.markdown import markdown
from smmflow.reporting.period import parse_period
from smmflow.reporting.report import report
from smmflow.reporting.table import csv

__all__ = ["csv", "markdown", "parse_period", "report"]
