"""Issues and workflows of GitHub: what `watch` reads and writes there."""

from dataclasses import dataclass, field
from http import HTTPStatus

from tests.servers.github_answers import forbidden, page, user
from tests.servers.github_description import Answer, Asked, Json, Operation

ROBOT = "github-actions[bot]"
HOME = "https://github.com/acme/social"


@dataclass
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    by: str
    body: str


@dataclass
class Filed:
    """An issue."""

    number: int
    by: str
    title: str
    body: str
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass
class Automatic:
    """A workflow, and when its runs ended well, newest first."""

    state: str = "active"
    ended_well: list[str] = field(default_factory=list)


class Desk:
    """What is remembered of issues and workflows, and told of them."""

    def __init__(self) -> None:
        self.issues: list[Filed] = []
        self.workflows: dict[str, Automatic] = {}

    def _users_get_authenticated(self, operation: Operation, asked: Asked) -> Answer:
        if asked.by.endswith("[bot]"):
            return forbidden()  # an installation is no user
        facts = {**user(asked.by), "user_view_type": "public"}
        profile = operation.description.least("public-user", **facts)
        return Answer(HTTPStatus.OK, profile)

    def _issues_list_for_repo(self, operation: Operation, asked: Asked) -> Answer:
        state, creator = asked.query.get("state", "open"), asked.query.get("creator")
        rows = [
            self._issue(operation, each, HTTPStatus.OK)
            for each in reversed(self.issues)
            if state in ("all", each.state) and creator in (None, each.by)
        ]
        return page(asked, rows)

    def _issues_create(self, operation: Operation, asked: Asked) -> Answer:
        given = asked.fields
        filed = Filed(self.next_number(), asked.by, given["title"], given["body"])
        filed.labels = given.get("labels", [])
        self.issues.append(filed)
        return self._answered(operation, filed, HTTPStatus.CREATED)

    def _issues_update(self, operation: Operation, asked: Asked) -> Answer:
        filed = self._filed(operation)
        for key in ("title", "body", "state", "labels"):
            setattr(filed, key, asked.fields.get(key, getattr(filed, key)))
        return self._answered(operation, filed, HTTPStatus.OK)

    def next_number(self) -> int:
        """The number of the next issue or pull request: they share theirs."""
        return len(self.issues) + 1

    def filed(self, number: int) -> Filed | None:
        """The issue of this number."""
        return next((each for each in self.issues if each.number == number), None)

    def _filed(self, operation: Operation) -> Filed:
        found = self.filed(int(operation.parameters["issue_number"]))
        assert found is not None
        return found

    def _answered(self, operation: Operation, filed: Filed, status: int) -> Answer:
        return Answer(status, self._issue(operation, filed, status))

    def _issue(self, operation: Operation, filed: Filed, status: int) -> Json:
        row = operation.description.example(operation, status)
        row.pop("pull_request", None)
        return row | {
            "number": filed.number,
            "html_url": f"{HOME}/issues/{filed.number}",
            "user": user(filed.by),
            "title": filed.title,
            "body": filed.body,
            "state": filed.state,
            "labels": filed.labels,
        }

    # Workflows

    def _repos_get(self, operation: Operation, _asked: Asked) -> Answer:
        return Answer(
            HTTPStatus.OK,
            operation.description.least("full-repository", default_branch="main"),
        )

    def _actions_list_repo_workflows(
        self, operation: Operation, _asked: Asked
    ) -> Answer:
        rows = [
            operation.description.least(
                "workflow", path=f".github/workflows/{name}", state=each.state
            )
            for name, each in self.workflows.items()
        ]
        return Answer(HTTPStatus.OK, {"total_count": len(rows), "workflows": rows})

    def _actions_list_workflow_runs(self, operation: Operation, asked: Asked) -> Answer:
        workflow = self.workflows[operation.parameters["workflow_id"]]
        assert (asked.query["status"], asked.query["branch"]) == ("success", "main")
        rows = [
            operation.description.least("workflow-run", updated_at=each)
            for each in workflow.ended_well[: int(asked.query["per_page"])]
        ]
        found = {"total_count": len(workflow.ended_well), "workflow_runs": rows}
        return Answer(HTTPStatus.OK, found)
