"""The part of the contract about posts that networks send at their time."""

# ruff: noqa: S101 - assertions are what the suite consists of

from __future__ import annotations

from datetime import timedelta

import pytest

from smmflow.clock import SystemClock
from smmflow.errors import Unsupported
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Among, Connection
from smmflow.testing.contract_base import ContractBase, Write, only_if
from smmflow.testing.samples import key_of

__all__ = ["AheadContract"]


class AheadContract(ContractBase):
    """What `schedule` promises, and that leaving it out is a promise, too."""

    def test_what_is_handed_over_waits_and_can_be_moved_and_taken_back(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """And does not go out before its time."""
        only_if(capabilities.schedule is Support.YES)
        assert capabilities.schedule_limits is not None
        assert capabilities.find is Support.YES
        now = SystemClock().now()
        at, later = now + timedelta(hours=2), now + timedelta(hours=3)
        post = write("Later: https://example.org #نیم‌فاصله")
        key = key_of(post)
        assert connection.scheduled(post, 0, at=at, key=key) is None
        receipt = connection.schedule(post, 0, at=at, key=key)
        while isinstance(receipt, Pending):
            receipt = connection.resume(receipt)

        assert isinstance(receipt, Receipt)
        found = connection.scheduled(post, 0, at=at, key=key)
        assert found is not None
        assert found.id == receipt.id
        assert connection.find(post, 0, key=key, among=Among(now)) is None

        moved = connection.reschedule(receipt, at=later)
        there = connection.scheduled(post, 0, at=later, key=key)
        assert there is not None
        assert there.id == moved.id

        assert connection.cancel(moved) is True
        assert connection.cancel(moved) is False
        assert connection.scheduled(post, 0, at=later, key=key) is None

    def test_without_scheduling_nothing_can_be_handed_over(
        self,
        connection: Connection,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """A network that declares nothing refuses."""
        only_if(capabilities.schedule is not Support.YES)
        post = write("Later")
        with pytest.raises(Unsupported):
            connection.schedule(post, 0, at=SystemClock().now(), key=key_of(post))
