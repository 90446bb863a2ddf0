"""START HERE: the whole road, from files to published posts to reports, top to bottom.

    files --load--> Workspace --prepare--> Prepared: channel posts, times, findings
    Prepared + ledger --make_plan--> Plan --prove--> Plan --publish--> Publications
    Prepared + Plan + the commit it started from --make_review--> Review
    Publications --measure--> Snapshots --make_report--> Report --build_site--> pages

`load`, `prepare`, `make_plan`, `make_review`, `make_report` and `build_site` send
nothing, need no secret and read no clock: the moment is an argument. Only what takes a
`Line` touches the networks, only `prove` asks the forge, only what takes a `State`
writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from smmflow import (
    approving,
    checks,
    composing,
    content,
    measuring,
    planning,
    publishing,
)
from smmflow.clock import Clock
from smmflow.credentials import Credentials
from smmflow.diagnostics import Finding
from smmflow.errors import (
    ConfigurationError,
    NotARepository,
    SmmflowError,
    UsageError,
)
from smmflow.model.approval import Asked, Unknown, Verdict
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.plan import Plan, Sensitive, target
from smmflow.model.post import Post
from smmflow.model.publication import Publication
from smmflow.model.report import Report
from smmflow.model.review import Review, ReviewEntry
from smmflow.model.team import ApprovalSource, Team
from smmflow.model.workspace import Workspace
from smmflow.networks import registry
from smmflow.networks.interface import Network
from smmflow.networks.line import Line, Visit
from smmflow.publishing import Sighting, reconcile
from smmflow.publishing.doubts import doubts as _doubts
from smmflow.repository import Repository
from smmflow.store import Known, State, StoredLimits

if TYPE_CHECKING:  # loaded when they are asked for
    from smmflow import reviewing
    from smmflow.forge import GitHubComments, Kept, Witness

__all__ = [
    "CACHE",
    "JOURNAL",
    "Prepared",
    "adopt",
    "build_site",
    "capabilities_of",
    "doubts",
    "forget",
    "guard",
    "load",
    "located",
    "look_up",
    "make_plan",
    "make_preview",
    "make_report",
    "make_review",
    "measurable",
    "measure",
    "networks_of",
    "open_state",
    "person",
    "place_in_repository",
    "post_review",
    "prepare",
    "prove",
    "publish",
    "recover",
    "remember_limits",
    "reschedule",
    "settle",
    "sight",
    "verdicts",
]

CACHE = Path(".smmflow/cache")
"""Below the workspace; safe to delete."""
FILES = ("channels.yaml", "calendar.yaml", "strategy.md", "team.yaml", "content")
"""All that a workspace is read from, below its folder."""
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
        name: registry.network(channel.network)
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


def open_state(workspace: Workspace, clock: Clock) -> State:
    """Return what smmflow remembers of a workspace; nothing is fetched yet.

    Raises:
        NotARepository: The workspace is in none.
        ConfigurationError: The settings of the state don't fit the repository.
    """
    settings = workspace.state
    repository = Repository(workspace.root)
    return State(repository.state_branch(settings.branch, settings.remote, clock))


def person(workspace: Workspace) -> str:
    """Return who is at work, by git's configuration.

    Raises:
        UsageError: Git knows no name.
    """
    name = Repository(workspace.root).person
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
    repository = Repository(workspace.root)
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
    )
    return planning.plan(wanted, prepared.known.publications, now)


def make_review(prepared: Prepared, plan: Plan, base: str) -> Review:
    """Return what is different from a commit, for each post and channel.

    Looked at is the commit where this work began, so that what others have merged
    since is not told as this change's.

    Args:
        prepared: The workspace as it is proposed.
        plan: Of that, at the moment it was prepared for.
        base: A branch, a tag or a commit.

    Raises:
        NotARepository: There is nothing to compare with.
        UsageError: There is no such commit.
        StateError: The commit can't be read.
    """
    from smmflow import reviewing  # noqa: PLC0415 - a check starts sooner without

    repository = Repository(prepared.workspace.root)
    commit = repository.parting(repository.resolve(base))
    with TemporaryDirectory(prefix="smmflow-base-") as folder:
        root = Path(folder).resolve()
        signers = prepared.workspace.team.signers
        repository.export(commit, (*FILES, *filter(None, [signers])), root)
        before = prepare(content.load(root), prepared.known, plan.at, remember=False)
        found = reviewing.review(
            _side(before, before.findings, make_plan(before, plan.at)),
            _side(prepared, located(prepared), plan),
            prepared.known.publications.values(),
            base_name=base,
            head_name=repository.head or "",
        )
        entries = tuple(_to_approve(each, prepared, root) for each in found.entries)
        return replace(found, entries=entries)


def _to_approve(entry: ReviewEntry, prepared: Prepared, before: Path) -> ReviewEntry:
    """Return an entry with the approvals that its changed files will need."""
    workspace = prepared.workspace
    post = workspace.posts.get(entry.post)
    if post is None:
        return entry
    composed = prepared.composed.get((entry.post, entry.channel))
    sources = composed.sources if composed else ()
    asked = approving.ask_of(workspace, post, entry.channel, sources)
    changed = [
        path
        for path in asked.files
        if _read_inside(workspace.root, path) != _read_inside(before, path)
    ]
    return replace(entry, approvals=approving.needed(workspace.team, asked, changed))


def post_review(
    review: Review, head: str, comments: GitHubComments
) -> Mapping[int, Kept]:
    """Tell a review on the open pull requests of a commit, in one comment on each.

    If nothing is different there is a comment only where there was one already.

    Args:
        review: What to tell; it may be anybody's words.
        head: The full name of the commit that was looked at.
        comments: Our account's.

    Returns:
        By the number of the pull request, what became of the comment.

    Raises:
        NetworkError: GitHub refused, or can't be reached; it is safe to repeat.
    """
    from smmflow import reviewing  # noqa: PLC0415 - as above

    found = {}
    for number in comments.open_at(head):
        doubtful = comments.changed_workings(number)
        words = reviewing.as_markdown(replace(review, head=head), doubtful=doubtful)
        create = not review.is_empty
        found[number] = comments.keep(number, reviewing.MARK, words, create=create)
    return found


def _side(
    prepared: Prepared, findings: tuple[Finding, ...], plan: Plan
) -> reviewing.Side:
    from smmflow import reviewing  # noqa: PLC0415 - as above

    return reviewing.Side(
        prepared.workspace,
        prepared.composed,
        prepared.occurrences,
        findings,
        plan,
        prepared.networks,
        prepared.capabilities,
    )


def guard(prepared: Prepared, plan: Plan) -> None:
    """Do nothing, unless the plan does more at once than anybody may have meant.

    Raises:
        PlanRefused: It does.
    """
    planning.guard(plan, prepared.known.publications)


def prove(prepared: Prepared, plan: Plan, credentials: Credentials) -> Plan:
    """Return the plan with everything held that is not proven to be approved.

    Asks the forge, if approvals are recorded there, only about what would be done now.
    """
    workspace = prepared.workspace
    deeds = [each for each in plan.deeds if isinstance(each, Sensitive)]
    team = workspace.team
    if team.path in workspace.unreadable:  # it may be what requires approvals
        why = Unknown(f"{team.path} has a fault; see `smmflow check`")
        return planning.gate(plan, {target(deed): why for deed in deeds})
    if team.approvals is ApprovalSource.NONE:
        return plan
    asked = [approving.asked_by(workspace, deed) for deed in deeds]
    wanted = [each for each in asked if each is not None]
    return planning.gate(plan, verdicts(workspace, wanted, credentials))


def verdicts(
    workspace: Workspace, asked: Iterable[Asked], credentials: Credentials
) -> Mapping[tuple[str, str], Verdict]:
    """Return, by post and channel, whether it is approved as it is, with proof.

    Where git or the forge can't be asked, the verdict says why.
    """
    from smmflow.forge import open_witness  # noqa: PLC0415 - a check starts without

    wanted = tuple(asked)
    team, remote = workspace.team, workspace.state.remote
    try:
        repository = Repository(workspace.root)
        with open_witness(team, repository, remote, credentials) as witness:
            return {(e.post, e.channel): _verdict(team, e, witness) for e in wanted}
    except SmmflowError as problem:
        unknown = _unknown(problem)
        return {(each.post, each.channel): unknown for each in wanted}


def _verdict(team: Team, asked: Asked, witness: Witness) -> Verdict:
    try:
        return approving.judge(team, asked, witness.tell(asked.files))
    except SmmflowError as problem:
        return _unknown(problem)


def _unknown(problem: SmmflowError) -> Unknown:
    return Unknown("; ".join(filter(None, (problem.message, problem.hint))))


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


def doubts(
    state: State, clock: Clock, *, post: str = "", channel: str = ""
) -> tuple[Publication, ...]:
    """Return what nobody knows the end of, in order of time; all of it by default."""
    return tuple(
        each
        for each in _doubts(state.publications().values(), clock.now())
        if post in {"", each.post, each.occurrence} and channel in {"", each.channel}
    )


def sight(
    state: State, record: Publication, urls: Sequence[str], line: Line
) -> tuple[Sighting, ...]:
    """Look at posts that are said to be the parts of a publication nobody heard of.

    Raises:
        UsageError: An address can't be what it is said to be.
        SmmflowError: The network can't be asked.
    """
    if problem := line.failures.get(record.channel):
        raise problem
    connection = line.connections[record.channel]
    return reconcile.sight(record, urls, connection, state.publications().values())


def adopt(
    state: State,
    record: Publication,
    sightings: Sequence[Sighting],
    *,
    owner: str,
    clock: Clock,
) -> Publication:
    """Write that parts are live, by a person's word; raises like `State.update`."""
    receipts = [each.receipt for each in sightings]
    decision = reconcile.adopted(record, receipts, owner=owner, now=clock.now())
    return reconcile.decide(state, record, decision)


