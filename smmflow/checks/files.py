"""Rules about files themselves, which reading finds."""

from __future__ import annotations

from smmflow.checks.rule import FormRule
from smmflow.diagnostics import Severity

__all__ = [
    "CaseCollision",
    "DuplicateId",
    "FileTooLarge",
    "FileUnreadable",
    "HandoverImpossible",
    "NetworkUnknown",
    "SymlinkOutside",
    "WrongEncoding",
]


class CaseCollision(FormRule):
    """Two files differ only in upper and lower case.

    What: Two paths of the workspace are the same but for capital letters.

    Why: On macOS and Windows one of them replaces the other when the repository is
    checked out.

    Fix: Rename one of them.

    Bad:
        content/posts/Launch.md and content/posts/launch.md

    Good:
        content/posts/launch.md and content/posts/launch-day.md

    Source: https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreignoreCase
    """

    name = "case-collision"


class DuplicateId(FormRule):
    """Two posts have the same id.

    What: Two files have the same `id`, or the same stem without one.

    Why: The ledger knows posts by their id: what one of them published would count
    for both.

    Fix: Give one of them another `id`, or rename its file if it was never
    published.

    Bad:
        content/posts/a/launch.md and content/posts/b/launch.md

    Good:
        content/posts/a/launch.md and content/posts/b/launch-day.md
    """

    name = "duplicate-id"


class FileTooLarge(FormRule):
    """A text file is larger than a text file may be.

    What: A post or settings file is above the size that smmflow reads.

    Why: Such a file is a slip, or an attack on whatever reads it.

    Fix: Split it, or move what is no text to `content/media/`.

    Bad:
        a post of 5 MB

    Good:
        a post of 5 KB
    """

    name = "file-too-large"


class FileUnreadable(FormRule):
    """A file can't be read.

    What: The system refused to read a file: no permission, or it is no file.

    Why: Nothing that stands in it can be used.

    Fix: Look at its permissions, and whether it is a folder or a broken link.

    Bad:
        a folder called launch.md

    Good:
        a file called launch.md
    """

    name = "file-unreadable"


class HandoverImpossible(FormRule):
    """A channel wants posts handed over to a network that keeps none.

    What: `handover: true` on a channel whose network does not send posts at their time
    by itself, or not as far as smmflow can do.

    Why: The posts go out all the same, but only when a run sends them.

    Fix: Leave it out. `smmflow publish --look-ahead 15m` waits for the very second.

    Bad:
        network: bluesky
        handover: true

    Good:
        network: mastodon
        handover: true
    """

    name = "handover-impossible"
    severity = Severity.WARNING


class NetworkUnknown(FormRule):
    """A channel is on a network that smmflow does not know.

    What: The `network` of a channel is none of those that `smmflow networks` lists.

    Why: Nothing can be checked for it or sent to it.

    Fix: Correct the name.

    Bad:
        network: blusky

    Good:
        network: bluesky
    """

    name = "network-unknown"


class SymlinkOutside(FormRule):
    """A symbolic link leads out of the workspace.

    What: A file of the workspace is a link to something outside of it.

    Why: Whoever can write a post could read any file of the machine that runs
    smmflow.

    Fix: Put the file itself there.

    Bad:
        content/posts/launch.md -> /etc/passwd

    Good:
        content/posts/launch.md is a file

    Source: https://owasp.org/www-community/attacks/Path_Traversal
    """

    name = "symlink-outside"


class WrongEncoding(FormRule):
    """A text file is not UTF-8.

    What: A file that should hold text has bytes that are no UTF-8.

    Why: Letters would be guessed, and Persian ones come out as nonsense.

    Fix: Save the file as UTF-8.

    Bad:
        a file saved as Windows-1256

    Good:
        the same file saved as UTF-8

    Source: https://www.rfc-editor.org/rfc/rfc3629
    """

    name = "wrong-encoding"
