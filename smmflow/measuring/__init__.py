"""Measuring: counters of what is live, read in the fewest calls, often at first."""

from smmflow.measuring.measure import Failure, Measured, measure
from smmflow.measuring.schedule import (
    SAMPLING,
    PartToRead,
    SamplingStep,
    due,
    followers_due,
    next_reading,
    sampling_table,
)

__all__ = [
    "SAMPLING",
    "Failure",
    "Measured",
    "PartToRead",
    "SamplingStep",
    "due",
    "followers_due",
    "measure",
    "next_reading",
    "sampling_table",
]
