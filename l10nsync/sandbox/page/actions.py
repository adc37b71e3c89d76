"""What the forms of the pages do; each ends with the address to go to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from l10nsync.sandbox.groups.jobs import life as job_life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.translators import desk
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.page import questions
from l10nsync.sandbox.page.render import Page, address, whole, within
from l10nsync.sandbox.page.views import strings_address, strings_page, wanted_of
from l10nsync.sandbox.refusal import Refusal, invalid
from l10nsync.sandbox.server_state import Server
from l10nsync.sandbox.smartmate import orders

Form = Mapping[str, str]
PageAction = Callable[[Server, Mapping[str, str], Form], "str | Page"]
"""Server, names of the path, form; gives the address to go to, or a page that says what is wrong."""
ALL = "*"


def make_project(server: Server, _path: Mapping[str, str], form: Form) -> str:
    """Make a project."""
    locales = re.split(r"[\s,]+", form.get("locales", "").strip())
    ident = projects.create(
        server.world,
        name=form.get("name", "").strip(),
        source=form.get("source", "").strip() or "en-US",
        locales=[locale for locale in locales if locale] or projects.DEFAULT_LOCALES,
        is_open=not any(locales),
    )
    return within(ident, "jobs", notice="made")


def deliver(server: Server, path: Mapping[str, str], _form: Form) -> str:
    """Deliver the final documents of a request of the WorkFlow API."""
    number = orders.translate(server.world, path["account"], orders.RequestWork(requests=(path["request"],)))
    return address("/sandbox/orders", notice="delivered", n=number)


def authorize(server: Server, path: Mapping[str, str], form: Form) -> str:
    """Authorize a job, each locale with the workflow chosen for it."""
    row = jobs.find(server.world, path["project"], path["job"])
    chosen = [
        {"targetLocaleId": locale, "workflowUid": form.get(f"workflow-{locale}", workflows.TRANSLATION.uid)}
        for locale in jobs.locales_of(row)
    ]
    job_life.authorize(server.world, path["project"], path["job"], chosen)
    translators.settle(server.world, path["project"])
    return within(path["project"], "jobs", path["job"], notice="authorized")


def cancel(server: Server, path: Mapping[str, str], _form: Form) -> str:
    """Cancel a job."""
    job_life.cancel(server.world, path["project"], path["job"])
    return within(path["project"], "jobs", path["job"], notice="cancelled")


def close(server: Server, path: Mapping[str, str], _form: Form) -> str:
    """Close a completed job."""
    job_life.close(server.world, path["project"], path["job"])
    return within(path["project"], "jobs", path["job"], notice="closed")


def delete(server: Server, path: Mapping[str, str], _form: Form) -> str:
    """Delete a cancelled job."""
    job_life.delete(server.world, path["project"], path["job"])
    return within(path["project"], "jobs", notice="deleted")


def translate(server: Server, path: Mapping[str, str], form: Form) -> str:
    """Let the sandbox translate what a job has authorized."""
    row = jobs.find(server.world, path["project"], path["job"])
    wanted = form.get("locale", "")
    percent = whole(form.get("percent", "100"), -1)
    if not 0 <= percent <= 100:
        raise invalid("The percentage must be a whole number from 0 to 100", "percent")
    work = translators.TranslationWork(
        locales={locale: percent for locale in jobs.locales_of(row) if wanted in {"", locale}},
        state=form.get("state", "published"),
        uris=tuple(file["uri"] for file in jobs.files_of(server.world, row["uid"])),
        authorize=False,
    )
    number = translators.translate(server.world, path["project"], work)
    return within(path["project"], "jobs", path["job"], notice="translated", n=number)


def edit(server: Server, path: Mapping[str, str], form: Form) -> str | Page:
    """Save the translations that were typed, of one string or of all on the page; submit them if asked."""
    ident = path["project"]
    wanted = wanted_of(form, desk.project(server.world, ident))
    row = form.get("submit") or form.get("save") or ALL
    typed = {key.removeprefix("text-"): value for key, value in form.items() if key.startswith("text-")}
    chosen = {key: value for key, value in typed.items() if row in {ALL, key}}
    try:
        changed = _changed(server, ident, wanted.locale, chosen)
        saved = translators.save(server.world, ident, wanted.locale, changed)
        if form.get("submit"):
            moved, done = translators.submit(server.world, ident, wanted.locale, chosen)
            outcome = _submitted(moved, done)
        else:
            outcome = {"notice": "saved", "n": saved} if saved else {"notice": "unchanged"}
    except Refusal as refusal:
        return strings_page(server, ident, form, typed=typed, problem=refusal.message or "")
    place = "" if row == ALL else f"#s-{row}"
    return strings_address(ident, wanted, **outcome) + place


def _submitted(moved: int, done: int) -> dict[str, str | int]:
    """Return the notice after a submission, as parts of an address."""
    if moved and done:
        return {"notice": "submitted", "n": moved, "m": done}
    if moved or done:
        return {"notice": "moved" if moved else "published", "n": moved or done}
    return {"notice": "nothing"}


def _changed(server: Server, ident: str, locale: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that differ from what is there, with the line ends of their sources."""
    known = desk.texts(server.world, ident, locale, typed)
    return {
        key: _with_line_ends_of(known[key][0], value)
        for key, value in typed.items()
        if key in known and _plain(value) != _plain(known[key][1])
    }


def _plain(text: str) -> str:
    """Return a text as a browser's text area gives it back, but with bare newlines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _with_line_ends_of(source: str, text: str) -> str:
    plain = _plain(text)
    return plain.replace("\n", "\r\n") if "\r\n" in source else plain


def set_workflows(server: Server, path: Mapping[str, str], form: Form) -> str:
    """Choose the default workflows of the locales."""
    for locale in projects.locales(server.world, path["project"]):
        if chosen := form.get(f"workflow-{locale}"):
            workflows.set_default(server.world, path["project"], locale, chosen)
    return within(path["project"], "workflows", notice="workflows")


_PROJECT = "/sandbox/projects/{project}"
_JOB = f"{_PROJECT}/jobs/{{job}}"
ACTIONS: Mapping[str, PageAction] = {
    "/sandbox/projects": make_project,
    "/sandbox/orders/{account}/{request}/deliver": deliver,
    f"{_JOB}/authorize": authorize,
    f"{_JOB}/cancel": cancel,
    f"{_JOB}/close": close,
    f"{_JOB}/delete": delete,
    f"{_JOB}/translate": translate,
    f"{_PROJECT}/strings": edit,
    f"{_PROJECT}/questions": questions.ask,
    f"{_PROJECT}/questions/{{issue}}": questions.reply,
    f"{_PROJECT}/workflows": set_workflows,
}
"""Address to what answers a POST there."""
