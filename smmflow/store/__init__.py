"""What the state branch holds, typed: the ledger, snapshots, instances' limits."""

from smmflow.store.codec import StoredLimits
from smmflow.store.known import Known
from smmflow.store.state import Key, Ledger, State

__all__ = ["Key", "Known", "Ledger", "State", "StoredLimits"]
