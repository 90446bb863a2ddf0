"""The state branch, in real repositories."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.errors import ConfigurationError, StateContended, StateError
from smmflow.repository import Repository, StateBranch, View
from tests.repository.conftest import NOON, Clone, git

MakeClone = Callable[[str, str], Clone]
PERSIAN = "ledger/نوروز\u200cها ۱۴۰۵/mastodon.json"


def writing(**files: bytes | None) -> Callable[[View], Mapping[str, bytes | None]]:
    return lambda _view: {name.replace("_", "/"): body for name, body in files.items()}


def test_what_is_written_is_read_back_by_another_clone(
    clone: Clone, make_clone: MakeClone, bare: Path
) -> None:
    files = {PERSIAN: "سلام\n".encode(), 'odd/"quoted" \\ name': b"\0\xff", "e": b""}
    clone.branch().update("Write", lambda _view: files)

    other = make_clone("other", str(bare)).branch()
    assert other.read_all() == {}
    other.fetch()
    assert other.read_all() == files
    assert other.read_all("ledger/") == {PERSIAN: files[PERSIAN]}
    assert other.read(PERSIAN) == files[PERSIAN]
    assert other.read("odd") is None
    assert other.read("nothing/here") is None


def test_a_change_can_take_files_away_and_sees_what_is_there(clone: Clone) -> None:
    branch = clone.branch()
    branch.update("Two files", writing(a_x=b"1", a_y=b"2"))

    def change(view: View) -> Mapping[str, bytes | None]:
        assert view.read_all("a") == {"a/x": b"1", "a/y": b"2"}
        return {"a/x": None, "a/y": b"3"}

    assert branch.update("One file", change) == {"a/x": None, "a/y": b"3"}
    assert branch.read_all() == {"a/y": b"3"}


def test_a_change_that_changes_nothing_makes_no_commit(
    clone: Clone, bare: Path
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"1"))
    before = git(bare, "rev-parse", "smmflow-state")
    assert branch.update("Again", writing(a=b"1", b=None)) == {}
    assert git(bare, "rev-parse", "smmflow-state") == before


def test_the_branch_is_an_orphan_and_its_log_says_who_when_and_what(
    clone: Clone, bare: Path
) -> None:
    clone.branch().update("Run 7: claim what is due", writing(a=b"1"))
    assert git(bare, "for-each-ref", "--format=%(refname)") == (
        "refs/heads/smmflow-state\n"
    )
    log = git(bare, "log", "--format=%an|%cI|%P|%s", "smmflow-state")
    assert log == "Test Author|2026-12-01T12:00:00+00:00||Run 7: claim what is due\n"


def test_without_a_configured_name_the_commit_is_by_smmflow(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    clone.branch().update("First", writing(a=b"1"))
    who = clone.git("log", "-1", "--format=%an <%ae> %cn", "smmflow-state")
    assert who == "smmflow <smmflow@localhost> smmflow\n"


def test_the_users_work_is_left_alone(clone: Clone) -> None:
    (clone.path / "channels.yaml").write_text("title: stashed\n")
    clone.git("stash")
    (clone.path / "channels.yaml").write_text("title: half done\n")
    (clone.path / "staged.md").write_text("staged\n")
    (clone.path / "untracked.md").write_text("untracked\n")
    clone.git("add", "staged.md")
    for hook in ("pre-push", "post-commit", "reference-transaction", "post-checkout"):
        script = clone.path / ".git" / "hooks" / hook
        script.write_text(f"#!/bin/sh\necho ran > '{clone.path}/{hook}-ran'\nexit 1\n")
        script.chmod(0o755)
    clone.git("config", "commit.gpgSign", "true")
    before = clone.user_work()

    branch = clone.branch()
    branch.update("First", writing(a=b"1"))
    branch.update("Second", writing(b=b"2"))
    branch.fetch()

    assert clone.user_work() == before
    assert branch.read_all() == {"a": b"1", "b": b"2"}


def test_a_remote_without_the_branch_is_empty_state(clone: Clone) -> None:
    branch = clone.branch()
    branch.fetch()
    assert branch.view.commit is None
    assert branch.read_all("ledger/") == {}
    assert branch.read("ledger/x/y.json") is None


def test_a_shallow_clone_writes_too(clone: Clone, bare: Path, tmp_path: Path) -> None:
    clone.git("push", "--quiet", "origin", "main")
    clone.branch().update("First", writing(a=b"1"))
    arguments = ("clone", "--quiet", "--depth=1", f"file://{bare}", "shallow")
    git(tmp_path, *arguments)
    branch = Clone(tmp_path / "shallow").branch()
    branch.update("Second", writing(b=b"2"))
    assert branch.read_all() == {"a": b"1", "b": b"2"}


class BusyClock(FixedClock):
    """While one waits, the world goes on."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(NOON)
        self._meanwhile = meanwhile

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._meanwhile()


