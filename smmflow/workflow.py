"""START HERE: the whole road, from files to published posts to reports, top to bottom.

    files --load--> Workspace --prepare--> Prepared: channel posts, times, findings
    Prepared + ledger --make_plan--> Plan --publish--> Publications
    Publications --measure--> Snapshots --make_report--> Report --build_site--> pages

`load`, `prepare`, `make_plan`, `make_report` and `build_site` send nothing, need no
secret and read no clock: the moment is an argument. Only what takes a `Line` touches
the networks, and only what takes a `State` writes the state.

Beside the road: `smmflow.proofs` holds what nobody approved, `smmflow.runs` walks the
road for `publish`, `smmflow.proposals` shows what a pull request would change,
`smmflow.reconciling` takes a person's word, `smmflow.foundation` makes new workspaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from smmflow import (
    checks,
    composing,
    content,
    measuring,
    planning,
    publishing,
)
from smmflow.clock import Clock
from smmflow.diagnostics import Finding
from smmflow.errors import (
    ConfigurationError,
    NotARepository,
    UsageError,
)
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.media import Attachment
from smmflow.model.plan import Plan
from smmflow.model.post import Post
from smmflow.model.publication import Publication
from smmflow.model.report import Report
from smmflow.model.workspace import Workspace
from smmflow.networks import registry
from smmflow.networks.interface import Network
from smmflow.networks.line import Line, Visit
from smmflow.repository import Repository
from smmflow.store import Known, State, StoredLimits
from smmflow.store.sealing import KEY

__all__ = [
    "CACHE",
    "JOURNAL",
    "Prepared",
    "build_site",
    "capabilities_of",
    "guard",
    "load",
    "located",
    "look_up",
    "make_plan",
    "make_report",
    "measurable",
    "measure",
    "networks_of",
    "open_state",
    "person",
    "place_in_repository",
    "prepare",
    "publish",
    "read_inside",
    "recover",
    "remember_limits",
    "repository_of",
    "reschedule",
    "secret_names",
    "settle",
]

CACHE = Path(".smmflow/cache")
"""Below the workspace; safe to delete."""
_FETCHED_AHEAD = timedelta(days=2)
"""How long before a post is due its files are public, for networks to fetch them."""
JOURNAL = Path(".smmflow/journal")
"""Below the workspace; results of a run on their way to the state branch."""


# From files to findings ---------------------------------------------------------------


def load(start: Path, *, remember: bool = True) -> Workspace:
    """Read the workspace that a folder belongs to.

    Args:
        start: The folder.
        remember: Parse only what has changed since the last time.

    Raises:
        WorkspaceNotFound: There is none here or above.
    """
    root = content.find_root(start)
    return content.load(root, cache=_cache(root) if remember else None)


def _cache(root: Path) -> Path | None:
    # A link in somebody's files must not make us write elsewhere.
    folder = root / CACHE
    inside = folder.resolve().is_relative_to(root.resolve())
    return folder if inside else None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workspace, worked out: what each channel would get, when, and what is wrong.

    Attributes:
        workspace: The files.
        known: What the state says.
        networks: The offline half of each channel's network.
        capabilities: By channel, with the instance's own limits where known.
        composed: By post and channel, made when asked for; absent where impossible.
        occurrences: By post.
        findings: Everything that is wrong; places, not lines yet.
    """

    workspace: Workspace
    known: Known
    networks: Mapping[str, Network]
    capabilities: Mapping[str, Capabilities]
    composed: Mapping[tuple[str, str], ChannelPost]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    findings: tuple[Finding, ...]


def networks_of(workspace: Workspace) -> Mapping[str, Network]:
    """Return the offline half of each channel's network."""
    return {
        name: registry.network(channel.network).on(channel)
        for name, channel in workspace.channels.items()
    }


def capabilities_of(workspace: Workspace, known: Known) -> Mapping[str, Capabilities]:
    """Return what each channel can do, by its instance's own numbers where known."""
    return {
        name: network.limits_for(known.limits.get(name, {}))
        for name, network in networks_of(workspace).items()
    }


def prepare(
    workspace: Workspace, known: Known, now: datetime, *, remember: bool = True
) -> Prepared:
    """Compose every post for every channel, appoint its times, and check it all.

    Args:
        workspace: The files.
        known: What the state says.
        now: The present, aware.
        remember: Judge only posts anew that changed since the last time, or whose basis
            did; the result is the same.
    """
    networks = networks_of(workspace)
    capabilities = capabilities_of(workspace, known)
    composed = composing.Compositions(workspace, networks, capabilities)
    occurrences = planning.appoint(workspace, known.publications, now)
    subject = checks.Subject(
        workspace=workspace,
        composed=composed,
        capabilities=capabilities,
        networks=networks,
        occurrences=occurrences,
        publications=known.publications,
        now=now,
    )
    memory = _cache(workspace.root) if remember else None
    verdicts = checks.judge_all(subject, composed.findings, memory)
    judged = replace(subject, verdicts=verdicts)
    unmade = (each for verdict in verdicts.values() for each in verdict.composing)
    found_before = checks.adjust((*workspace.findings, *unmade), judged)
    findings = (*found_before, *checks.check(judged))
    return Prepared(
        workspace, known, networks, capabilities, composed, occurrences, findings
    )


