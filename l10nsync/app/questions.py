"""Translators' questions: find them with their places, and reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from l10nsync.app.links import Link, observe
from l10nsync.app.repository import Repository
from l10nsync.errors import UsageError
from l10nsync.model import AskedString, IssueReply, Question, RemoteState, Submission, fold
from l10nsync.plan.questions import FoundQuestion, find_places


@dataclass(frozen=True, slots=True)
class QuestionsRequest:
    """Which questions are meant."""

    state: Literal["open", "answered", "closed", "all"] = "open"
    """`open` has what is answered and not closed yet as well, as the service has."""
    locales: frozenset[str] = frozenset()
    """Questions about the source belong to every locale."""
    paths: tuple[str, ...] = ()
    """Files, folders and patterns."""
    since: str = ""
    """ISO time: nothing that was asked before it."""
    comments: bool = False
    """With the comments of each; one request for each question that has any."""


def find_questions(
    repository: Repository, links: Mapping[str, Link], request: QuestionsRequest
) -> tuple[FoundQuestion, ...]:
    """Return the questions that are meant, by place."""
    asked = [link for link in links.values() if link.provider.abilities.questions]
    if not asked:
        raise UsageError("translators cannot ask questions with this service")
    found = [question for link in asked for question in _of_project(repository, link, request)]
    found = [question for question in found if _is_meant(question, request)]
    found.sort(key=lambda one: ([(spot.path, spot.line) for spot in one.places[:1]], one.issue.number))
    return tuple(found)


def _of_project(repository: Repository, link: Link, request: QuestionsRequest) -> Iterable[FoundQuestion]:
    which: Literal["open", "resolved", "all"] = "open"
    which = {"closed": "resolved", "all": "all"}.get(request.state, which)  # type: ignore[assignment]
    remote = observe(link, RemoteState(), Question(issues=which))
    issues = remote.issues or ()
    hashcodes = frozenset(issue.hashcode for issue in issues if issue.hashcode)
    told = frozenset(issue.uid for issue in issues if issue.comments and request.comments)
    if hashcodes:
        remote = observe(link, remote, Question(asked_strings=hashcodes, issue_comments=told))
    sources = {fold(one.file_uri): one for one in repository.sources if one.project == link.project.name}
    uris = {fold(uri) for string in remote.asked_strings.values() for uri, _key in string.holders}
    tracked = repository.tracked.files
    mine = [one.path for uri, one in sources.items() if uri in uris and one.path in tracked]
    blobs = {path: tracked[path] for path in mine}
    contents = repository.workspace.blobs(blobs.values())
    by_path = {path: contents[blob] for path, blob in blobs.items() if blob in contents}
    for issue in issues:
        string = remote.asked_strings.get(issue.hashcode, AskedString())
        places = find_places(string, sources, by_path)
        yield FoundQuestion(
            link.project.name, issue, string, places, remote.issue_comments.get(issue.uid, ())
        )


def _is_meant(question: FoundQuestion, request: QuestionsRequest) -> bool:
    issue = question.issue
    if request.state == "answered" and question.state != "answered":
        return False
    if request.locales and issue.locale and issue.locale not in request.locales:
        return False
    if request.since and issue.created < request.since:
        return False
    return not request.paths or any(
        spot.path == path or spot.path.startswith(f"{path.rstrip('/')}/") or fnmatchcase(spot.path, path)
        for spot in question.places
        for path in request.paths
    )


def find_question(repository: Repository, links: Mapping[str, Link], wanted: str) -> FoundQuestion:
    """Return a question, by number or uid, with its comments; raise `UsageError` if not just one has it."""
    names = wanted.removeprefix("#")
    every = find_questions(repository, links, QuestionsRequest(state="all"))
    found = [one for one in every if names in {one.issue.number, one.issue.uid}]
    if len(found) != 1:
        number = f"{len(found)} projects have a" if found else "there is no"
        hint = "`l10nsync questions list --state all` lists them."
        raise UsageError(f"{number} question {wanted}", hint=hint)
    (question,) = found
    if not question.issue.comments:
        return question
    uid = question.issue.uid
    remote = observe(links[question.project], RemoteState(), Question(issue_comments=frozenset({uid})))
    return replace(question, comments=remote.issue_comments.get(uid, ()))


def send_reply(links: Mapping[str, Link], question: FoundQuestion, reply: IssueReply) -> None:
    """Carry REPLY out."""
    for _event in links[question.project].provider.submit(Submission(replies=(reply,))):
        pass
