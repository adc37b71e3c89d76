"""A status as one page of HTML: static, complete in itself, and whole without scripts.

The page asks for nothing: style and script are part of it, and its policy lets the browser use only these.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from l10nsync.model import fold
from l10nsync.plan import Counts, LocaleStatus, SourceStatus, Standing, Status, TargetChange
from l10nsync.plan.gate import Judgement
from l10nsync.plan.jobs import FoundJob
from l10nsync.plan.questions import FoundQuestion
from l10nsync.plan.status import TO_PUSH, total
from l10nsync.render import gate
from l10nsync.render.markup import Markup, joined, tag
from l10nsync.render.paint import count
from l10nsync.render.status import asked, cell_of, job_state, note, number, size_of, verdict

MOST_CELLS = 20_000
"""Files × locales that are shown one by one; more would make the page slow."""
_LINE = Markup("\n")
_UNREMARKABLE = frozenset({Standing.CURRENT, Standing.ELSEWHERE})
_STEPS = ((0, "0"), (1, "1–39"), (40, "40–69"), (70, "70–89"), (90, "90–99"), (100, "100"))
"""Where each step of the scale begins, and what the key says of it."""


@dataclass(frozen=True, slots=True)
class PageParts:
    """What the page is made of beside the status."""

    style: str
    script: str
    version: str
    moment: str = ""
    """When it was made: ISO time in UTC."""


def page(status: Status, parts: PageParts, gates: Sequence[Judgement] = ()) -> str:
    """Return the whole page; GATES are what the manifest's gates say of the status."""
    titles = [project.name or project.id for project in status.projects.values()]
    title = " · ".join(["Translations", *titles])
    policy = (
        f"default-src 'none'; style-src {_allowed(parts.style)}; script-src {_allowed(parts.script)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    head = (
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        Markup('<link rel="icon" href="data:,">'),
        tag("title", title),
        tag("style", Markup(parts.style)),
    )
    sections = (
        _header(status, title, parts, gates),
        _cards(status),
        _map(status, _short(gates)),
        _to_push(status),
        _held_back(status),
        _questions(status),
        _jobs(status),
        _orphans(status),
        _files(status),
        tag(
            "footer",
            f"Made by l10nsync {parts.version}. Figures are words unless labelled as strings.",
        ),
    )
    body = (
        tag("a", "Skip to the map", class_="skip", href="#map"),
        tag("main", joined((section for section in sections if section), _LINE)),
        tag("script", Markup(parts.script)),
    )
    whole = tag("html", tag("head", joined(head, _LINE)), _LINE, tag("body", joined(body, _LINE)), lang="en")
    return f"<!doctype html>\n{whole}\n"


def _allowed(content: str) -> str:
    digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


# --- head -------------------------------------------------------------------------------------------------


def _header(status: Status, title: str, parts: PageParts, gates: Sequence[Judgement]) -> Markup:
    facts: list[Markup] = []
    if status.commit:
        facts.append(joined(["commit ", tag("code", status.commit[:10])]))
    if status.branch:
        facts.append(joined(["branch ", tag("code", status.branch)]))
    if parts.moment:
        facts.append(tag("time", _readable(parts.moment), datetime=parts.moment))
    conclusion = verdict(status).removeprefix("Status: ")
    return tag(
        "header",
        tag("h1", title),
        tag(
            "p",
            conclusion[:1].upper() + conclusion[1:],
            class_=f"verdict {'good' if status.complete else 'open'}",
        ),
        *(tag("p", _gate(gate), class_=f"gate {'good' if gate.passed else 'bad'}") for gate in gates),
        tag("p", joined(facts, " · "), class_="facts"),
    )


def _gate(judged: Judgement) -> str:
    conclusion = gate.verdict(judged)
    return conclusion[:1].upper() + conclusion[1:]


def _short(gates: Sequence[Judgement]) -> dict[str, str]:
    """Return the locales that a gate finds incomplete, each with what the gates say of it."""
    found: dict[str, list[str]] = {}
    for judged in gates:
        for obstacle in judged.of("complete"):
            found.setdefault(obstacle.locale, []).append(f"gate {judged.gate.name}: {obstacle.message}")
    return {locale: "; ".join(messages) for locale, messages in found.items()}


