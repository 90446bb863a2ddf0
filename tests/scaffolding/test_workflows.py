"""The shipped workflows: sound by three linters, and with no right they don't need."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from smmflow.errors import UsageError
from smmflow.scaffolding import NAMES, Automation, automation
from tools.workflows import ROOT, own_files

PROGRAMS = Path(sys.executable).parent
SECRETS = ("BLUESKY_APP_PASSWORD", "MASTODON_TOKEN")
SHIPPED = {
    "en": automation(Automation(secrets=SECRETS)),
    "fa": automation(Automation("fa", "خانه", "state/of-things")),
    "own": own_files(),
}


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Mapping[str, bytes]:
    """The files below .github: in English, in Persian, and this repository's."""
    return SHIPPED[request.param]


@pytest.fixture
def folder(shipped: Mapping[str, bytes], tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()  # actionlint looks for the top of a repository
    for path, content in shipped.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "action.yml").write_bytes((ROOT / "action.yml").read_bytes())
    return tmp_path


def complaints(folder: Path, program: str, *arguments: str) -> str:
    """What a linter has against files; empty if nothing."""
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def jobs(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in NAMES:
        read = yaml.safe_load(files[f".github/workflows/{name}.yml"])
        for job, content in read["jobs"].items():
            yield name, job, content


def steps(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, _, job in jobs(files):
        for step in job.get("steps", ()):
            yield name, step


# By the linters -----------------------------------------------------------------------


def test_actionlint_finds_nothing(folder: Path) -> None:
    workflows = [f".github/workflows/{name}.yml" for name in NAMES]
    assert complaints(folder, "actionlint", "-no-color", *workflows) == ""


def test_the_strictest_zizmor_finds_nothing_that_is_not_answered(folder: Path) -> None:
    arguments = ("--offline", "--quiet", "--no-progress", "--persona", "auditor")
    assert complaints(folder, "zizmor", *arguments, ".github", "action.yml") == ""


def test_every_answer_to_zizmor_is_written_above_it(
    shipped: Mapping[str, bytes],
) -> None:
    texts = [*shipped.values(), (ROOT / "action.yml").read_bytes()]
    for text in texts:
        lines = text.decode().splitlines()
        for above, line in pairwise(lines):
            if "zizmor: ignore" in line:
                assert "# Answered: " in above


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("github-workflows", [f".github/workflows/{name}.yml" for name in NAMES]),
        ("dependabot", [".github/dependabot.yml"]),
        ("github-actions", ["action.yml"]),
    ],
)
def test_the_files_follow_their_schemas(
    folder: Path, schema: str, paths: list[str]
) -> None:
    arguments = ("--builtin-schema", f"vendor.{schema}", *paths)
    assert complaints(folder, "check-jsonschema", *arguments) == ""


# Least of everything ------------------------------------------------------------------


def test_a_token_may_nothing_that_its_job_does_not_ask_for(
    shipped: Mapping[str, bytes],
) -> None:
    for name in NAMES:
        read = yaml.safe_load(shipped[f".github/workflows/{name}.yml"])
        assert read["permissions"] == {}
        assert "env" not in read
    rights = {
        (name, job): {right for right, may in each["permissions"].items()
                      if may == "write"}
        for name, job, each in jobs(shipped)
    }  # fmt: skip
    assert rights == {
        ("check", "check"): set(),
        ("comment", "comment"): {"pull-requests"},
        ("publish", "publish"): {"contents", "issues"},
        ("publish", "pages"): {"pages", "id-token"},
        ("measure", "measure"): {"contents"},
        ("freeze", "freeze"): {"contents"},
        ("pages", "ready"): set(),
        ("pages", "build"): set(),
        ("pages", "deploy"): {"pages", "id-token"},
        ("watch", "watch"): {"issues"},
    }


def test_every_job_has_an_end_and_every_workflow_a_queue(
    shipped: Mapping[str, bytes],
) -> None:
    for name, job, each in jobs(shipped):
        assert "uses" in each or 5 <= each["timeout-minutes"] <= 45, (name, job)
    queues = {
        yaml.safe_load(shipped[f".github/workflows/{name}.yml"])["concurrency"]["group"]
        for name in NAMES
    }
    assert len(queues) == len(NAMES)


