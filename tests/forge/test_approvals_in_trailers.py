"""Approvals without a forge: real commits, signed with real keys."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from smmflow import approving, memory, proofs, workflow
from smmflow.clock import SystemClock
from smmflow.credentials import Credentials
from smmflow.model.approval import Approved, Missing
from tests.cli.terminal import smmflow
from tests.servers.company import FILES, LAUNCH, POST

TEAM = """\
approvals: trailers
signers: .github/signers
people:
  sara: {name: Sara, emails: [sara@people.example], roles: [editor]}
  omid: {name: Omid, emails: [Omid@people.example], roles: [editor]}
  mina: {name: Mina, emails: [mina@people.example], roles: [writer]}
rules:
  - {approve: [editor], paths: ["content/**"]}
"""
PEOPLE = ("sara", "omid", "mina")
SARA_APPROVES = "Approved-by: Sara <sara@people.example>"


@dataclass
class Office:
    """People with keys, and one repository."""

    folder: Path
    keys: Path

    def git(self, *arguments: str, by: str = "sara") -> str:
        settings = {
            "user.name": by.title(),
            "user.email": f"{by}@people.example",
            "gpg.format": "ssh",
            "user.signingkey": str(self.keys / by),
        }
        given = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        command = ["git", *given, *arguments]
        ran = subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True
        )
        return ran.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")
        self.git("add", "--all")

    def commit(
        self, files: Mapping[str, str], *trailers: str, author: str, signer: str = ""
    ) -> None:
        self.write(files)
        who = f"--author={author.title()} <{author}@people.example>"
        signed = ["--gpg-sign"] if signer else []
        said = [f"--trailer={each}" for each in trailers]
        self.git(
            "commit",
            "--quiet",
            "-m",
            "Change",
            who,
            *signed,
            *said,
            by=signer or author,
        )

    def merge(self, branch: str, *trailers: str, signer: str) -> None:
        message = "\n\n".join(["Merge", "\n".join(trailers)])
        self.git("merge", "--no-ff", "-S", "-m", message, branch, by=signer)

    def said(self) -> str:
        workspace = workflow.load(self.folder)
        known = memory.look_up(workspace, SystemClock())
        prepared = workflow.prepare(workspace, known, SystemClock().now())
        asked = approving.asked_about(workspace, prepared.composed, "launch")
        verdict = proofs.verdicts(workspace, asked, Credentials({}))["launch", "site"]
        if isinstance(verdict, Approved):
            people = (each.by for each in verdict.approvals if LAUNCH in each.files)
            return "approved by " + ", ".join(people)
        assert isinstance(verdict, Missing)
        return "; ".join(f"{each.file}: {each.why}" for each in verdict.lacks)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A workspace whose team and keys Omid has approved; Sara merged them."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in (*PEOPLE, "mallory"):
        command = [
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-f",
            str(keys / name),
        ]
        subprocess.run(command, check=True)
    signers = "".join(
        f"{name}@people.example {(keys / f'{name}.pub').read_text()}" for name in PEOPLE
    )
    folder = tmp_path / "office"
    folder.mkdir()
    office = Office(folder, keys)
    office.git("init", "--quiet", "--initial-branch=main")
    files = {**FILES, "team.yaml": TEAM, ".github/signers": signers}
    files[".gitignore"] = ".smmflow/\n"
    office.commit(files, "Approved-by: omid", author="mina", signer="sara")
    return office


def test_a_signed_commit_vouches_for_the_approvals_in_its_trailers(
    office: Office,
) -> None:
    office.commit({LAUNCH: POST}, SARA_APPROVES, author="mina", signer="sara")
    assert office.said() == "approved by sara"


def test_a_signed_merge_vouches_for_what_it_merges(office: Office) -> None:
    office.git("checkout", "--quiet", "-b", "change")
    office.commit({LAUNCH: POST}, author="mina")
    office.git("checkout", "--quiet", "main")
    trailers = (SARA_APPROVES, "Approved-by: Omid <omid@people.example>")
    office.merge("change", *trailers, signer="sara")
    assert office.said() == "approved by omid, sara"


def test_a_merge_with_bytes_of_its_own_is_written_by_who_merged(
    office: Office,
) -> None:
    office.git("checkout", "--quiet", "-b", "change")
    office.commit({LAUNCH: POST}, author="mina")
    office.git("checkout", "--quiet", "main")
    office.git("merge", "--no-ff", "--no-commit", "change")
    office.write({LAUNCH: POST + "Buy now.\n"})
    message = f"Merge\n\n{SARA_APPROVES}"
    office.git("commit", "--quiet", "--gpg-sign", "-m", message, by="sara")
    assert "is vouched for by sara alone, who wrote a part of it" in office.said()


def test_an_unsigned_commit_proves_nothing(office: Office) -> None:
    office.commit({LAUNCH: POST}, SARA_APPROVES, author="mina")
    assert "by Mina, which no known key has signed" in office.said()


def test_a_key_that_nobody_knows_proves_nothing(office: Office) -> None:
    office.commit({LAUNCH: POST}, SARA_APPROVES, author="mina", signer="mallory")
    assert "which no known key has signed" in office.said()


def test_nobody_vouches_for_what_they_wrote(office: Office) -> None:
    office.commit({LAUNCH: POST}, SARA_APPROVES, author="mina", signer="mina")
    assert "sara is vouched for by mina alone, who wrote a part of it" in office.said()


def test_who_wrote_it_does_not_approve_it(office: Office) -> None:
    trailers = "Approved-by: Omid <omid@people.example>"
    office.commit({LAUNCH: POST}, trailers, author="omid", signer="sara")
    assert office.said().endswith("; omid wrote a part of it")


def test_who_helped_to_write_it_does_not_approve_it(office: Office) -> None:
    helped = "Co-authored-by: Omid <omid@people.example>"
    office.commit(
        {LAUNCH: POST}, helped, "Approved-by: omid", author="mina", signer="sara"
    )
    assert office.said().endswith("; omid wrote a part of it")


def test_a_wrong_role_and_a_stranger_are_told(office: Office) -> None:
    trailers = ("Approved-by: mallory", "Approved-by: mina")
    office.commit({LAUNCH: POST}, *trailers, author="lena", signer="sara")
    assert office.said().endswith("mallory is not in team.yaml; mina is no editor")


def test_a_signature_alone_is_no_approval(office: Office) -> None:
    office.commit({LAUNCH: POST}, author="mina", signer="sara")
    assert office.said().endswith("by Mina; nobody approved it")


def test_a_renamed_post_stays_approved(office: Office) -> None:
    office.commit(
        {"content/posts/begin.md": POST}, SARA_APPROVES, author="mina", signer="sara"
    )
    office.git("mv", "content/posts/begin.md", LAUNCH)
    office.git("commit", "--quiet", "-m", "Rename", by="mina")
    assert office.said() == "approved by sara"


def test_a_plan_knows_it_without_asking_anybody(office: Office) -> None:
    office.commit({LAUNCH: POST}, author="mina", signer="sara")
    held = smmflow(office.folder, "plan")
    assert "launch on site (unapproved)" in held.stdout
    assert "let sara or omid merge it anew, signed" in held.stdout
    assert "Approvals: proven by signed commits" in held.stdout


def test_keys_of_gpg_are_known_if_they_are_on_the_keyring(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A path of pytest's is too long for the sockets of the agent.
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        monkeypatch.setenv("GNUPGHOME", home)
        gpg = ["gpg", "--batch", "--quiet", "--passphrase", ""]
        person = "Omid <omid@people.example>"
        make = [*gpg, "--quick-generate-key", person, "ed25519", "sign", "never"]
        subprocess.run(make, check=True, capture_output=True)
        office.write({LAUNCH: POST})
        by_gpg = ("gpg.format=openpgp", "user.signingkey=omid@people.example")
        settings = [word for each in by_gpg for word in ("-c", each)]
        message = f"Change\n\n{SARA_APPROVES}"
        who = "--author=Mina <mina@people.example>"
        office.git(*settings, "commit", "-q", "-S", who, "-m", message, by="omid")
        assert office.said() == "approved by sara"
        subprocess.run(["gpgconf", "--kill", "all"], check=True)
        shutil.rmtree(home)
        Path(home).mkdir()
        assert "which no known key has signed" in office.said()
        subprocess.run(["gpgconf", "--kill", "all"], check=True)