def _readable(moment: str) -> str:
    return moment.replace("T", " ").replace("Z", " UTC")


def _cards(status: Status) -> Markup | None:
    if not status.sources:
        return None
    return tag("ul", *(_card(*figure) for figure in _figures(status)), class_="cards")


def _card(value: str, label: str, kind: str) -> Markup:
    return tag("li", tag("b", value), tag("span", label), class_=kind)


def _figures(status: Status) -> Iterator[tuple[str, str, str]]:
    """Yield the figures above the map: a value, what it is, and whether it is good or bad."""
    counts, locales = status.counts, status.locales
    finished = len(locales) - len(status.unfinished)
    behind = sum(not source.fresh for source in status.sources)
    yield f"{counts.completion} %", "of the words published", "good" if counts.complete else ""
    yield number(counts.left_words), "words left", ""
    yield f"{finished}/{len(locales)}", "locales complete", "good" if finished == len(locales) else ""
    yield number(behind), "sources changed or new since the last push", "bad" if behind else ""
    if counts.unauthorized_words:
        yield number(counts.unauthorized_words), "words not authorized", ""
    if status.questions:
        yield number(len(status.questions)), "questions waiting for an answer", "bad"
    if status.pull is not None:
        held = len(status.held_back)
        yield number(len(status.pull.work)), "translations to pull", ""
        yield number(held), "translations held back", "bad" if held else ""


# --- the map ----------------------------------------------------------------------------------------------


def _map(status: Status, short: Mapping[str, str]) -> Markup | None:
    if not status.sources:
        return None
    each_file = _shows_files(status)
    first = "File" if each_file else "Resource"
    heads = [tag("th", heading, scope="col") for heading in (first, "Strings", "Words", "All")]
    heads += [_locale_head(locale, short.get(locale, "")) for locale in status.locales]
    groups = (_group(*pair, status, each_file=each_file) for pair in status.by_resource().items())
    last = _row(tag("th", "All files", scope="row"), status.sources, status)
    table = tag(
        "table",
        joined([tag("thead", tag("tr", *heads)), *groups, tag("tfoot", last)], _LINE),
        class_="map",
    )
    note = "Percent of the words that are published, rounded down: 100 only if no string at all is left."
    if not each_file:
        note += f" {number(len(status.sources))} files are too many to show individually."
    return tag(
        "section",
        tag("h2", "Files and locales"),
        *([_tools()] if each_file else []),
        tag("div", table, class_="scroll", role="region", aria_label="Files and locales", tabindex=0),
        _key(),
        tag("p", note, class_="note"),
        id="map",
        tabindex=-1,
    )


def _locale_head(locale: str, short: str) -> Markup:
    if not short:
        return tag("th", locale, scope="col")
    return tag(
        "th", locale, tag("b", " !", aria_label=f", {short}"), scope="col", title=short, class_="short"
    )


def _shows_files(status: Status) -> bool:
    return len(status.sources) * len(status.locales) <= MOST_CELLS


def _tools() -> Markup:
    search = Markup('<input type="search" id="filter" autocomplete="off" spellcheck="false">')
    box = Markup('<input type="checkbox" id="open-only">')
    return tag(
        "div",
        tag("label", "Filter ", search),
        tag("label", box, " Only incomplete files"),
        tag("span", id="shown", role="status"),
        class_="tools",
    )


def _key() -> Markup:
    steps = [tag("li", tag("i", class_=step(least)), label) for least, label in _STEPS]
    more = (tag("li", tag("i", class_="busy"), "in translation"), tag("li", "– not asked for"))
    return tag("ul", *steps, *more, class_="key")


def _group(name: str, sources: Sequence[SourceStatus], status: Status, *, each_file: bool) -> Markup:
    behind = sum(not source.fresh for source in sources)
    label = tag(
        "th",
        f"{name} ",
        tag("small", count(len(sources), "file")),
        *([tag("span", f"{behind} to push", class_="tag bad")] if behind and not each_file else []),
        scope="rowgroup",
    )
    rows = [_row(label, sources, status, class_="group")]
    if each_file:
        rows += [_file_row(source, status) for source in sources]
    return tag("tbody", joined(rows, _LINE))