def located(prepared: Prepared) -> tuple[Finding, ...]:
    """Return the findings with line, column and the line itself, in reading order."""
    return content.locate(prepared.workspace.root, prepared.findings)


def reschedule(workspace: Workspace, post: Post, moment: datetime) -> bool:
    """Give a post another time, in its file; whether that is wise is not asked here.

    Args:
        workspace: The files.
        post: One of them.
        moment: The time, aware.

    Returns:
        Whether the file had another time before.

    Raises:
        UsageError: The file can't be changed so that nothing else in it changes.
    """
    from smmflow import scaffolding  # noqa: PLC0415 - a check starts sooner without

    file = workspace.root / post.path
    before = file.read_bytes()
    text = before.decode("utf-8")
    time = scaffolding.written(moment, workspace.calendar)
    changed = scaffolding.reschedule(text, content.matter_of(text), time)
    content.refuse_other_changes(text, changed, time)
    after = changed.encode()
    if after != before:
        scaffolding.replace_file(file, before, after)
    return after != before


# What is known, and the plan ----------------------------------------------------------


def repository_of(workspace: Workspace) -> Repository:
    """Return the repository of a workspace, whose git sees no secret of a channel.

    Credential helpers may need the forge's token, and nothing that git starts needs
    what signs in to a network.

    Raises:
        NotARepository: The workspace is in none.
    """
    withheld = secret_names(workspace) - {"GITHUB_TOKEN"}
    return Repository(workspace.root, withheld=withheld)


def secret_names(workspace: Workspace) -> frozenset[str]:
    """Return the names, in the environment, of what signs in to networks."""
    channels = workspace.channels.values()
    return frozenset({KEY, *(n for each in channels for n in each.secrets.values())})


def open_state(workspace: Workspace, clock: Clock) -> State:
    """Return what smmflow remembers of a workspace; nothing is fetched yet.

    Raises:
        NotARepository: The workspace is in none.
        ConfigurationError: The settings of the state don't fit the repository.
    """
    settings = workspace.state
    repository = repository_of(workspace)
    return State(repository.state_branch(settings.branch, settings.remote, clock))


def person(workspace: Workspace) -> str:
    """Return who is at work, by git's configuration.

    Raises:
        UsageError: Git knows no name.
    """
    name = repository_of(workspace).person
    if not name:
        raise UsageError(
            "git does not know who you are",
            hint="name the owner with --owner, or run `git config user.name`",
        )
    return name


def place_in_repository(workspace: Workspace) -> tuple[Path, str]:
    """Return the top folder of the repository, and the workspace's folder in it.

    Raises:
        NotARepository: The workspace is in none.
    """
    repository = repository_of(workspace)
    return repository.top, repository.below


def look_up(workspace: Workspace, clock: Clock, *, metrics: bool = False) -> Known:
    """Return what is known on this machine, without asking any remote.

    A folder that is no git repository knows nothing, which is enough to check it.
    """
    state = _state_if_any(workspace, clock)
    if state is None:
        return Known()
    return Known.of(state, workspace.channels, metrics=metrics)


def _state_if_any(workspace: Workspace, clock: Clock) -> State | None:
    try:
        return open_state(workspace, clock)
    except NotARepository:
        return None


def make_plan(prepared: Prepared, now: datetime) -> Plan:
    """Return what to do now, what waits, and what is held and why."""
    workspace, composed = prepared.workspace, prepared.composed
    wanted = planning.Wanted(
        workspace,
        composed,
        prepared.occurrences,
        planning.faults(workspace, composed, prepared.findings),
        prepared.known.freezes,
        prepared.capabilities,
        prepared.networks,
    )
    return planning.plan(wanted, prepared.known.publications, now)


def guard(prepared: Prepared, plan: Plan) -> None:
    """Do nothing, unless the plan does more at once than anybody may have meant.

    Raises:
        PlanRefused: It does.
    """
    planning.guard(plan, prepared.known.publications)


# Out into the world -------------------------------------------------------------------


def recover(workspace: Workspace, state: State, clock: Clock) -> None:
    """Bring the state up to date, with what runs that died on this machine left."""
    state.fetch()
    publishing.recover(workspace.root / JOURNAL, state=state, clock=clock)


