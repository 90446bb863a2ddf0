"""One commit of the state, read without a checkout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smmflow.repository.history import Version, versions
from smmflow.repository.plumbing import Plumbing

__all__ = ["View"]


@dataclass(frozen=True, slots=True)
class View:
    """Files as one commit has them; they never change.

    Attributes:
        commit: Its full name; None if there is no state yet, which reads as no files.
    """

    _plumbing: Plumbing = field(repr=False)
    commit: str | None

    def read(self, path: str) -> bytes | None:
        """Return one file; None if there is none."""
        return self.read_each([path]).get(path)

    def read_each(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return those of the files that exist, with one git process for all.

        Args:
            paths: With forward slashes and without line breaks.
        """
        wanted = tuple(paths)
        if self.commit is None or not wanted:
            return {}
        return self._blobs({path: f"{self.commit}:{path}" for path in wanted})

    def read_all(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return every file under a folder, with two git processes however many.

        Args:
            prefix: The folder, as in `ledger/`; empty means everything.
        """
        if self.commit is None:
            return {}
        listing = self._plumbing.must(
            "ls-tree",
            "-r",
            "-z",
            "--full-tree",
            self.commit,
            *([prefix.rstrip("/") + "/"] if prefix else []),
        )
        names = {}
        for entry in listing.out.split(b"\0")[:-1]:
            about, _, path = entry.partition(b"\t")
            _mode, kind, name = about.split()
            if kind == b"blob":
                names[path.decode("utf-8", "surrogateescape")] = name.decode()
        return self._blobs(names)

    def history(self, patterns: Sequence[str]) -> tuple[tuple[Version, bytes], ...]:
        """Return every version of the files that match, with its contents.

        Args:
            patterns: Paths with git's wildcards, where `**` is any folders.

        Returns:
            Oldest first; versions that took a file away are left out.
        """
        if self.commit is None:
            return ()
        found = versions(self._plumbing, self.commit, patterns)
        kept = [each for each in found if each.blob]
        contents = self._blobs({each.blob: each.blob for each in kept})
        return tuple((each, contents[each.blob]) for each in kept)

    def _blobs(self, names: Mapping[str, str]) -> Mapping[str, bytes]:
        if not names:
            return {}
        asked = "".join(f"{name}\n" for name in names.values())
        answer = self._plumbing.must(
            "cat-file", "--batch", given=asked.encode("utf-8", "surrogateescape")
        )
        found: dict[str, bytes] = {}
        rest, at = answer.out, 0
        for path in names:
            end = rest.index(b"\n", at)
            header = rest[at:end]
            at = end + 1
            if header.endswith(b" missing"):
                continue
            kind, size = header.rsplit(b" ", 2)[1:]
            content, at = rest[at : at + int(size)], at + int(size) + 1
            if kind == b"blob":
                found[path] = content
        return found