def _file_row(source: SourceStatus, status: Status) -> Markup:
    link = tag("a", source.path, href=f"#{_anchor(source)}")
    label = tag("th", link, *_tags(source), scope="row")
    return _row(label, (source,), status, data_file=source.path, data_done=source.complete)


def _row(label: Markup, sources: Sequence[SourceStatus], status: Status, **attributes: str | bool) -> Markup:
    figures = (tag("td", number(figure)) for figure in size_of(sources))
    cells = (_cell(sources, locale) for locale in status.locales)
    every = total(source.counts for source in sources)
    return tag("tr", label, *figures, _figure(every, _words(every)), *cells, **attributes)


def _cell(sources: Sequence[SourceStatus], locale: str) -> Markup:
    found = cell_of(sources, locale)
    if found is None:
        return tag("td")
    counts, asked_for = found
    return _figure(counts, f"{locale}: {_words(counts)}", asked_for=asked_for)


def _figure(counts: Counts, title: str, *, asked_for: bool = True) -> Markup:
    if not asked_for and not counts.complete:
        return tag("td", "–", class_="c none", title=title)
    busy = " busy" if counts.in_translation_strings and not counts.complete else ""
    done = counts.completion
    return tag("td", str(done), class_=f"c {step(done)}{busy}", title=title)


def step(percent: int) -> str:
    """Return the class of a step of the scale."""
    return f"s{sum(percent >= least for least, _label in _STEPS) - 1}"


def _words(counts: Counts) -> str:
    if counts.uncounted and not counts.strings:
        return "cannot be counted"
    parts = [f"{number(counts.published_words)} of {number(counts.words)} words published"]
    if counts.in_translation_words:
        parts.append(f"{number(counts.in_translation_words)} in translation")
    if counts.unauthorized_words:
        parts.append(f"{number(counts.unauthorized_words)} not authorized")
    if counts.left_strings and not counts.left_words:
        parts.append(f"{count(counts.left_strings, 'string')} without words left")
    return ", ".join(parts)


def _anchor(source: SourceStatus) -> str:
    name = f"{source.project}\0{source.path}".encode("utf-8", "surrogatepass")
    return f"f-{hashlib.sha256(name).hexdigest()[:12]}"


def _tags(source: SourceStatus) -> Iterator[Markup]:
    if source.questions:
        yield tag("span", asked(source.questions), class_="tag bad")
    if source.standing not in _UNREMARKABLE:
        kind = "" if source.standing is Standing.SETTINGS else " plain" if source.fresh else " bad"
        yield tag("span", str(source.standing), class_=f"tag{kind}", title=note(source))


# --- lists ------------------------------------------------------------------------------------------------


def _to_push(status: Status) -> Markup | None:
    unpushed = status.standing(*TO_PUSH)
    rows = [
        tag("tr", _text(tag("code", change.path)), _text(note(change)), tag("td", number(change.new_words)))
        for change in unpushed
    ]
    return _table("Sources to push", ("File", "Why", "New words"), rows)


def _held_back(status: Status) -> Markup | None:
    rows = list(chain.from_iterable(_findings(change) for change in status.held_back))
    head = ("Target", "Locale", "Rule", "Problems", "Key", "Line")
    return _table("Held back", head, rows, "A pull does not change these files.")


def _findings(change: TargetChange) -> Iterator[Markup]:
    place = (_text(tag("code", change.path)), _text(change.locale))
    errors = [finding for finding in change.findings if finding.severity == "error"]
    if not errors:
        why = f"{change.reason}: {change.detail}" if change.detail else str(change.reason)
        yield tag("tr", *place, _text(""), _text(why), _text(""), tag("td"))
    for finding in errors:
        key = tag("code", finding.key) if finding.key else ""
        line = tag("td", str(finding.line or ""))
        yield tag("tr", *place, _text(tag("code", finding.rule)), _text(finding.message), _text(key), line)


def _questions(status: Status) -> Markup | None:
    rows = [_question(question) for question in status.questions or ()]
    note = "`l10nsync questions answer NUMBER TEXT` answers one."
    return _table("Translators' questions", ("Number", "Place", "String", "Question", "Locale"), rows, note)