def test_a_push_that_loses_the_race_is_computed_again(
    clone: Clone, make_clone: MakeClone, bare: Path
) -> None:
    rival = make_clone("rival", str(bare)).branch()
    seen = []

    def change(view: View) -> Mapping[str, bytes | None]:
        seen.append(dict(view.read_all()))
        if len(seen) == 1:
            rival.update("Faster", writing(theirs=b"1"))
        return {"ours": b"%d" % len(view.read_all())}

    branch = clone.branch()
    assert branch.update("Slower", change) == {"ours": b"1"}
    assert seen == [{}, {"theirs": b"1"}]
    assert branch.read_all() == {"theirs": b"1", "ours": b"1"}


def test_a_ref_that_is_locked_at_the_remote_is_tried_again(
    clone: Clone, bare: Path
) -> None:
    lock = bare / "refs" / "heads" / "smmflow-state.lock"
    lock.touch()
    clock = BusyClock(lock.unlink)
    clone.branch(clock=clock).update("First", writing(a=b"1"))
    assert len(clock.slept) == 1
    assert 0 < clock.slept[0] <= 1
    assert git(bare, "show", "smmflow-state:a") == "1"


def test_who_always_loses_is_told_so_and_the_state_is_as_it_was(
    clone: Clone, bare: Path
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"1"))
    (bare / "refs" / "heads" / "smmflow-state.lock").touch()
    with pytest.raises(StateContended, match="12 attempts: others were faster"):
        branch.update("Second", writing(a=b"2"))
    assert branch.read_all() == {"a": b"1"}
    assert clone.git("show", "smmflow-state:a") == "1"


@pytest.mark.parametrize("tells", [True, False])
def test_a_push_whose_answer_is_lost_is_not_made_twice(
    clone: Clone, bare: Path, *, tells: bool
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"0"))
    hook = bare / "hooks" / ("post-receive" if tells else "update")
    hook.parent.mkdir(exist_ok=True)
    # The receiving end dies after (post-receive) or before (update) it moves the ref.
    hook.write_text('#!/bin/sh\nrm -- "$0"\nkill -9 $PPID\n')
    hook.chmod(0o755)

    def count_up(view: View) -> Mapping[str, bytes | None]:
        return {"a": b"%d" % (int(view.read("a") or b"0") + 1)}

    assert branch.update("Count up", count_up) == {"a": b"1"}
    assert branch.read("a") == b"1"
    assert git(bare, "show", "smmflow-state:a") == "1"
    assert git(bare, "rev-list", "--count", "smmflow-state") == "2\n"


def test_a_last_attempt_whose_answer_is_lost_still_counts(
    clone: Clone, bare: Path
) -> None:
    hook = bare / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n")
    hook.chmod(0o755)
    repository, clock = Repository(clone.path), FixedClock(NOON)
    branch = StateBranch(repository, "smmflow-state", "origin", clock, attempts=1)
    assert branch.update("First", writing(a=b"1")) == {"a": b"1"}
    assert clock.slept == []


def test_what_this_clone_pushed_is_known_even_if_the_tracking_ref_lags(
    clone: Clone, bare: Path
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"1"))
    old = clone.git("rev-parse", "smmflow-state").strip()
    branch.update("Second", writing(a=b"2"))
    clone.git("update-ref", "refs/remotes/origin/smmflow-state", old)
    bare.rename(bare.with_suffix(".gone"))
    assert clone.branch().read("a") == b"2"


