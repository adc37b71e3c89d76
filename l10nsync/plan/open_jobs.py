"""The open jobs of a project at a push: what they say, what leaves them, what waits in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from l10nsync.model import (
    HeldString,
    JobContent,
    JobSettings,
    ListedJob,
    Question,
    Source,
    StringsOfJob,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.elsewhere import elsewhere
from l10nsync.plan.job_content import (
    Pair,
    Sorted,
    Stakes,
    Turnover,
    described,
    holders_of,
    is_asked_for,
    sort_content,
    words_in,
)
from l10nsync.plan.job_settings import needing_fields, update_of
from l10nsync.plan.push.facts import AWAITING, PushFacts
from l10nsync.plan.push.jobs import is_form_of, job_name, job_plan
from l10nsync.plan.push.source import Comparison, content_to_send
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.strings import Strings, strings_or_none
from l10nsync.plan.values import Backlog, JobPlan, SourceChange


@dataclass(frozen=True, slots=True)
class OurJob:
    """An open job that one of our name templates makes for this branch."""

    job: ListedJob
    base: str
    """The name without a number or digest."""
    sources: tuple[Source, ...]
    """Those that fill jobs of this name."""

    @property
    def settings(self) -> JobSettings:
        """Return what the manifest says of the job."""
        return self.sources[0].job


def our_jobs(facts: PushFacts) -> list[OurJob]:
    """Return the open jobs of this branch; those of a branch that changes nothing any more, too."""
    grouped: dict[str, list[Source]] = {}
    for source in sorted(facts.sources, key=lambda each: not each.push):
        grouped.setdefault(job_name(source.job.name, facts.words), []).append(source)
    found = []
    for job in facts.remote.job_list or ():
        for base, sources in grouped.items():
            if base and is_form_of(job.name, base, digest=not sources[0].job.reuse):
                found.append(OurJob(job, base, tuple(sources)))
                break
    return found


OTHERS_AT_MOST = 5
"""Jobs of others that are looked into without asking which of them hold files of ours."""


def need_contents(facts: PushFacts) -> None:
    """Raise `Unknown` for what the list of open jobs does not say: content where it waits, custom fields.

    Of many jobs of other branches only those are looked into that hold a file of ours: see `with_concern`.
    """
    listed = facts.remote.job_list
    if listed is None:
        return
    ours = our_jobs(facts)
    known = {each.job.uid for each in ours}
    looked = frozenset(
        each.job.uid
        for each in ours
        # With --yes, what is in translation may leave as well; else it is named, where there may be any.
        if each.job.status == AWAITING or facts.options.yes or _may_hold_removed(facts, each)
    )
    others = frozenset(job.uid for job in listed if job.status == AWAITING) - known
    if len(others) > OTHERS_AT_MOST:
        others &= facts.remote.jobs_of or frozenset()
    fields = needing_fields((each.job, each.settings) for each in ours)
    question = Question(
        job_contents=(looked | others) - facts.remote.job_contents.keys(),
        job_fields=fields - facts.remote.job_fields.keys(),
    )
    if question:
        raise Unknown(Wants(question))


def _may_hold_removed(facts: PushFacts, ours: OurJob) -> bool:
    """Whether a job has a locale that no source asks for which fills jobs of its name."""
    name = ours.settings.name
    everything = facts.everything or facts.sources
    asked = {locale for source in everything if source.job.name == name for locale in source.locales}
    return not asked.issuperset(ours.job.locales)


def with_concern(facts: PushFacts, unsettled: Sequence[Source]) -> PushFacts:
    """Return FACTS with the jobs of others that concern us, where there are too many to look into each.

    UNSETTLED are the sources that are sent, or of which strings wait: only what these have, here or on
    another branch, can be in such a job. Raise `Unknown` for what has to be asked.
    """
    listed = facts.remote.job_list
    if listed is None or facts.remote.jobs_of is not None:
        return facts
    known = {each.job.uid for each in our_jobs(facts)}
    others = [job for job in listed if job.status == AWAITING and job.uid not in known]
    if len(others) <= OTHERS_AT_MOST:
        return facts
    uris = {uri for source in unsettled for uri in (source.file_uri, source.default_uri) if uri}
    if unsettled and facts.strangers:
        elsewhere_ = elsewhere(facts.strangers, facts.known_elsewhere(), facts.blobs)
        uris |= {file.uri for source in unsettled for file in elsewhere_.standing_for([source.path])}
    if uris:
        raise Unknown(Wants(Question(jobs_of=frozenset(uris))))
    return replace(facts, remote=replace(facts.remote, jobs_of=frozenset()))


def need_own(facts: PushFacts) -> None:
    """Raise `Unknown` for which files are ours, if a job of ours holds what no source asks for as it is."""
    if facts.own is not None:
        return
    asked = Stakes(_asks(facts, ()))
    for each in our_jobs(facts):
        content = facts.remote.job_contents.get(each.job.uid, JobContent())
        for code, locale in content.waiting | content.under_way:
            if not is_asked_for(content.strings[code], locale, asked):
                raise Unknown(Wants(own=True))


def plan_open_jobs(facts: PushFacts) -> OpenJobs | Wants:
    """Return what a push does with open jobs alone, or what has to be known before that can be decided."""
    if facts.remote.job_list is None:
        return Wants(Question(open_jobs="listed"))
    try:
        facts = with_concern(facts, [source for source in facts.sources if source.push])
        need_contents(facts)
        need_own(facts)
    except Unknown as unknown:
        return unknown.wants
    return OpenJobs(facts)


@dataclass(frozen=True)
class OpenJobs:
    """What a push does with open jobs; CHANGES are those of its sources, COMPARED by their paths."""

    facts: PushFacts
    changes: Sequence[SourceChange] = ()
    compared: Mapping[str, Comparison] = field(default_factory=dict)

    def plans(self, uploading: Sequence[JobPlan]) -> list[JobPlan]:
        """Return UPLOADING, with what happens to open jobs; and a plan for each other job that is touched."""
        plans = {plan.request.name: self._quiet(plan) for plan in uploading}
        for name, found in self._ours.items():
            if name not in plans:
                plans[name] = self._resting(name, found)
            for each in found:
                plans[name] = self._with_job(plans[name], each)
        for name, taken in self._taken.items():
            if name not in plans:
                plans[name] = self._resting(name, ())
            plans[name] = self._with_taken(plans[name], taken)
        sending = {plan.request.name for plan in uploading}
        return [
            self._settled(plan, sends=plan.request.name in sending)
            for plan in plans.values()
            if plan.request.name in sending or plan.changes_jobs
        ]

    def backlog(self) -> list[Backlog]:
        """Return what waits in any job without being authorized by this push."""
        found = []
        for job, content in self._waiting:
            pairs = self._wanted_here(content) - self._authorized(job)
            if pairs:
                found.append(
                    Backlog(
                        project=self.facts.project,
                        job=job.name,
                        strings=len({code for code, _locale in pairs}),
                        words=words_in(content, pairs),
                        locales=tuple(sorted({locale for _code, locale in pairs})),
                    )
                )
        return found

    def notices(self) -> list[str]:
        """Return what stays in jobs of ours although nobody asks for it."""
        found = []
        for each, content, parts in self._sorted:
            if parts.under_way:
                what = described(content, parts.under_way)
                found.append(
                    f'job "{each.job.name}": {what} in translation that no source asks for any more'
                    " (--yes takes them out)"
                )
        return found

    def plan_for(self, uid: str) -> JobPlan | None:
        """Return the plan that authorizes one open job of ours, and what waits elsewhere; else None."""
        for name, found in self._ours.items():
            for each in found:
                if each.job.uid == uid:
                    plan = self._with_job(self._resting(each.job.name, [each]), each)
                    return self._settled(self._with_taken(plan, self._taken.get(name, ())), sends=False)
        return None

    def strangers_in(self, uid: str) -> str:
        """Return what waits in a job that is not ours and that no source here asks for; empty for nothing."""
        content = self.facts.remote.job_contents.get(uid, JobContent())
        stakes = self._stakes("")
        strangers = frozenset(
            (code, locale)
            for code, locale in content.waiting
            if not is_asked_for(content.strings[code], locale, stakes)
        )
        return described(content, strangers) if strangers else ""

    # the jobs

    @cached_property
    def _ours(self) -> Mapping[str, list[OurJob]]:
        """Return our open jobs by the name under which a plan knows them."""
        grouped: dict[str, list[OurJob]] = {}
        for each in our_jobs(self.facts):
            name = each.base if each.settings.reuse else each.job.name
            grouped.setdefault(name, []).append(each)
        return grouped

    @cached_property
    def _waiting(self) -> list[tuple[ListedJob, JobContent]]:
        """Return the jobs that wait, or are looked at, with what they hold after the uploads."""
        listed = self.facts.remote.job_list or ()
        contents = self.facts.remote.job_contents
        return [(job, self._turnover.applied(contents[job.uid])) for job in listed if job.uid in contents]

    @cached_property
    def _sorted(self) -> list[tuple[OurJob, JobContent, Sorted]]:
        ours = {each.job.uid: each for each in our_jobs(self.facts)}
        return [
            (ours[job.uid], content, sort_content(content, self._stakes(ours[job.uid].settings.name)))
            for job, content in self._waiting
            if job.uid in ours
        ]

    def _wanted_here(self, content: JobContent) -> frozenset[Pair]:
        """Return what waits of the files that this run pushes."""
        pushed = Stakes(
            {fold(each.file_uri): frozenset(each.locales) for each in self.facts.sources if each.push}
        )
        return frozenset(
            (code, locale)
            for code, locale in content.waiting
            if is_asked_for(content.strings[code], locale, pushed)
        )

    def _authorized(self, job: ListedJob) -> frozenset[Pair]:
        """Return what of a job this push authorizes, there or in a job of ours."""
        for each, _content, parts in self._sorted:
            if each.job.uid == job.uid and each.settings.authorize:
                return parts.wanted
        taken = (some for found in self._taken.values() for some in found if some.uid == job.uid)
        return frozenset().union(*(some.pairs for some in taken))

    @cached_property
    def _taken(self) -> Mapping[str, list[StringsOfJob]]:
        """Return by job of ours the strings that it takes over from jobs of others."""
        ours = {each.job.uid for each in our_jobs(self.facts)}
        names = {source.path: job_name(source.job.name, self.facts.words) for source in self.facts.sources}
        found: dict[str, list[StringsOfJob]] = {}
        for job, content in self._waiting:
            if job.uid in ours:
                continue
            grouped: dict[str, set[Pair]] = {}
            for code, locale in self._wanted_here(content):
                uris = {fold(uri) for uri, _key in content.strings[code].holders}
                takers = [
                    source
                    for source in self.facts.sources
                    if source.push
                    and source.job.authorize
                    and locale in source.locales
                    and fold(source.file_uri) in uris
                ]
                if takers:
                    grouped.setdefault(names[takers[0].path], set()).add((code, locale))
            for name, pairs in grouped.items():
                found.setdefault(name, []).append(StringsOfJob(job.uid, job.name, frozenset(pairs)))
        return found

    # the plans

    def _resting(self, name: str, found: Sequence[OurJob]) -> JobPlan:
        """Return the plan of a job to which nothing is sent."""
        sources = found[0].sources if found else self._sources_of(name)
        return self._quiet(job_plan(self.facts, name, sources, ()))

    def _sources_of(self, name: str) -> list[Source]:
        return [each for each in self.facts.sources if job_name(each.job.name, self.facts.words) == name]

    def _quiet(self, plan: JobPlan) -> JobPlan:
        """Return a plan without what is counted from here on string by string."""
        sent = sum(each.words_to_translate for each in self.changes if each.job == plan.request.name)
        template = next(
            (
                each.job.name
                for each in self.facts.sources
                if plan.request.name.startswith(job_name(each.job.name, self.facts.words))
            ),
            "",
        )
        return replace(plan, waiting=(), words=sent, stakes=self._stakes(template))

    def _with_job(self, plan: JobPlan, ours: OurJob) -> JobPlan:
        job = ours.job
        due = self.facts.due.get(ours.settings.due_date, "")
        fields = self.facts.remote.job_fields.get(job.uid, {})
        update, words = update_of(job, ours.settings, due, fields)
        plan = replace(
            plan,
            updates=(*plan.updates, update) if update else plan.updates,
            differences=(*plan.differences, *(_named(job, plan, each) for each in words)),
        )
        for each, content, parts in self._sorted:
            if each.job.uid == job.uid:
                plan = self._with_content(plan, job, content, parts)
        return plan

    def _with_content(self, plan: JobPlan, job: ListedJob, content: JobContent, parts: Sorted) -> JobPlan:
        if parts.leaving:
            leaving = StringsOfJob(job.uid, job.name, parts.leaving)
            text = _named(job, plan, described(content, parts.leaving))
            plan = replace(
                plan,
                leaving=(*plan.leaving, leaving),
                left_by=tuple(sorted({*plan.left_by, *holders_of(content, parts.leaving)})),
                leaving_text="; ".join(filter(None, (plan.leaving_text, text))),
            )
        if parts.strangers:
            found = _named(job, plan, described(content, parts.strangers))
            plan = replace(plan, strangers="; ".join(filter(None, (plan.strangers, found))))
        if not plan.request.authorize:
            return plan
        here = {fold(each.file_uri): each.file_uri for each in self.facts.everything or self.facts.sources}
        uris = {here[key] for uri in holders_of(content, parts.wanted) if (key := fold(uri)) in here}
        return replace(
            plan,
            starts=(*plan.starts, StringsOfJob(job.uid, job.name, parts.wanted)),
            waiting=tuple(sorted({*plan.waiting, *uris})),
            words=plan.words + words_in(content, parts.wanted | parts.strangers),
        )

    def _with_taken(self, plan: JobPlan, taken: Iterable[StringsOfJob]) -> JobPlan:
        contents = self.facts.remote.job_contents
        for some in taken:
            plan = replace(
                plan,
                taken=(*plan.taken, some),
                words=plan.words + words_in(contents[some.uid], some.pairs),
            )
        return plan

    def _settled(self, plan: JobPlan, *, sends: bool) -> JobPlan:
        """Return PLAN; it authorizes only where something waits, or is sent."""
        authorizes = plan.request.authorize and bool(sends or plan.waiting or plan.taken)
        strangers = plan.strangers if authorizes else ""
        return replace(plan, request=replace(plan.request, authorize=authorizes), strangers=strangers)

    # what it is held against

    def _stakes(self, template: str) -> Stakes:
        """Return what the strings of jobs of a name template are held against.

        Where two branches fill one job, only the files that this branch has for itself are ours.
        """
        facts = self.facts
        alone = facts.on_default or "{branch}" in template
        known = (*(facts.own or ()), *(each for each in facts.everything or facts.sources if each.push))
        ours = frozenset(fold(each.file_uri) for each in known if alone or each.default_uri)
        ours |= facts.earlier_uris if alone else frozenset()
        whole = not facts.everything or len(facts.everything) == len(facts.sources)
        return Stakes(_asks(facts, self.changes), ours, whole=whole, yes=facts.options.yes)

    @cached_property
    def _turnover(self) -> Turnover:
        """Return what the uploads change about who holds what."""
        uploads = [
            _Exchange(change, self.compared[change.path], self.facts)
            for change in self.changes
            if change.action is Action.UPLOAD and not change.copy_of
        ]
        gone: set[tuple[str, str]] = set()
        come: set[tuple[str, str]] = set()
        for content in self.facts.remote.job_contents.values():
            for code, held in content.strings.items():
                uris = {fold(uri) for uri, _key in held.holders}
                for upload in uploads:
                    if upload.key in uris and upload.found.listed:
                        gone |= {(upload.key, code)} if upload.loses(held) else set()
                    elif self._shares(upload.change, uris) and upload.gains(held):
                        come.add((upload.change.uri, code))
        return Turnover(frozenset(gone), frozenset(come))

    def _shares(self, change: SourceChange, uris: Iterable[str]) -> bool:
        """Whether one of URIS may be in the namespace of CHANGE: what is not known may be."""
        return any(self._namespaces.get(uri, change.namespace) == change.namespace for uri in uris)

    @cached_property
    def _namespaces(self) -> Mapping[str, str]:
        """Return what is known of the namespaces of files on the TMS, by fileUri, folded."""
        found = {key: sent.namespace for key, sent in self.facts.memory.items()}
        found |= {key: each.namespace for key, each in self.facts.remote.statuses.items()}
        return found | {fold(each.uri): each.namespace for each in self.changes}


@dataclass(frozen=True)
class _Exchange:
    """What an upload takes out of a file, and brings into it."""

    change: SourceChange
    found: Comparison
    facts: PushFacts

    @property
    def key(self) -> str:
        """The fileUri, folded."""
        return fold(self.change.uri)

    @cached_property
    def before(self) -> Strings:
        """What the TMS has in the file."""
        theirs = self.found.theirs
        if theirs is None and self.found.same:
            return self.now
        return strings_or_none(self.found.source, theirs or b"")

    @cached_property
    def now(self) -> Strings:
        """What the source has."""
        return strings_or_none(self.found.source, content_to_send(self.facts, self.found))

    def loses(self, held: HeldString) -> bool:
        """Whether the upload takes a string out of the file that the TMS has."""
        if self.change.moves:
            return True
        keys = {key for uri, key in held.holders if fold(uri) == self.key}
        known = keys & {key for key, _plural, _text in self.before}
        if known:
            return any(_texts(self.before, key) != _texts(self.now, key) for key in known)
        texts = {text for _key, _plural, text in self.now}
        return held.text in {text for _key, _plural, text in self.before} - texts

    def gains(self, held: HeldString) -> bool:
        """Whether the upload brings a string into the file that another one has in the same namespace."""
        keys = {key for _uri, key in held.holders}
        return any(text == held.text and (key in keys or not key) for key, _plural, text in self.now)


def _texts(strings: Strings, key: str) -> dict[tuple[str, str], int]:
    """Return the texts that a key has, by plural category, with their number."""
    return {(plural, text): number for (other, plural, text), number in strings.items() if other == key}


def _asks(facts: PushFacts, changes: Sequence[SourceChange]) -> dict[str, frozenset[str]]:
    """Return which locales are asked for by fileUri, folded.

    A source that cannot be sent as it is asks for all that its file on the TMS holds; and so does every file
    of a pattern that matches nothing any more: nobody says whether that is meant.
    """
    sources = facts.everything or facts.sources
    emptied = {
        each.path for each in changes if facts.options.accept_shrink and each.reason is Reason.NO_STRINGS
    }
    alive = {each.resource for each in sources}
    found: dict[str, frozenset[str]] = {}
    lost = (each for each in facts.own or () if each.resource not in alive or each.path in facts.stranded)
    for source in (*sources, *lost):
        if source.path not in emptied:
            key = fold(source.file_uri)
            found[key] = found.get(key, frozenset()) | frozenset(source.locales)
    for change in changes:
        if change.renamed_from:
            found[fold(change.renamed_from)] = frozenset(change.locales)
    return found


def _named(job: ListedJob, plan: JobPlan, text: str) -> str:
    return text if job.name == plan.request.name else f'{text} of "{job.name}"'
