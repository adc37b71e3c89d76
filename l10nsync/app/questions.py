"""Translators' questions: find them with their places, and reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain, product
from typing import Literal

from l10nsync.app.links import Link, observe
from l10nsync.app.repository import Repository
from l10nsync.errors import ServiceError, UsageError
from l10nsync.formats import Document
from l10nsync.model import AskedString, IssueReply, Question, RemoteState, Source, Submission, fold
from l10nsync.plan.questions import FoundQuestion, find_places, is_about_change, lacking, read_sources
from l10nsync.workspace import merge_base


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
    changed: bool = False
    """Only on strings that differ from where this branch left the default branch."""


def find_questions(
    repository: Repository, links: Mapping[str, Link], request: QuestionsRequest
) -> tuple[FoundQuestion, ...]:
    """Return the questions that are meant, by place."""
    asked = [link for link in links.values() if link.provider.abilities.questions]
    if not asked:
        raise UsageError("translators cannot ask questions with this service")
    questions = list(chain.from_iterable(_of_project(repository, link, request) for link in asked))
    questions = [question for question in questions if _is_meant(question, request)]
    if request.changed and questions:
        questions = _about_changes(repository, questions)
    return tuple(sorted(questions, key=_order))


def waiting_questions(repository: Repository, links: Mapping[str, Link]) -> tuple[FoundQuestion, ...] | None:
    """Return the questions on strings of the sources here that wait for an answer; None where nobody can ask.

    Without any question, that takes one request for each project.
    """
    if not any(link.provider.abilities.questions for link in links.values()):
        return None
    found = find_questions(repository, links, QuestionsRequest())
    return tuple(question for question in found if question.waits and question.places)


def _order(question: FoundQuestion) -> tuple[list[tuple[str, int]], str]:
    return [(spot.path, spot.line) for spot in question.places[:1]], question.issue.number


_LISTED: Mapping[str, Literal["open", "resolved", "all"]] = {
    "open": "open", "answered": "open", "closed": "resolved", "all": "all",
}  # fmt: skip
"""What a state is listed as: the service keeps what is answered among what is open."""


def _of_project(repository: Repository, link: Link, request: QuestionsRequest) -> list[FoundQuestion]:
    remote = observe(link, RemoteState(), Question(issues=_LISTED[request.state]))
    issues = remote.issues or ()
    hashcodes = frozenset(issue.hashcode for issue in issues if issue.hashcode)
    commented = frozenset(issue.uid for issue in issues if issue.comments and request.comments)
    if hashcodes:
        remote = observe(link, remote, Question(asked_strings=hashcodes, issue_comments=commented))
    strings = remote.asked_strings
    sources = _by_uri(repository, link.project.name)
    documents = _documents(repository, sources, strings.values())
    return [
        FoundQuestion(
            link.project.name,
            issue,
            strings.get(issue.hashcode, AskedString()),
            find_places(strings.get(issue.hashcode, AskedString()), sources, documents),
            remote.issue_comments.get(issue.uid, ()),
        )
        for issue in issues
    ]


def _by_uri(repository: Repository, project: str) -> dict[str, Source]:
    """Return the sources by folded fileUri: the branch's own, and that of the default branch's file."""
    mine = [source for source in repository.sources if source.project == project]
    theirs = {fold(source.default_uri): source for source in mine if source.default_uri}
    return theirs | {fold(source.file_uri): source for source in mine}


def _documents(
    repository: Repository, sources: Mapping[str, Source], strings: Iterable[AskedString]
) -> dict[str, Document]:
    """Return the committed sources that hold any of STRINGS, by path; each is read once."""
    uris = {fold(uri) for uri, _key in chain.from_iterable(string.holders for string in strings)}
    tracked = repository.tracked.files
    asked = [sources[uri] for uri in uris & sources.keys() if sources[uri].path in tracked]
    return read_sources(asked, _blobs_of(repository, asked, tracked))


def _about_changes(repository: Repository, found: Iterable[FoundQuestion]) -> list[FoundQuestion]:
    """Return the questions on strings that this branch has changed; fetches what a shallow clone lacks."""
    workspace = repository.workspace
    base = merge_base.fetch(workspace, repository.manifest.default_branch, repository.ci_hints)
    changed = merge_base.changed(workspace, base)
    sources = [source for source in repository.sources if source.path in changed]
    before, now = (
        read_sources(sources, _blobs_of(repository, sources, files))
        for files in (workspace.tree(base.commit), repository.tracked.files)
    )
    return [question for question in found if is_about_change(question, before, now)]


def _blobs_of(
    repository: Repository, sources: Iterable[Source], files: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the content of SOURCES by path, as far as FILES (path to blob id) have it."""
    blobs = {source.path: files[source.path] for source in sources if source.path in files}
    contents = repository.workspace.blobs(blobs.values())
    return {path: contents[blob] for path, blob in blobs.items() if blob in contents}


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
        for spot, path in product(question.places, request.paths)
    )


def find_question(repository: Repository, links: Mapping[str, Link], wanted: str) -> FoundQuestion:
    """Return a question, by number or uid, with its comments; raise `UsageError` if not just one has it."""
    names = wanted.removeprefix("#")
    every = find_questions(repository, links, QuestionsRequest(state="all"))
    found = [question for question in every if names in {question.issue.number, question.issue.uid}]
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


def send_reply(
    repository: Repository, links: Mapping[str, Link], question: FoundQuestion, reply: IssueReply
) -> FoundQuestion:
    """Carry REPLY out, and return the question as the service has it then.

    Raise `ServiceError` where that does not show the reply.
    """
    for _event in links[question.project].provider.submit(Submission(replies=(reply,))):
        pass
    found = find_question(repository, links, question.issue.uid)
    if missing := lacking(found, reply):
        raise ServiceError(
            f"the service took the reply to question {found.issue.number}, but does not show"
            f" {' and '.join(missing)}",
            hint=f"`l10nsync questions show {found.issue.number}` shows what it has.",
        )
    return found