def test_a_tracking_ref_that_stays_locked_is_named(clone: Clone) -> None:
    clone.branch().update("First", writing(a=b"1"))
    clone.git("update-ref", "-d", "refs/remotes/origin/smmflow-state")
    lock = clone.path / ".git" / "refs" / "remotes" / "origin" / "smmflow-state.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    with pytest.raises(StateError, match="cannot lock ref"):
        clone.branch().fetch()


def test_a_branch_below_the_state_branch_is_in_the_way_and_said_to_be(
    lonely: Clone,
) -> None:
    lonely.git("branch", "smmflow-state/mine")
    with pytest.raises(StateError, match=r"could not be moved: .*smmflow-state/mine"):
        lonely.branch().update("First", writing(a=b"1"))


def test_what_is_no_file_is_not_read(clone: Clone) -> None:
    clone.git("switch", "--quiet", "--orphan", "smmflow-state")
    (clone.path / "a").write_text("1")
    clone.git("add", "a")
    commit = "1" * 40
    clone.git("update-index", "--add", "--cacheinfo", f"160000,{commit},submodule")
    clone.git("commit", "--quiet", "--message=By hand")
    clone.git("switch", "--quiet", "main")
    assert clone.branch().read_all() == {"a": b"1"}
    assert clone.branch().read_all("nothing/") == {}


def test_when_the_remote_dies_with_the_answer_the_words_say_so(
    clone: Clone, bare: Path
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"0"))
    hook = bare / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nmv '{bare}' '{bare}.gone'\nkill -9 $PPID\n")
    hook.chmod(0o755)
    with pytest.raises(StateError, match="whether the last push arrived is not known"):
        branch.update("Second", writing(a=b"1"))
    (bare.parent / "remote.git.gone").rename(bare)
    branch.fetch()
    assert branch.read("a") == b"1"


def test_an_unreachable_remote_changes_nothing_and_the_last_known_state_is_readable(
    clone: Clone, bare: Path
) -> None:
    clone.branch().update("First", writing(a=b"1"))
    bare.rename(bare.with_suffix(".gone"))
    branch = clone.branch()
    with pytest.raises(StateError, match="can't be fetched from origin") as caught:
        branch.update("Second", writing(a=b"2"))
    assert "git fetch origin" in caught.value.hint
    with pytest.raises(StateError):
        branch.fetch()
    assert branch.read_all() == {"a": b"1"}
    assert clone.git("rev-list", "--count", "smmflow-state") == "1\n"


def test_a_branch_deleted_at_the_remote_comes_back_with_what_was_known(
    clone: Clone, bare: Path
) -> None:
    branch = clone.branch()
    branch.update("First", writing(a=b"1"))
    git(bare, "branch", "-D", "smmflow-state")
    branch.update("Second", writing(b=b"2"))
    assert git(bare, "ls-tree", "--name-only", "smmflow-state") == "a\nb\n"


def test_without_a_remote_the_local_branch_is_the_state(lonely: Clone) -> None:
    before = lonely.user_work()
    lonely.branch().update("First", writing(a=b"1"))
    assert lonely.git("show", "smmflow-state:a") == "1"
    assert lonely.branch().read("a") == b"1"
    assert lonely.user_work() == before


def test_without_a_remote_two_writers_do_not_overwrite_each_other(
    lonely: Clone,
) -> None:
    rival = lonely.branch()
    calls: list[str | None] = []

    def change(view: View) -> Mapping[str, bytes | None]:
        if not calls:
            rival.update("Faster", writing(theirs=b"1"))
        calls.append(view.commit)
        return {"ours": b"%d" % len(view.read_all())}

    branch = lonely.branch()
    branch.update("Slower", change)
    assert len(calls) == 2
    assert branch.read_all() == {"theirs": b"1", "ours": b"1"}


def test_a_workspace_that_is_given_a_remote_takes_its_state_along(
    lonely: Clone, bare: Path
) -> None:
    lonely.branch().update("First", writing(a=b"1"))
    lonely.git("remote", "add", "origin", str(bare))
    lonely.branch().update("Second", writing(b=b"2"))
    assert git(bare, "ls-tree", "--name-only", "smmflow-state") == "a\nb\n"


