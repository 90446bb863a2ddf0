from __future__ import annotations

from tests.repository.conftest import Clone


def test_every_version_of_a_file_is_told_oldest_first(lonely: Clone) -> None:
    branch = lonely.branch()
    branch.update("One", lambda _view: {"ledger/سلام/site.json": b"1\n"})
    branch.update(
        "Two", lambda _view: {"ledger/سلام/site.json": b"2\n", "other.json": b"x\n"}
    )
    branch.update("Gone", lambda _view: {"ledger/سلام/site.json": None})
    branch.update("Three", lambda _view: {"ledger/سلام/site.json": b"3\n"})
    told = branch.view.history(["ledger/سلام/**"])
    assert [(version.message, content) for version, content in told] == [
        ("One", b"1\n"),
        ("Two", b"2\n"),
        ("Three", b"3\n"),
    ]
    assert {version.path for version, _ in told} == {"ledger/سلام/site.json"}
    assert all(version.at.utcoffset() is not None for version, _ in told)
    assert told[0][0].author == "Test Author"


def test_two_files_of_one_commit_are_two_versions(lonely: Clone) -> None:
    branch = lonely.branch()
    branch.update("Both", lambda _view: {"a/1.json": b"1", "a/2.json": b"2"})
    told = branch.view.history(["a/*"])
    assert [(version.path, content) for version, content in told] == [
        ("a/1.json", b"1"),
        ("a/2.json", b"2"),
    ]


def test_a_branch_that_does_not_exist_has_no_history(lonely: Clone) -> None:
    assert lonely.branch().view.history(["**"]) == ()
