"""The contract of networks when things go wrong: each failure is of the kind it is."""

# ruff: noqa: S101 - assertions are what the suite consists of

from __future__ import annotations

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    SignInFailed,
    Unreachable,
)
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.channel import Channel
from smmflow.networks.interface import Among, Connection, Network
from smmflow.testing.contract_base import (
    Broken,
    ContractBase,
    Write,
    everything_shown,
    only_if,
    publish,
)
from smmflow.testing.samples import (
    DUE,
    key_of,
)
from smmflow.testing.transports import (
    Fault,
    dead,
    lost_answer,
    page,
    too_many,
)

__all__ = ["FailingContract"]

_WRONG = "wrong-secret-7f3a"


class FailingContract(ContractBase):
    """Wrong secrets, dead servers, pages, rate limits, lost answers."""

    def test_wrong_secrets_fail_to_sign_in(
        self,
        network: Network,
        channel: Channel,
        transport: httpx.BaseTransport,
        write: Write,
    ) -> None:
        """The secret itself is in no word of the error."""
        only_if(bool(network.secrets))
        wrong = Credentials(dict.fromkeys(channel.secrets.values(), _WRONG))
        connection = network.connect(channel, wrong, transport=transport)
        with pytest.raises(SignInFailed) as caught:
            publish(connection, write("Hello"))
        connection.close()
        assert _WRONG not in everything_shown(caught.value)

    @pytest.mark.parametrize(
        ("fault", "kinds"),
        [
            (dead, Unreachable),
            (too_many, RateLimited),
            (page, (OutcomeUnknown, Unreachable)),
        ],
    )
    @pytest.mark.parametrize("everywhere", [True, False])
    def test_failures_say_what_may_happen_next(  # noqa: PLR0913, PLR0917 - fixtures, all named
        self,
        channel: Channel,
        credentials: Credentials,
        broken: Broken,
        fault: Fault,
        kinds: type[NetworkError] | tuple[type[NetworkError], ...],
        everywhere: bool,  # noqa: FBT001 - a parameter of the test
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """At the first request and at the one that counts; secrets stay secret."""
        only_if(not capabilities.local)
        path = "" if everywhere else self.publishing_path
        connection = broken(fault, path)
        with pytest.raises(kinds) as caught:
            publish(connection, write("Hello"))
        error = caught.value
        if isinstance(error, RateLimited):
            assert error.retry_after == self.asked_wait
        if fault is page and not everywhere:
            assert isinstance(error, OutcomeUnknown)
        assert "\n" not in error.message
        for secret in channel.secrets.values():
            assert credentials.source[secret] not in everything_shown(error)

    def test_a_lost_answer_leaves_the_outcome_unknown_and_the_part_findable(
        self,
        connection: Connection,
        broken: Broken,
        capabilities: Capabilities,
        write: Write,
    ) -> None:
        """The post is live although nobody said so."""
        only_if(not capabilities.local)
        post = write("Did you hear me?")
        deaf = broken(lost_answer, self.publishing_path)
        with pytest.raises(OutcomeUnknown):
            publish(deaf, post)
        again = publish(connection, post) if capabilities.idempotent else None
        if capabilities.find is Support.YES:
            found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
            assert found is not None
            assert again is None or again.id == found.id
