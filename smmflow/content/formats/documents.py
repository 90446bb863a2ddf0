"""The formats of campaigns, playbooks, replies, templates, ideas, contests, surveys."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from smmflow.content.formats.fields import Day, Form, Name, Names, Variables, problem
from smmflow.model.campaign import Campaign
from smmflow.model.document import (
    Contest,
    Idea,
    Playbook,
    SavedReply,
    Survey,
    Template,
)

__all__ = [
    "CampaignForm",
    "ContestForm",
    "DocumentForm",
    "IdeaForm",
    "PlaybookForm",
    "ReplyForm",
    "SurveyForm",
    "TemplateForm",
]

Identity = tuple[str, str]
"""The id of a document and the path of its file."""


class LinksForm(Form):
    """Which links of a campaign's posts carry which parameters."""

    tag: bool = Field(default=True, description="Add utm_ parameters to links")
    hosts: Names = Field(default=(), description="Only links to these; all if empty")
    utm: dict[str, str] = Field(
        default_factory=dict, description="More of them: {term: spring}"
    )


class CampaignForm(Form):
    """A campaign: posts that belong together. Its brief stands below."""

    title: Name
    from_: Day | None = Field(default=None, alias="from", description="First day")
    to: Day | None = Field(default=None, description="Last day")
    goal: str = Field(default="", description="A goal of strategy.md")
    links: LinksForm = Field(default=LinksForm(tag=False))
    variables: Variables = Field(
        default_factory=dict, description="For {{ campaign.name }}"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise problem("bad-value", "`to` is before `from`", key="to")
        return self

    def build(self, name: Identity, body: str, body_line: int) -> Campaign:
        """Return the campaign."""
        return Campaign(
            id=name[0],
            path=name[1],
            title=self.title,
            start=self.from_,
            end=self.to,
            goal=self.goal,
            tag_links=self.links.tag,
            utm={key.lower(): value.lower() for key, value in self.links.utm.items()},
            link_hosts=self.links.hosts,
            variables=self.variables,
            body=body,
            body_line=body_line,
        )


class PlaybookForm(Form):
    """What to do in a crisis. The steps stand below."""

    title: Name
    severity: int = Field(ge=1, le=4, description="1 is the worst, 4 the mildest")
    approvers: Names = ()
    triggers: Names = Field(default=(), description="Signs that it has begun")

    def build(self, name: Identity, body: str, body_line: int) -> Playbook:
        """Return the playbook."""
        del body_line
        return Playbook(
            *name, self.title, self.severity, self.approvers, self.triggers, body
        )


class ReplyForm(Form):
    """An answer kept ready. Its words stand below."""

    title: Name
    language: str = Field(default="", examples=["en", "fa"])
    topics: Names = ()

    def build(self, name: Identity, body: str, body_line: int) -> SavedReply:
        """Return the reply."""
        del body_line
        return SavedReply(*name, self.title, self.language, self.topics, body)


class TemplateForm(Form):
    """A piece of text that posts include. Its words stand below."""

    title: str = ""

    def build(self, name: Identity, body: str, body_line: int) -> Template:
        """Return the template."""
        del body_line
        return Template(*name, self.title or name[0], body)


class IdeaForm(Form):
    """Something that may become a post. Notes stand below."""

    title: Name
    pillar: str = Field(default="", description="A pillar of strategy.md")
    owner: str = Field(default="", description="Somebody of team.yaml")

    def build(self, name: Identity, body: str, body_line: int) -> Idea:
        """Return the idea."""
        del body_line
        return Idea(*name, self.title, self.pillar, self.owner, body)


class ContestForm(Form):
    """A contest. Its rules stand below."""

    title: Name
    opens: Day
    closes: Day
    prize: str = ""
    post: str = Field(default="", description="The id of the post that announces it")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes < self.opens:
            raise problem("bad-value", "`closes` is before `opens`", key="closes")
        return self

    def build(self, name: Identity, body: str, body_line: int) -> Contest:
        """Return the contest."""
        del body_line
        return Contest(
            *name, self.title, self.opens, self.closes, self.prize, self.post, body
        )


class SurveyForm(Form):
    """Questions for an audience. What they are for stands below."""

    title: Name
    questions: Names = Field(min_length=1)
    opens: Day | None = None
    closes: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens and self.closes and self.closes < self.opens:
            raise problem("bad-value", "`closes` is before `opens`", key="closes")
        return self

    def build(self, name: Identity, body: str, body_line: int) -> Survey:
        """Return the survey."""
        del body_line
        return Survey(*name, self.title, self.questions, self.opens, self.closes, body)


DocumentForm = (
    CampaignForm
    | PlaybookForm
    | ReplyForm
    | TemplateForm
    | IdeaForm
    | ContestForm
    | SurveyForm
)
"""A Markdown file whose front matter becomes one value of the model."""