def _question(question: FoundQuestion) -> Markup:
    places = [f"{spot.path}:{spot.line}" if spot.line else spot.path for spot in question.places]
    texts = (
        _text(joined([tag("code", place) for place in places], " ")),
        _text(question.string.text),
        _text(question.issue.text),
        _text("all" if question.about_source else question.issue.locale),
    )
    return tag("tr", tag("td", question.issue.number), *texts)


def _jobs(status: Status) -> Markup | None:
    rows = [_job(job) for job in status.jobs]
    return _table("Open jobs", ("Job", "Status", "Due", "Words", "Not authorized", "Percent"), rows)


def _job(found: FoundJob) -> Markup:
    details = found.details
    figures = (
        number(details.words) if details else "",
        number(details.unauthorized_words) if details else "",
        str(details.percent) if details and details.percent is not None else "",
    )
    texts = (_text(job_state(found)), _text(_readable(found.job.due_date)))
    return tag("tr", _text(_job_link(found)), *texts, *(tag("td", figure) for figure in figures))


def _job_link(found: FoundJob) -> Markup | str:
    """Return the job's name as a link to its page in the dashboard."""
    job = found.job
    return tag("a", job.name, href=job.url) if job.url.startswith("https://") else job.name


def _orphans(status: Status) -> Markup | None:
    if not status.orphans:
        return None
    items = (tag("li", tag("code", orphan.uri)) for orphan in status.orphans)
    return tag(
        "section", tag("h2", "On the TMS, no longer in the repository"), tag("ul", *items, class_="list")
    )


def _text(content: str) -> Markup:
    return tag("td", content, class_="text")


def _table(title: str, head: Sequence[str], rows: Sequence[Markup], note: str = "") -> Markup | None:
    if not rows:
        return None
    numbers = {"Number", "New words", "Line", "Words", "Not authorized", "Percent"}
    heads = (tag("th", heading, scope="col", class_="" if heading in numbers else "text") for heading in head)
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", joined(rows, _LINE)), class_="plain")
    return tag(
        "section",
        tag("h2", title),
        tag("div", table, class_="wide", role="region", aria_label=title, tabindex=0),
        *([tag("p", note, class_="note")] if note else []),
    )


# --- each file --------------------------------------------------------------------------------------------


def _files(status: Status) -> Markup | None:
    if not status.sources or not _shows_files(status):
        return None
    unfold = tag("button", "Open or close all", type="button", id="unfold")
    files = joined((_file(status, source) for source in status.sources), _LINE)
    return tag("section", tag("h2", "Each file"), tag("div", unfold, class_="tools"), files, class_="files")


def _file(status: Status, source: SourceStatus) -> Markup:
    share = tag("small", f"{source.counts.completion} %")
    facts = (joined((tag("dt", name), tag("dd", value))) for name, value in _facts(status, source))
    heads = (
        *("Locale", "Strings", "Words", "Published", "In translation", "Not authorized", "Excluded"),
        *("Questions", "%"),
    )
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
        tag("tbody", *map(_locale_row, source.locales)),
    )
    content = tag("div", tag("dl", *facts), tag("div", table, class_="wide"), id=_anchor(source), tabindex=-1)
    name = tag("summary", tag("code", source.path), " ", share, *_tags(source))
    return tag("details", name, content, class_="file")


def _facts(status: Status, source: SourceStatus) -> Iterator[tuple[str, str]]:
    yield "fileUri", tag("code", source.uri)
    yield "Resource", source.resource
    if len(status.projects) > 1:
        yield "Project", source.project
    yield "Uploaded", _readable(source.last_uploaded) if source.uploaded else "never"
    if source.standing not in _UNREMARKABLE:
        yield "Source", note(source)
    key = fold(source.uri)
    holding = [
        _job_link(job)
        for job in status.jobs
        if job.project == source.project and job.details and key in map(fold, job.details.files)
    ]
    if holding:
        yield "Jobs", joined(holding, ", ")


def _locale_row(cell: LocaleStatus) -> Markup:
    counts = cell.counts
    figures = (
        counts.strings,
        counts.words,
        counts.published_words,
        counts.in_translation_words,
        counts.unauthorized_words,
        counts.excluded_words,
        cell.questions,
    )
    share = str(counts.completion) if cell.asked_for or counts.complete else "not asked for"
    cells = (tag("td", figure) for figure in (*map(number, figures), share))
    return tag("tr", tag("th", cell.locale, scope="row"), *cells)