def settle(
    workspace: Workspace, *, state: State, line: Line, clock: Clock, run: str
) -> tuple[Publication, ...]:
    """Find out at the networks what became of claims that nobody knows about."""
    return publishing.settle(
        state,
        connections=line.connections,
        networks=networks_of(workspace),
        clock=clock,
        run=run,
    )


def publish(  # noqa: PLR0913 - a run is made of these, and each is named
    prepared: Prepared,
    plan: Plan,
    *,
    state: State,
    line: Line,
    clock: Clock,
    run: str,
    report: Callable[[Publication], None] = lambda _publication: None,
) -> tuple[Publication, ...]:
    """Carry out a plan, each post and each change once; see `smmflow.publishing`."""
    return publishing.publish(
        plan,
        state=state,
        connections=line.connections,
        networks=prepared.networks,
        clock=clock,
        journal=publishing.Journal(prepared.workspace.root / JOURNAL, run),
        run=run,
        report=report,
    )


def measurable(
    workspace: Workspace, known: Known, names: Iterable[str]
) -> tuple[str, ...]:
    """Return those of the channels that have anything to count."""
    able = capabilities_of(workspace, known)
    return tuple(
        name
        for name in names
        if Support.YES in (able[name].measure, able[name].followers)
    )


def measure(  # noqa: PLR0913 - as `publish`
    workspace: Workspace,
    known: Known,
    *,
    state: State,
    line: Line,
    clock: Clock,
    run: str,
) -> measuring.Measured:
    """Read the counters that are due and keep them; writes nothing if none was."""
    measured = measuring.measure(
        known.publications,
        known.snapshots,
        connections=line.connections,
        capabilities=capabilities_of(workspace, known),
        now=clock.now(),
        run=run,
    )
    if measured.snapshot is not None:
        state.save_snapshot(measured.snapshot)
    return measured


def remember_limits(
    workspace: Workspace, visits: Iterable[Visit], clock: Clock
) -> None:
    """Keep the instances' own limits, so that offline checks know them.

    A folder that is no git repository has nowhere to keep them, which is no fault.
    """
    limits = {
        each.channel: StoredLimits(each.limits.raw, clock.now())
        for each in visits
        if each.limits is not None
    }
    if limits and (state := _state_if_any(workspace, clock)):
        state.save_limits(limits)


# What came of it ----------------------------------------------------------------------


def make_report(
    workspace: Workspace, known: Known, period: str, now: datetime
) -> Report:
    """Return what went out in a period and what came of it.

    Raises:
        UsageError: The period can't be understood.
    """
    from smmflow import reporting  # noqa: PLC0415 - a check starts sooner without

    span = reporting.parse_period(period, workspace.calendar.zone, now)
    return reporting.report(workspace, known.publications, known.snapshots, span, now)


def build_site(
    workspace: Workspace, known: Known, report: Report | None, now: datetime
) -> Mapping[str, bytes]:
    """Return the public pages and feeds: bytes by path.

    Files of posts that are soon due on networks which fetch them are among it, too.

    Raises:
        ConfigurationError: No channel of the workspace is on the network `site`.
    """
    from smmflow import site  # noqa: PLC0415 - likewise

    addresses = [
        str(channel.settings["url"])
        for channel in workspace.channels.values()
        if channel.network == "site"
    ]
    if not addresses:
        raise ConfigurationError(
            "no channel is a site",
            hint="add to channels.yaml: `site: {network: site, url: https://...}`",
        )
    return site.build(
        workspace,
        known.publications,
        report,
        base_url=addresses[0],
        read_media=lambda path: read_inside(workspace.root, path),
        ahead=_fetched_soon(workspace, known, now),
    )


def _fetched_soon(
    workspace: Workspace, known: Known, now: datetime
) -> tuple[Attachment, ...]:
    """Return the files that networks will fetch from the site within two days."""
    able = capabilities_of(workspace, known)
    if not any(each.public_media for each in able.values()):
        return ()
    plan = make_plan(prepare(workspace, known, now), now)
    end = now + _FETCHED_AHEAD
    soon = [each.post for each in plan.publishes]
    soon += [
        each.post
        for each in plan.waits
        if each.occurrence.due is not None and each.occurrence.due <= end
    ]
    return tuple(
        attachment
        for post in soon
        if able[post.channel].public_media
        for part in post.parts
        for attachment in part.media
    )


def read_inside(root: Path, path: str, *, largest: int | None = None) -> bytes | None:
    """Return a file of the workspace; None for what is none, leads out or is too large.

    Args:
        root: The workspace.
        path: Relative to it, whoever wrote it.
        largest: In bytes.
    """
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        return None
    if largest is not None and file.stat().st_size > largest:
        return None
    return file.read_bytes()