def forget(
    state: State, record: Publication, *, owner: str, clock: Clock
) -> Publication:
    """Write that the rest is not live, by a person's word.

    Raises:
        UsageError: That can't be said yet, or is known to be otherwise.
        StateError: The state can't be written, or was changed meanwhile.
    """
    decision = reconcile.forgotten(record, owner=owner, now=clock.now())
    return reconcile.decide(state, record, decision)


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
    workspace: Workspace, known: Known, report: Report | None
) -> Mapping[str, bytes]:
    """Return the public pages and feeds: bytes by path.

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
        read_media=lambda path: _read_inside(workspace.root, path),
    )


def make_preview(
    prepared: Prepared,
    plan: Plan,
    review: Review | None = None,
    *,
    only: str = "",
    live: str = "",
) -> Mapping[str, bytes]:
    """Return pages that show each post as its networks will: bytes by path.

    Args:
        prepared: The workspace as it is proposed.
        plan: Of that, at the moment it was prepared for.
        review: Marks what is different and lies beside the pages, for
            `smmflow comment`; None marks nothing.
        only: The id of the one post to show; empty for all.
        live: What pages that are served hand to the script that loads them anew.
    """
    from smmflow import reviewing, site  # noqa: PLC0415 - a check starts sooner without

    root = prepared.workspace.root
    proposal = site.Proposal(
        prepared.workspace,
        prepared.composed,
        prepared.networks,
        prepared.capabilities,
        prepared.occurrences,
        located(prepared),
        plan,
        review,
    )
    files = site.preview(
        proposal,
        read_media=lambda path: _read_inside(root, path, largest=_LARGEST_SHOWN),
        only=only,
        live=live,
    )
    if review is None:
        return files
    return {**files, reviewing.NAME: reviewing.encode_review(review)}


_LARGEST_SHOWN = 32 * 1024 * 1024
"""Bytes of a file that a preview copies; larger ones are only described."""


def _read_inside(root: Path, path: str, *, largest: int | None = None) -> bytes | None:
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        return None
    if largest is not None and file.stat().st_size > largest:
        return None
    return file.read_bytes()