def test_no_expression_stands_in_a_command(shipped: Mapping[str, bytes]) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_bytes())
    everywhere = [step for _, step in steps(shipped)] + action["runs"]["steps"]
    commands = [step["run"] for step in everywhere if "run" in step]
    assert len(commands) > 10
    assert [command for command in commands if "${{" in command] == []


def test_no_checkout_leaves_a_token_on_the_disk(
    shipped: Mapping[str, bytes],
) -> None:
    checkouts = [
        step
        for _, step in steps(shipped)
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert len(checkouts) == len(NAMES)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_every_action_is_pinned_by_its_commit(shipped: Mapping[str, bytes]) -> None:
    files = [*shipped.values(), (ROOT / "action.yml").read_bytes()]
    used = re.findall(r"uses: (\S+)(.*)", "\n".join(each.decode() for each in files))
    foreign = [(name, note) for name, note in used if not name.startswith("./")]
    assert foreign
    for name, note in foreign:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", note)


def test_secrets_of_networks_reach_the_steps_that_sign_in_and_no_other() -> None:
    found = {
        (name, secret)
        for name, step in steps(SHIPPED["en"])
        for secret in SECRETS
        if secret in str(step)
    }
    assert found == {(n, s) for n in ("publish", "measure", "watch") for s in SECRETS}
    steps_with = [s for _, s in steps(SHIPPED["en"]) if "MASTODON_TOKEN" in str(s)]
    assert [step["run"].split()[1] for step in steps_with] == [
        "publish",
        "measure",
        "watch",
    ]


def test_what_comments_never_checks_out_a_pull_request() -> None:
    for files in SHIPPED.values():
        text = files[".github/workflows/comment.yml"].decode()
        assert "ref:" not in text
        assert "repository:" not in text
        assert "path: ${{ runner.temp }}/preview" in text


# Whose they are -----------------------------------------------------------------------


def test_this_repository_runs_what_it_ships() -> None:
    own = own_files()
    found = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / ".github").rglob("*")
        if path.is_file()
    }
    assert found == own, "run `python -m tools.workflows`"


def test_they_differ_from_those_of_others_only_in_how_smmflow_is_installed() -> None:
    publish = own_files()[".github/workflows/publish.yml"].decode()
    secrets = tuple(re.findall(r"(\w+): \$\{\{ secrets", publish))
    others = automation(Automation(secrets=secrets))
    for name in NAMES:
        path = f".github/workflows/{name}.yml"
        ours, theirs = own_files()[path].decode(), others[path].decode()
        assert cut_installing(ours) == cut_installing(theirs)


def cut_installing(text: str) -> str:
    parts = re.split(r"^(?=      - |  \w+:$)", text, flags=re.MULTILINE)
    installing = ("nstall smmflow", "setup-python")
    return "".join(
        part for part in parts if not any(words in part for words in installing)
    )


def test_the_form_of_a_persian_workspace_asks_in_persian() -> None:
    read = yaml.safe_load(SHIPPED["fa"][".github/workflows/freeze.yml"])
    questions = read[True]["workflow_dispatch"]["inputs"]  # YAML 1.1 takes `on` for yes
    assert questions["reason"]["description"].startswith("چرا؟")


@pytest.mark.parametrize(
    "odd", ["a b", "x'||'1", "${{secrets.X}}", 'x"', "", "-x", "a\nb"]
)
def test_a_name_that_would_mean_more_than_a_name_is_refused(odd: str) -> None:
    for wanted in (
        Automation(branch=odd),
        Automation(state_branch=odd),
        Automation(secrets=(odd,)),
    ):
        with pytest.raises(UsageError):
            automation(wanted)


@pytest.mark.parametrize("secret", ["GITHUB_TOKEN", "github_pat", "1ST", "MY-TOKEN"])
def test_a_secret_that_github_would_not_take_is_refused(secret: str) -> None:
    with pytest.raises(UsageError, match="GitHub takes no secret"):
        automation(Automation(secrets=(secret,)))
