"""Shipped for authors of networks and of tests: a contract suite, and a fake network.

The suite is `smmflow.testing.contract.NetworkContract`, which needs pytest.
"""

from smmflow.testing.fake import Fake, FakeServer, Fault
from smmflow.testing.samples import channel_post, key_of, part, picture_file

__all__ = [
    "Fake",
    "FakeServer",
    "Fault",
    "channel_post",
    "key_of",
    "part",
    "picture_file",
]
