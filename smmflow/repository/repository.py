"""A git repository: what it is, where its remotes are, and its state branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

from smmflow.clock import Clock
from smmflow.errors import ConfigurationError, NotARepository, UsageError
from smmflow.model.approval import SignedCommit
from smmflow.repository.arrivals import Arrival, arrivals
from smmflow.repository.commit import configured_author
from smmflow.repository.export import export
from smmflow.repository.plumbing import Plumbing
from smmflow.repository.signatures import signed_commit
from smmflow.repository.state_branch import StateBranch

__all__ = ["Repository"]


class Repository:
    """The git repository around a folder.

    Args:
        root: The workspace; it may lie below the top of the repository.
        withheld: Names of secrets that are no business of git's.

    Raises:
        NotARepository: The folder is in none.
        ConfigurationError: Git is missing, or can't work in the repository.

    Attributes:
        top: The top folder of the work tree; of a bare repository, its own folder.
    """

    def __init__(self, root: Path, withheld: Collection[str] = ()) -> None:
        self.root = root
        git_dir, self.top = _folders(root)
        self.plumbing = Plumbing(git_dir, self.top, withheld=withheld)
        answer = self.plumbing.run("rev-parse", "--git-dir")
        if not answer.ok:
            raise ConfigurationError(
                f"git can't work in {root}: {' '.join(answer.words.split())}",
                hint="see that `git status` works there",
            )

    @classmethod
    def at(cls, folder: Path) -> Repository:
        """Return the repository whose top a folder is, made if the folder is in none.

        Args:
            folder: It need not be there yet.

        Raises:
            UsageError: The folder lies within another repository.
            ConfigurationError: Git is missing, or can't do it.
        """
        there = next(each for each in (folder, *folder.parents) if each.exists())
        try:
            repository = cls(there)
        except NotARepository:
            return _make(folder)
        if repository.is_bare or repository.top.resolve() != folder.resolve():
            raise UsageError(
                f"{folder} lies in the git repository {repository.top}, and GitHub "
                "looks for workflows at the top of a repository",
                hint=f"run it there, or `git init {folder}` first to part the two",
            )
        return repository

    @property
    def is_bare(self) -> bool:
        """Tell whether there is no work tree."""
        return self.plumbing.git_dir == self.top

    @property
    def main_branch(self) -> str:
        """The branch that others start from, as far as this clone can tell."""
        remote = self.plumbing.run("symbolic-ref", "refs/remotes/origin/HEAD")
        if remote.ok:
            return remote.text.removeprefix("refs/remotes/origin/")
        for usual in ("main", "master"):
            if self.plumbing.resolve(f"refs/heads/{usual}"):
                return usual
        current = self.plumbing.run("symbolic-ref", "HEAD")
        return current.text.removeprefix("refs/heads/") if current.ok else "main"

    @property
    def below(self) -> str:
        """The workspace's folder in the repository; empty if it is the whole."""
        found = self.root.resolve().relative_to(self.top.resolve()).as_posix()
        return "" if found == "." else found

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None before the first commit."""
        return self.plumbing.resolve("HEAD")

    @cached_property
    def remotes(self) -> tuple[str, ...]:
        """Names of the remotes, sorted."""
        return tuple(sorted(self.plumbing.must("remote").text.split()))

    @property
    def person(self) -> str:
        """The name git is configured to write as; empty if it has none."""
        author = configured_author(self.plumbing)
        return "" if author.is_smmflow else author.name

    def url_of(self, remote: str) -> str:
        """Return the address of a remote, which may hold a secret; empty if none."""
        answer = self.plumbing.run("remote", "get-url", remote)
        return answer.text if answer.ok else ""

    def arrivals(self, paths: Iterable[str]) -> Mapping[str, Arrival]:
        """Return, for each file, the commit that brought its present bytes to HEAD.

        Args:
            paths: Relative to the workspace.

        Raises:
            ConfigurationError: There is no commit yet, or the clone is shallow.
        """
        head = self.head
        if head is None:
            raise ConfigurationError(
                "nothing is committed yet, so nothing can be approved",
                hint="commit the workspace",
            )
        places = {each: str(PurePosixPath(self.below, each)) for each in paths}
        found = arrivals(self.plumbing, self.top, head, places.values())
        return {path: found[place] for path, place in places.items()}

    def has_by(self, commit: str, later: str) -> bool:
        """Tell whether a commit is `later` or among its ancestors."""
        return self.plumbing.is_ancestor(commit, later)

    def signed_commit(self, arrival: Arrival, signers: str) -> SignedCommit | None:
        """Return the commit that brought a file, if a known key has signed it.

        Args:
            arrival: As `arrivals` returns it.
            signers: The file of SSH keys that may sign, relative to the workspace;
                empty for git's own setting.
        """
        file = str(self.root / signers) if signers else ""
        return signed_commit(self.plumbing, arrival, file)

    def resolve(self, name: str) -> str:
        """Return the commit that somebody named: a branch, a tag, a commit.

        Raises:
            UsageError: There is none of that name here.
        """
        answer = self.plumbing.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        if not answer.ok:
            raise UsageError(
                f"this repository has no commit called {name}",
                hint="name a branch, a tag or a commit; in a job, fetch it first",
            )
        return answer.text

    def parting(self, base: str) -> str:
        """Return the commit where HEAD left another one; that one if none is known.

        Args:
            base: The full name of a commit.
        """
        answer = self.plumbing.run("merge-base", base, "HEAD")
        return answer.text if answer.ok else base

    def export(self, commit: str, paths: Sequence[str], folder: Path) -> None:
        """Write files of the workspace, as a commit has them, into a folder.

        Nothing is checked out, and no program that the repository names is run.

        Args:
            commit: Its full name.
            paths: Files and folders, relative to the workspace.
            folder: An empty one.

        Raises:
            StateError: The commit can't be read.
            OSError: The folder can't be written.
        """
        export(self.plumbing, commit, self.below, paths, folder)

    def state_branch(self, branch: str, remote: str, clock: Clock) -> StateBranch:
        """Return the branch that holds the state.

        Args:
            branch: Its name, as `channels.yaml` gives it.
            remote: The remote it is pushed to. In a repository without any remote, and
                if the name is empty, the local branch alone is the state.
            clock: Tells the time and waits.

        Raises:
            ConfigurationError: The branch's name is impossible, or there are remotes
                but none of this name: a slip must not make a second, empty state.
        """
        if not self.plumbing.run("check-ref-format", f"refs/heads/{branch}").ok:
            raise ConfigurationError(
                f"{branch!r} can't be the name of a branch",
                hint="put right `state: {branch: ...}` in channels.yaml",
            )
        if remote and self.remotes and remote not in self.remotes:
            known = ", ".join(self.remotes)
            raise ConfigurationError(
                f"this repository has no remote called {remote}, only {known}",
                hint="put right `state: {remote: ...}` in channels.yaml, "
                'or write `remote: ""` to keep the state on this machine',
            )
        chosen = remote if remote in self.remotes else None
        return StateBranch(self, branch, chosen, clock)


def _make(folder: Path) -> Repository:
    from git import Repo  # noqa: PLC0415 - importing it starts git; help must not
    from git.exc import GitCommandError  # noqa: PLC0415 - as above

    folder.mkdir(parents=True, exist_ok=True)
    try:
        Repo.init(folder, initial_branch="main").close()
    except GitCommandError as problem:
        raise ConfigurationError(
            f"git can't make a repository of {folder}: {problem.stderr.strip()}",
            hint="see that `git init` works there",
        ) from problem
    return Repository(folder)


def _folders(root: Path) -> tuple[Path, Path]:
    try:
        from git import Repo  # noqa: PLC0415 - importing it starts git; help must not
        from git.exc import (  # noqa: PLC0415 - as above
            InvalidGitRepositoryError,
            NoSuchPathError,
        )
    except ImportError as problem:
        raise ConfigurationError(
            "git is not installed, or not on the PATH",
            hint="install git 2.30 or newer",
        ) from problem
    try:
        with Repo(root, search_parent_directories=True) as repo:
            return Path(repo.git_dir), Path(repo.working_tree_dir or repo.git_dir)
    except (InvalidGitRepositoryError, NoSuchPathError) as problem:
        raise NotARepository(
            f"{root} is not in a git repository",
            hint="run `git init` there first: smmflow keeps its state in git",
        ) from problem