def test_two_states_that_went_different_ways_are_never_mixed_silently(
    clone: Clone, lonely: Clone, bare: Path
) -> None:
    clone.branch().update("Theirs", writing(a=b"1"))
    lonely.branch().update("Ours", writing(a=b"2"))
    lonely.git("remote", "add", "origin", str(bare))
    with pytest.raises(StateError, match="gone different ways"):
        lonely.branch().update("Third", writing(b=b"3"))
    assert git(bare, "show", "smmflow-state:a") == "1"


def test_a_local_state_that_is_checked_out_is_not_changed_under_the_user(
    lonely: Clone,
) -> None:
    lonely.branch().update("First", writing(a=b"1"))
    lonely.git("switch", "--quiet", "smmflow-state")
    before = lonely.user_work()
    with pytest.raises(StateError, match="is checked out"):
        lonely.branch().update("Second", writing(a=b"2"))
    assert lonely.user_work() == before


def test_with_a_remote_a_checked_out_state_branch_stays_as_the_user_has_it(
    clone: Clone, bare: Path
) -> None:
    clone.branch().update("First", writing(a=b"1"))
    clone.git("switch", "--quiet", "smmflow-state")
    before = clone.user_work()
    clone.branch().update("Second", writing(a=b"2"))
    assert clone.user_work() == before
    assert git(bare, "show", "smmflow-state:a") == "2"


def test_a_remote_nobody_knows_is_a_mistake_not_an_empty_state(clone: Clone) -> None:
    with pytest.raises(ConfigurationError, match="no remote called orign, only origin"):
        clone.branch(remote="orign")


def test_an_impossible_branch_name_is_a_mistake_of_the_settings(clone: Clone) -> None:
    repository = Repository(clone.path)
    with pytest.raises(ConfigurationError, match="can't be the name of a branch"):
        repository.state_branch("a..b", "origin", FixedClock(NOON))


def test_a_full_disk_keeps_the_old_state(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.branch().update("First", writing(a=b"1"))
    script = """
import resource, sys
from pathlib import Path
from tests.repository.conftest import Clone
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
branch = Clone(Path(sys.argv[1])).branch()
try:
    branch.update("Big", lambda view: {"big": __import__("os").urandom(100_000)})
except Exception as problem:
    print(type(problem).__name__, problem, problem.hint)
"""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    ran = subprocess.run(
        [sys.executable, "-c", script, str(clone.path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.startswith("StateError the state could not be written: ")
    assert "see that the disk has room" in ran.stdout
    assert clone.branch().read_all() == {"a": b"1"}
    assert clone.git("fsck", "--no-dangling") == ""
    assert not list((clone.path / ".git").glob("fast_import_crash_*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a tiny disk")
def test_a_really_full_disk_keeps_the_old_state(
    tmp_path: Path, make_clone: MakeClone
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        clone = make_clone("disk/workspace", "")
        branch = clone.branch()
        branch.update("First", writing(a=b"1"))
        with pytest.raises(StateError, match="could not be written") as full:
            branch.update("Big", lambda _view: {"big": os.urandom(3_000_000)})
        assert "disk has room" in full.value.hint
        branch.update("Small", writing(b=b"2"))
        assert clone.branch().read_all() == {"a": b"1", "b": b"2"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_updates_from_two_processes_in_two_clones_all_land(
    clone: Clone, make_clone: MakeClone, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_clone("other", str(bare))
    script = """
import sys
from pathlib import Path
from smmflow.clock import SystemClock
from smmflow.repository import Repository
name = sys.argv[2]
branch = Repository(Path(sys.argv[1])).state_branch(
    "smmflow-state", "origin", SystemClock())
for number in range(4):
    branch.update(f"{name} {number}", lambda view: {f"{name}/{number}": b"x",
        "count": b"%d" % (int(view.read("count") or b"0") + 1)})
"""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(each.path), name])
        for each, name in ((clone, "one"), (other, "two"), (other, "three"))
    ]
    assert [each.wait() for each in running] == [0, 0, 0]
    assert git(bare, "show", "smmflow-state:count") == "12"
    assert len(git(bare, "ls-tree", "-r", "smmflow-state").splitlines()) == 13


def test_thousands_of_files_are_written_and_read(clone: Clone) -> None:
    files = {f"ledger/post-{n}/site.json": b"%d" % n for n in range(3000)}
    branch = clone.branch()
    branch.update("Many", lambda _view: files)
    assert branch.read_all("ledger") == files
