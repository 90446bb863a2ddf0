"""The workflows that GitHub runs by itself, and whether it still does.

https://docs.github.com/en/rest/actions/workflows
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smmflow.errors import SignInFailed
from smmflow.forge.client import Client
from smmflow.forge.github_reviews import moment, text
from smmflow.model.schedule import Schedule

__all__ = ["schedules"]

_FOLDER = ".github/workflows/"
_KNOWN = ("publish.yml", "measure.yml")
"""What `smmflow init` has called them. Who else runs late is not our business."""

Row = Mapping[str, object]


def schedules(client: Client, path: str) -> tuple[Schedule, ...]:
    """Return our workflows; none if the token may not read about them.

    One that has never ended well counts from when GitHub first saw it.

    Args:
        client: What asks.
        path: Of the repository, as in `/repos/acme/social`.

    Raises:
        NetworkError: Nothing is known, and that is not for want of a permission.
    """
    try:
        known = client.get(f"{path}/actions/workflows", params={"per_page": "100"})
        ours = tuple(row for row in _rows(known.fields, "workflows") if _is_ours(row))
        if not ours:
            return ()
        branch = text(client.get(path).fields, "default_branch")
        return tuple(_schedule(client, path, row, branch) for row in ours)
    except SignInFailed:
        return ()


def _schedule(client: Client, path: str, row: Row, branch: str) -> Schedule:
    """Return a workflow with its last good run.

    https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
    """
    name = _name(row)
    enabled = text(row, "state") == "active"
    if not enabled:
        return Schedule(name, enabled=False, last_success=None)
    wanted = {"status": "success", "branch": branch, "per_page": "1"}
    answer = client.get(f"{path}/actions/workflows/{name}/runs", params=wanted)
    (run, *_) = (*_rows(answer.fields, "workflow_runs"), {})
    return Schedule(
        name,
        enabled=True,
        last_success=_at(run, "updated_at") or _at(row, "created_at"),
    )


def _is_ours(row: Row) -> bool:
    """Tell whether it is one of ours, and there: the file of a deleted one is gone."""
    return (
        text(row, "path").startswith(_FOLDER)
        and _name(row) in _KNOWN
        and text(row, "state") != "deleted"
    )


def _name(row: Row) -> str:
    return text(row, "path").rpartition("/")[2]


def _at(row: Row, key: str) -> datetime | None:
    return moment(text(row, key))


def _rows(fields: Row, key: str) -> tuple[Row, ...]:
    rows = fields.get(key)
    found = rows if isinstance(rows, list) else []
    return tuple(row for row in found if isinstance(row, dict))
