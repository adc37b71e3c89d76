"""Questions about strings: translators ask on the page, developers answer, and both close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.issues import rules as issues
from l10nsync.sandbox.groups.strings import rules as strings
from l10nsync.sandbox.groups.translators import desk
from l10nsync.sandbox.page.render import Page, within
from l10nsync.sandbox.refusal import not_found
from l10nsync.sandbox.server_state import Server


def all_questions(server: Server, path: Mapping[str, str], _query: Mapping[str, str]) -> Page:
    """Show the questions of a project, those that wait first, the newest first."""
    world, found = server.world, desk.project(server.world, path["project"])
    listed = records.listing(world, issues.KIND, found.id)[::-1]
    rows = [_shown(world, found.id, issue) for issue in listed]
    rows.sort(key=lambda row: ["open", "answered", "closed"].index(row["state"]))
    return Page("questions.html", f"Questions about {found.name}", {"questions": rows}, found, "questions")


def question_form(server: Server, path: Mapping[str, str], query: Mapping[str, str]) -> Page:
    """Show the form for a question about one string."""
    found = desk.project(server.world, path["project"])
    string = _string(server.world, found.id, query.get("string", ""))
    if string is None:
        raise not_found("There is no such string")
    locale = query.get("locale", "")
    values = {"string": string, "locale": locale if locale in found.locales else ""}
    return Page("ask.html", "Ask about a string", values, found, "questions")


def ask(server: Server, path: Mapping[str, str], form: Mapping[str, str]) -> str:
    """Ask about a string, or complain about its translation."""
    kind, locale = form.get("kind", "SOURCE"), form.get("locale", "")
    string = {"hashcode": form.get("string", ""), **({"localeId": locale} if locale else {})}
    body = {"issueText": form.get("text", "").strip(), "issueTypeCode": kind, "string": string}
    issues.create(server.world, path["project"], body)
    return within(path["project"], "questions", notice="asked")


def reply(server: Server, path: Mapping[str, str], form: Mapping[str, str]) -> str:
    """Answer a question, close it, or open it again, as the button says."""
    world, project, uid = server.world, path["project"], path["issue"]
    done = form.get("do", "")
    if done == "answered":
        text = issues.checked_text({"commentText": form.get("text", "").strip()}, "commentText")
        issues.comment(world, project, uid, text)
        issues.change(world, project, uid, answered=True)
    elif done in _STATES:
        issues.set_state(world, project, uid, _STATES[done])
    else:
        raise not_found("There is no such button")
    return within(project, "questions", notice=f"question-{done}")


_STATES = {"closed": "RESOLVED", "reopened": "OPENED"}
"""The name of each button, and the state that it sets."""


def _shown(world: World, project: str, issue: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question with its string and its comments."""
    closed = issue["issueStateCode"] == "RESOLVED"
    return {
        "issue": issue,
        "state": "closed" if closed else "answered" if issue["answered"] else "open",
        "string": _string(world, project, issue["string"]["hashcode"]),
        "locale": issue["string"].get("localeId", ""),
        "comments": records.listing(world, issues.COMMENT, issue["issueUid"]),
    }


def _string(world: World, project: str, ident: str) -> dict[str, Any] | None:
    """Return a string as the API shows it; None where no file holds it any more."""
    return next(iter(strings.sources(world, project, [ident], "")), None)
