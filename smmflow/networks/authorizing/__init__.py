"""How a person lets smmflow into an account: ways as data, and what they need."""

from __future__ import annotations

from smmflow.networks.authorizing.ways import (
    CodeFlow,
    DeviceFlow,
    Lengthen,
    OwnApp,
    PageToken,
    Password,
    Proof,
    Redirect,
    Registered,
    SignIn,
    Typed,
    origin,
)

__all__ = [
    "CodeFlow",
    "DeviceFlow",
    "Lengthen",
    "OwnApp",
    "PageToken",
    "Password",
    "Proof",
    "Redirect",
    "Registered",
    "SignIn",
    "Typed",
    "origin",
]
