"""GitHub's REST API on loopback, of one repository whose git data are real.

It remembers pull requests, reviews and pushes; it merges as GitHub does: squashed, with
a merge commit, or rebased. Every request and every response is held against GitHub's
own description, and what does not fit is in `bad`: tests end with `bad == []`.

What it answers with is the example in the description, with the facts laid over it.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Self
from urllib.parse import parse_qsl, quote, urlsplit

from tests.servers.github_answers import forbidden, not_found, page, user
from tests.servers.github_description import (
    API,
    Answer,
    Asked,
    Json,
    Operation,
    descriptions,
    like,
)
from tests.servers.github_desk import ROBOT, Comment, Desk, Filed
from tests.servers.github_vault import Vault
from tests.servers.processes import LOOPBACK

TOKEN = "ghs_of-the-job"
OWNER, NAME = "acme", "social"
GONE = "0" * 40
LONGEST_COMMENT = 65_536


# --- What GitHub remembers ------------------------------------------------------------


@dataclass
class GivenReview:
    id: int
    by: str | None
    state: str
    commit: str | None


@dataclass
class Proposal:
    """A pull request; its branch may be in a fork."""

    number: int
    author: str | None
    branch: str
    head: str
    base: str = "main"
    fork: Path | None = None
    merged: str = ""
    landed: set[str] = field(default_factory=set)
    reviews: list[GivenReview] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    is_from_fork: bool = False


class GitHub(Desk, Vault):
    """`start()`, people who do things, requests, `stop()`.

    Accounts are recognised in commits by their address, `<account>@people.example`.
    """

    def __init__(self, repository: Path) -> None:
        Desk.__init__(self)
        Vault.__init__(self)
        self.repository = repository
        self.bad: list[tuple[str, str, list[str]]] = []
        self.log: list[Asked] = []
        self.proposals: dict[int, Proposal] = {}
        self.pushes: list[tuple[str, str, str]] = []
        self.actor = "github-actions[bot]"
        self.may_comment = True
        self.accounts = {TOKEN: ROBOT}
        self.forbidden: set[str] = set()
        self.page_size = 100
        self.away = False
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> Self:
        descriptions()
        handler = type("Handler", (_Handler,), {"github": self, "lock": Lock()})
        self._server = ThreadingHTTPServer((LOOPBACK, 0), handler)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        assert self._server, "not started"
        return f"http://{LOOPBACK}:{self._server.server_port}"

    @property
    def variables(self) -> dict[str, str]:
        """What a job on GitHub has in its environment."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": f"{OWNER}/{NAME}",
            "GITHUB_TOKEN": TOKEN,
        }

    def git(self, *arguments: str) -> str:
        return _git(self.repository, *arguments)

    # People

    def pushed(self, branch: str, by: str, fork: Path | None = None) -> None:
        """Remember that an account has pushed a branch; its pull requests follow."""
        tip = self._tip(branch, fork)
        self.pushes.insert(0, (branch, tip, by))
        for proposal in self.proposals.values():
            ours = (proposal.branch, proposal.fork) == (branch, fork)
            if ours and not proposal.merged:
                proposal.head = tip
                self.git("update-ref", f"refs/pull/{proposal.number}/head", tip)

    def propose(
        self,
        branch: str,
        by: str | None,
        base: str = "main",
        fork: Path | None = None,
    ) -> Proposal:
        """Open a pull request for a branch of this repository or of a fork."""
        number = self.next_number()
        head = self._tip(branch, fork)
        self.git("update-ref", f"refs/pull/{number}/head", head)
        self.proposals[number] = Proposal(number, by, branch, head, base, fork)
        self.proposals[number].is_from_fork = fork is not None
        return self.proposals[number]

    def _tip(self, branch: str, fork: Path | None) -> str:
        if fork is None:
            return self.git("rev-parse", f"refs/heads/{branch}")
        self.git("fetch", "--quiet", str(fork), f"refs/heads/{branch}")
        return self.git("rev-parse", "FETCH_HEAD")

    def review(
        self, proposal: Proposal, by: str | None, state: str = "APPROVED"
    ) -> GivenReview:
        number = 100 * proposal.number + len(proposal.reviews)
        given = GivenReview(number, by, state, proposal.head)
        proposal.reviews.append(given)
        return given

    def comment(self, thread: Proposal | Filed, by: str, body: str) -> Comment:
        written = Comment(self._next_comment, by, body)
        thread.comments.append(written)
        return written

    def next_number(self) -> int:
        return len(self.proposals) + len(self.issues) + 1

    @property
    def _next_comment(self) -> int:
        return 1 + sum(len(each.comments) for each in self._threads)

    @property
    def _threads(self) -> list[Proposal | Filed]:
        return [*self.proposals.values(), *self.issues]

    def merge(self, proposal: Proposal, how: str = "squash") -> str:
        """Merge a pull request into its base; return the base's new commit."""
        base = f"refs/heads/{proposal.base}"
        tip = self.git("rev-parse", base)
        span = f"{tip}..{proposal.head}"
        proposal.commits = self.git("rev-list", "--reverse", span).split()
        if how == "rebase":
            landed = self._rebased(proposal)
        else:
            tree = self.git("merge-tree", "--write-tree", tip, proposal.head)
            second = ["-p", proposal.head] if how == "merge" else []
            message = f"Change (#{proposal.number})"
            landed = [self.git("commit-tree", tree, "-p", tip, *second, "-m", message)]
        self.git("update-ref", base, landed[-1], tip)
        proposal.merged = landed[-1]
        proposal.landed = set(landed) | (
            set(proposal.commits) if how == "merge" else set()
        )
        return landed[-1]

    def _rebased(self, proposal: Proposal) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            clone = Path(folder)
            _git(clone, "clone", "--quiet", str(self.repository), ".")
            _git(clone, "checkout", "--quiet", f"origin/{proposal.base}")
            landed = []
            for commit in proposal.commits:
                _git(clone, "cherry-pick", commit)
                landed.append(_git(clone, "rev-parse", "HEAD"))
            self.git("fetch", "--quiet", folder, "HEAD")
            return landed

    # Requests

    def answer(self, asked: Asked, token: str) -> Answer:
        self.log.append(asked)
        if self.away:
            return Answer(HTTPStatus.BAD_GATEWAY)
        if token not in self.accounts:
            return Answer(HTTPStatus.UNAUTHORIZED, {"message": "Bad credentials"})
        found = (each.find(asked.method, asked.path) for each in descriptions())
        operation = next(filter(None, found), None)
        if operation is None:
            self.bad.append((asked.method, asked.path, ["no such operation"]))
            return not_found()
        return self._performed(operation, asked)

    def _performed(self, operation: Operation, asked: Asked) -> Answer:
        description = operation.description
        if faults := description.faults(operation, asked):
            self.bad.append((asked.method, asked.path, faults))
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(faults)})
        if operation.name.partition("_")[0] in self.forbidden:
            return forbidden()
        perform: Callable[[Operation, Asked], Answer] | None = getattr(
            self, f"_{operation.name}", None
        )
        if perform is None:
            self.bad.append((asked.method, asked.path, ["not written here"]))
            return Answer(HTTPStatus.NOT_IMPLEMENTED, {"message": operation.name})
        answer = perform(operation, asked)
        told = answer.status < HTTPStatus.BAD_REQUEST and answer.content is not None
        if told and (faults := description.faults(operation, asked, answer)):
            self.bad.append(("RESPONSE", operation.name, faults))
        return answer

    def _repos_list_pull_requests_associated_with_commit(
        self, operation: Operation, _asked: Asked
    ) -> Answer:
        commit = operation.parameters["commit_sha"]
        if not self._exists(commit):
            return Answer(422, {"message": f"No commit found for SHA: {commit}"})
        rows = [
            self._pull_request(operation, each)
            for each in self.proposals.values()
            if commit in each.landed
            or (not each.merged and not each.is_from_fork and commit == each.head)
        ]
        return Answer(HTTPStatus.OK, rows)

    def _pull_request(self, operation: Operation, proposal: Proposal) -> Json:
        home = {"full_name": f"{OWNER}/{NAME}", "default_branch": "main"}
        number = proposal.number
        row = like(
            operation,
            number=number,
            state="closed" if proposal.merged else "open",
            html_url=f"https://github.com/{OWNER}/{NAME}/pull/{number}",
            head={
                "sha": proposal.head,
                "ref": proposal.branch,
                "repo": home | {"full_name": f"{proposal.author}/{NAME}"}
                if proposal.fork
                else home,
            },
            base={"ref": proposal.base, "repo": home},
            merge_commit_sha=proposal.merged or None,
            merged_at="2026-11-01T12:00:00Z" if proposal.merged else None,
            user=user(proposal.author),
        )
        row["requested_teams"] = []
        return row

    def _pulls_list(self, operation: Operation, asked: Asked) -> Answer:
        rows = [
            self._pull_request(operation, each)
            for each in reversed(self.proposals.values())
            if asked.query.get("state", "open") == "all" or not each.merged
        ]
        return self._page(asked, rows)

    def _pulls_list_files(self, operation: Operation, asked: Asked) -> Answer:
        proposal = self.proposals[int(operation.parameters["pull_number"])]
        span = f"{proposal.base}...{proposal.head}"
        listed = self.git("diff", "--name-status", "--no-renames", "-z", span)
        words = listed.split("\0")[:-1]
        address = f"{API}/repos/{OWNER}/{NAME}"
        rows = [
            {
                "sha": GONE,
                "filename": path,
                "status": {"A": "added", "D": "removed"}.get(kind, "modified"),
                **dict.fromkeys(("additions", "deletions", "changes"), 1),
                **dict.fromkeys(("blob_url", "raw_url", "contents_url"), address),
            }
            for kind, path in zip(words[::2], words[1::2], strict=True)
        ]
        return self._page(asked, rows)

    def _issues_list_comments(self, operation: Operation, asked: Asked) -> Answer:
        proposal = self.proposals[int(operation.parameters["issue_number"])]
        rows = [self._comment(proposal, each) for each in proposal.comments]
        return self._page(asked, rows)

    def _issues_create_comment(self, operation: Operation, asked: Asked) -> Answer:
        number = int(operation.parameters["issue_number"])
        thread = self.proposals.get(number) or self.filed(number)
        body = json.loads(asked.body)["body"]
        if refusal := self._refused(body):
            return refusal
        if thread is None:
            return not_found()
        written = self.comment(thread, self.actor, body)
        return Answer(HTTPStatus.CREATED, self._comment(thread, written))

    def _issues_update_comment(self, operation: Operation, asked: Asked) -> Answer:
        number, body = (
            int(operation.parameters["comment_id"]),
            json.loads(asked.body)["body"],
        )
        if refusal := self._refused(body):
            return refusal
        for thread in self._threads:
            for each in thread.comments:
                if each.id == number:
                    each.body = body
                    return Answer(HTTPStatus.OK, self._comment(thread, each))
        return not_found()

    def _refused(self, body: str) -> Answer | None:
        if not self.may_comment:
            message = "Resource not accessible by integration"
            return Answer(HTTPStatus.FORBIDDEN, {"message": message})
        if len(body) > LONGEST_COMMENT:
            message = f"Body is too long (maximum is {LONGEST_COMMENT} characters)"
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": message})
        return None

    def _comment(self, thread: Proposal | Filed, written: Comment) -> Json:
        address = f"{API}/repos/{OWNER}/{NAME}/issues"
        page = f"https://github.com/{OWNER}/{NAME}/pull/{thread.number}"
        return {
            "id": written.id,
            "node_id": "x",
            "body": written.body,
            "user": user(written.by),
            "author_association": "NONE",
            "url": f"{address}/comments/{written.id}",
            "issue_url": f"{address}/{thread.number}",
            "html_url": f"{page}#issuecomment-{written.id}",
            "created_at": "2026-11-01T11:00:00Z",
            "updated_at": "2026-11-01T11:00:00Z",
        }

    def _pulls_list_reviews(self, operation: Operation, asked: Asked) -> Answer:
        proposal = self.proposals[int(operation.parameters["pull_number"])]
        where = f"https://github.com/{OWNER}/{NAME}/pull/{proposal.number}"
        rows = [
            like(
                operation,
                id=each.id,
                user=user(each.by),
                state=each.state,
                commit_id=each.commit,
                body="",
                html_url=f"{where}#pullrequestreview-{each.id}",
                submitted_at="2026-11-01T11:00:00Z",
            )
            for each in proposal.reviews
        ]
        return self._page(asked, rows)

    def _pulls_list_commits(self, operation: Operation, asked: Asked) -> Answer:
        proposal = self.proposals[int(operation.parameters["pull_number"])]
        return self._page(asked, [self._commit(each) for each in proposal.commits])

    def _commit(self, name: str) -> Json:
        words = "%ae%x00%ce%x00%T%x00%P"
        author, committer, tree, parents = self.git(
            "show", "-s", f"--format={words}", name
        ).split("\0")
        person = {
            "name": "x",
            "email": "x@people.example",
            "date": "2026-11-01T09:00:00Z",
        }
        address = f"{API}/repos/{OWNER}/{NAME}/commits"
        return {
            "sha": name,
            "node_id": "x",
            "url": f"{address}/{name}",
            "html_url": f"https://github.com/{OWNER}/{NAME}/commit/{name}",
            "comments_url": f"{address}/{name}/comments",
            "author": _of_address(author),
            "committer": _of_address(committer),
            "parents": [
                {"sha": each, "url": f"{address}/{each}"} for each in parents.split()
            ],
            "commit": {
                "author": person,
                "committer": person,
                "message": "x",
                "comment_count": 0,
                "tree": {"sha": tree, "url": f"{API}/trees/{tree}"},
                "url": f"{address}/{name}",
            },
        }

    def _repos_list_activities(self, _operation: Operation, asked: Asked) -> Answer:
        branch = asked.query.get("ref", "").removeprefix("refs/heads/")
        rows = [
            {
                "id": number,
                "node_id": "x",
                "before": GONE,
                "after": tip,
                "ref": f"refs/heads/{name}",
                "timestamp": "2026-11-01T10:00:00Z",
                "activity_type": "push",
                "actor": user(by),
            }
            for number, (name, tip, by) in enumerate(self.pushes)
            if branch in ("", name)
        ]
        return self._page(asked, rows)

    def _repos_get_content(self, operation: Operation, asked: Asked) -> Answer:
        path, ref = operation.parameters["path"], asked.query.get("ref", "main")
        try:
            blob = self.git("rev-parse", "--verify", f"{ref}:{path}")
        except subprocess.CalledProcessError:
            return not_found()
        address = f"{API}/repos/{OWNER}/{NAME}/contents/{quote(path)}"
        keys = ("url", "git_url", "html_url", "download_url")
        return Answer(
            HTTPStatus.OK,
            {
                "type": "file",
                "encoding": "none",
                "content": "",
                "size": int(self.git("cat-file", "-s", blob)),
                "name": path.rpartition("/")[2],
                "path": path,
                "sha": blob,
                **dict.fromkeys(keys, address),
                "_links": dict.fromkeys(("git", "self", "html"), address),
            },
        )

    def _page(self, asked: Asked, rows: list[Json]) -> Answer:
        return page(asked, rows, self.page_size)

    def next_page(self, asked: Asked, answer: Answer) -> str:
        """The `Link` header of a page that is not the last; empty otherwise."""
        size = min(self.page_size, int(asked.query.get("per_page", 30)))
        if not isinstance(answer.content, list) or len(answer.content) < size:
            return ""
        number = int(asked.query.get("page", 1)) + 1
        query = "&".join(
            f"{key}={quote(value, safe='')}"
            for key, value in {**asked.query, "page": str(number)}.items()
        )
        return f'<{self.url}{asked.path}?{query}>; rel="next"'

    def _exists(self, commit: str) -> bool:
        command = ["git", "-C", str(self.repository), "cat-file", "-e", commit]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _git(folder: Path, *arguments: str) -> str:
    """Run git as GitHub's own committer."""
    who = ("-c", "user.name=GitHub", "-c", "user.email=noreply@github.com")
    command = ["git", "-C", str(folder), *who, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def _of_address(address: str) -> Json:
    login, _, home = address.partition("@")
    return user(login) if home == "people.example" else None


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    lock: Lock
    protocol_version = "HTTP/1.1"
    timeout = 30  # of a client that holds its connection and says nothing

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - named by the library

    def log_message(self, *_: object) -> None:
        """Tests have enough output."""

    def _serve(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization", "").partition(" ")[2]
        by = self.github.accounts.get(token, "")
        asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), body, by)
        with self.lock:
            answer = self.github.answer(asked, token)
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if following := self.github.next_page(asked, answer):
            self.send_header("Link", following)
        self.end_headers()
        self.wfile.write(content)
