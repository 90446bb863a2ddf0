"""Carrying out a plan: claimed before it is sent, recorded as soon as it is known."""

from smmflow.publishing.claims import LEASE
from smmflow.publishing.journal import Journal
from smmflow.publishing.publish import publish
from smmflow.publishing.reconcile import Sighting
from smmflow.publishing.recover import recover
from smmflow.publishing.settle import settle

__all__ = ["LEASE", "Journal", "Sighting", "publish", "recover", "settle"]
