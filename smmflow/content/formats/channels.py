"""The format of channels.yaml: our accounts, each with its network's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from smmflow.content.formats.faults import findings_of, suggestion
from smmflow.content.formats.fields import Duration, Form, Money, Name
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel, StateSettings
from smmflow.networks import registry

__all__ = [
    "ChannelForm",
    "ChannelsForm",
    "read_channel",
    "read_overrides",
    "with_public_places",
]

_OF_THE_JOB = ("GITHUB_", "ACTIONS_", "SMMFLOW_")
"""How names begin that GitHub gives its jobs, and our own key; no network gets them.

https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
"""


class StateForm(Form):
    """Where the state lives."""

    branch: Name = "smmflow-state"
    remote: str = Field(default="origin", description="Empty for no remote")


class ChannelForm(Form):
    """What every channel may have, whatever its network."""

    network: Name
    secrets: dict[str, Name] = Field(
        default_factory=dict,
        description="The network's names to names of the environment",
    )
    language: str = Field(default="", description="Only posts in it; any if empty")
    max_lateness: Duration | None = Field(
        default=None, description="A later post is missed, not sent"
    )
    default: bool = Field(default=True, description="Posts that don't say go here")
    handover: bool = Field(
        default=False, description="The network sends posts at their time by itself"
    )
    max_cost: Money | None = Field(
        default=None,
        description="The most its posts may cost in a calendar month",
        examples=["20 USD"],
    )


class ChannelsForm(Form):
    """The brand, and its accounts."""

    title: str = Field(default="", description="The name of the brand")
    description: str = Field(default="", description="One sentence about it")
    language: Name = Field(default="en", description="Of posts that don't say")
    state: StateForm = StateForm()
    channels: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="By the name that posts use"
    )

    def state_settings(self) -> StateSettings:
        """Return where the state lives."""
        return StateSettings(self.state.branch, self.state.remote)


def read_channel(
    path: str, name: str, values: Mapping[str, Any]
) -> tuple[Channel | None, tuple[Finding, ...]]:
    """Return one channel, or what is wrong with it."""
    at = ("channels", name)
    common = {key: values[key] for key in ChannelForm.model_fields if key in values}
    own = {key: value for key, value in values.items() if key not in common}
    try:
        form = ChannelForm.model_validate(common)
    except ValidationError as error:
        return None, findings_of(error, path, common, ChannelForm, at)
    if form.network not in registry.NAMES:
        return None, (_unknown(path, (*at, "network"), form.network),)
    network = registry.network(form.network)
    faults = (
        *_wrong_secrets(path, at, form.secrets, tuple(network.secrets)),
        *_borrowed_secrets(path, at, form.secrets),
    )
    try:
        settings = network.settings.model_validate(own)
    except ValidationError as error:
        named = tuple(
            _with_common(finding, at, network.settings)
            for finding in findings_of(error, path, own, network.settings, at)
        )
        return None, faults + named
    if faults:
        return None, faults
    channel = Channel(
        name=name,
        network=form.network,
        settings=settings.model_dump(mode="json", by_alias=True),
        secrets=form.secrets,
        language=form.language,
        max_lateness=form.max_lateness,
        default=form.default,
        handover=form.handover,
        max_cost=form.max_cost,
    )
    capabilities = network.on(channel).capabilities
    able = capabilities.schedule is Support.YES
    price = capabilities.price
    if channel.max_cost and price and not channel.max_cost.has(price.currency):
        return None, (_other_money(path, at, form.network, price.currency),)
    return (
        channel,
        (_without_schedule(path, at, form.network),)
        if form.handover and not able
        else (),
    )


def _other_money(
    path: str, at: tuple[str | int, ...], name: str, currency: str
) -> Finding:
    return Finding(
        "bad-value",
        Severity.ERROR,
        f"{name} charges in {currency}, and `max_cost` is in another currency",
        Place(path, (*at, "max_cost")),
        f"give the amount in {currency}: nothing is converted here",
    )


def with_public_places(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """Return channels with a place for files where the network fetches them.

    That is the channel's own `media_url`, or else the first site of the workspace.
    """
    sites = (
        str(each.settings["url"])
        for each in channels.values()
        if each.network == "site"
    )
    place = next(sites, "")

    def placed(channel: Channel) -> Channel:
        fetches = registry.network(channel.network).capabilities.public_media
        if not fetches or channel.settings.get("media_url"):
            return channel
        return replace(channel, settings={**channel.settings, "media_url": place})

    return {name: placed(each) for name, each in channels.items()}


def _without_schedule(path: str, at: tuple[str | int, ...], name: str) -> Finding:
    return Finding(
        "handover-impossible",
        Severity.WARNING,
        f"{name} does not keep posts until their time",
        Place(path, (*at, "handover")),
        "leave `handover` out; `smmflow publish --look-ahead 15m` sends at the second",
    )


def _unknown(path: str, keys: tuple[str | int, ...], name: str) -> Finding:
    return Finding(
        "network-unknown",
        Severity.ERROR,
        f"no network is called `{name}`",
        Place(path, keys),
        suggestion(name, registry.NAMES),
    )


def _with_common(
    finding: Finding, at: tuple[str | int, ...], settings: type[BaseModel]
) -> Finding:
    """Return a finding whose suggestion knows the keys of every channel too."""
    keys = finding.place.keys
    if finding.rule != "unknown-key" or len(keys) != len(at) + 1:
        return finding
    own = tuple(field.alias or key for key, field in settings.model_fields.items())
    hint = suggestion(str(keys[-1]), (*own, *ChannelForm.model_fields))
    return Finding(finding.rule, finding.severity, finding.message, finding.place, hint)


def _wrong_secrets(
    path: str,
    at: tuple[str | int, ...],
    secrets: Mapping[str, str],
    known: tuple[str, ...],
) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "unknown-key",
            Severity.ERROR,
            f"the network has no secret `{key}`",
            Place(path, (*at, "secrets", key), on_key=True),
            suggestion(key, known) or "it needs no secrets",
        )
        for key in secrets
        if key not in known
    )


def _borrowed_secrets(
    path: str, at: tuple[str | int, ...], secrets: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Find what would send a job's own token to a network."""
    return tuple(
        Finding(
            "bad-value",
            Severity.ERROR,
            f"`{name}` is the job's own and no network's",
            Place(path, (*at, "secrets", key)),
            "give the network's secret a name of its own",
        )
        for key, name in secrets.items()
        if name.upper().startswith(_OF_THE_JOB)
    )


def read_overrides(
    path: str,
    given: Mapping[str, Mapping[str, Any] | None],
    channels: Mapping[str, Channel],
) -> tuple[Mapping[str, Mapping[str, object]], tuple[Finding, ...]]:
    """Return what a post sets for single channels, and what is wrong with that.

    A channel that is itself at fault is not among `channels`; who calls this leaves
    such names out of `given`.
    """
    accepted: dict[str, Mapping[str, object]] = {}
    faults: list[Finding] = []
    for name, values in given.items():
        if name not in channels:
            faults.append(
                Finding(
                    "bad-value",
                    Severity.ERROR,
                    f"`on` names the channel `{name}`, which channels.yaml has not",
                    Place(path, ("on", name), on_key=True),
                    suggestion(name, tuple(channels)),
                )
            )
            continue
        model = registry.network(channels[name].network).post_settings
        try:
            form = model.model_validate(values or {})
        except ValidationError as error:
            faults += findings_of(error, path, values or {}, model, ("on", name))
        else:
            accepted[name] = form.model_dump(
                mode="json", by_alias=True, exclude_unset=True
            )
    return accepted, tuple(faults)
