"""The open jobs of a project at a push: what they say, what leaves them, what waits in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from l10nsync.model import JobContent, ListedJob, Question, Source, StringLocale, StringsOfJob, fold
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.job_content import (
    SortedContent,
    Stakes,
    Turnover,
    described,
    holders_of,
    is_asked_for,
    sort_content,
    words_in,
)
from l10nsync.plan.job_settings import update_of
from l10nsync.plan.our_jobs import OurJob, asked_for, need_contents, our_jobs, with_concern
from l10nsync.plan.push.facts import OurFiles, PushFacts
from l10nsync.plan.push.jobs import job_name, job_plan
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.turnover import turnover_of
from l10nsync.plan.values import Backlog, JobPlan, SourceChange


def plan_open_jobs(facts: PushFacts) -> OpenJobs | Wants:
    """Return what a push does with open jobs alone, or what has to be known before that can be decided."""
    if facts.remote.job_list is None:
        return Wants(Question(open_jobs="listed"))
    try:
        facts = with_concern(facts, [source for source in facts.sources if source.push])
        need_contents(facts)
        found = OpenJobs(facts)
        found.need_own()
    except Unknown as unknown:
        return unknown.wants
    return found


@dataclass(frozen=True)
class OpenJobs:
    """What a push does with open jobs; CHANGES are those of its sources, COMPARED by their paths."""

    facts: PushFacts
    changes: Sequence[SourceChange] = ()
    compared: Mapping[str, Comparison] = field(default_factory=dict)

    def need_own(self) -> None:
        """Raise `Unknown` for which files are ours, if a job of ours will hold what no source asks for."""
        if self.facts.own is not None:
            return
        asked = Stakes(asked_for(self.facts, self.changes))
        ours = {our_job.job.uid for our_job in our_jobs(self.facts)}
        for job, content in self._waiting:
            pairs = content.waiting | content.under_way if job.uid in ours else ()
            if not all(is_asked_for(content.strings[code], locale, asked) for code, locale in pairs):
                raise Unknown(Wants(own=True))

    def plans(self, uploading: Sequence[JobPlan]) -> list[JobPlan]:
        """Return UPLOADING, with what happens to open jobs; and a plan for each other job that is touched."""
        plans = {plan.request.name: self._quiet(plan) for plan in uploading}
        for name, found in self._ours.items():
            if name not in plans:
                plans[name] = self._resting(name, found)
            for our_job in found:
                plans[name] = self._with_job(plans[name], our_job)
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
        for our_job, content, parts in self._sorted:
            if parts.under_way:
                strings = described(content, parts.under_way)
                found.append(
                    f'job "{our_job.job.name}": {strings} in translation that no source needs any more (--yes'
                    " withdraws them)"
                )
        return found

    def plan_for(self, uid: str) -> JobPlan | None:
        """Return the plan that authorizes one open job of ours, and what waits elsewhere; else None."""
        for name, found in self._ours.items():
            for our_job in found:
                if our_job.job.uid == uid:
                    plan = self._with_job(self._resting(our_job.job.name, [our_job]), our_job)
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
        for our_job in our_jobs(self.facts):
            name = our_job.base if our_job.settings.reuse else our_job.job.name
            grouped.setdefault(name, []).append(our_job)
        return grouped

    @cached_property
    def _waiting(self) -> list[tuple[ListedJob, JobContent]]:
        """Return the jobs that wait, or are looked at, with what they hold after the uploads."""
        listed = self.facts.remote.job_list or ()
        contents = self.facts.remote.job_contents
        return [(job, self._turnover.applied(contents[job.uid])) for job in listed if job.uid in contents]

    @cached_property
    def _sorted(self) -> list[tuple[OurJob, JobContent, SortedContent]]:
        ours = {our_job.job.uid: our_job for our_job in our_jobs(self.facts)}
        return [
            (ours[job.uid], content, sort_content(content, self._stakes(ours[job.uid].settings.name)))
            for job, content in self._waiting
            if job.uid in ours
        ]

    def _wanted_here(self, content: JobContent) -> frozenset[StringLocale]:
        """Return what waits of the files that this run pushes."""
        pushed = Stakes(
            {fold(source.file_uri): frozenset(source.locales) for source in self.facts.sources if source.push}
        )
        return frozenset(
            (code, locale)
            for code, locale in content.waiting
            if is_asked_for(content.strings[code], locale, pushed)
        )

    def _authorized(self, job: ListedJob) -> frozenset[StringLocale]:
        """Return what of a job this push authorizes, there or in a job of ours."""
        for our_job, _content, parts in self._sorted:
            if our_job.job.uid == job.uid and our_job.settings.authorize:
                return parts.wanted
        taken = (strings for strings in chain.from_iterable(self._taken.values()) if strings.uid == job.uid)
        return frozenset().union(*(some.pairs for some in taken))

    @cached_property
    def _taken(self) -> Mapping[str, list[StringsOfJob]]:
        """Return by job of ours the strings that it takes over from jobs of others."""
        ours = {our_job.job.uid for our_job in our_jobs(self.facts)}
        names = {source.path: job_name(source.job.name, self.facts.words) for source in self.facts.sources}
        found: dict[str, list[StringsOfJob]] = {}
        for job, content in self._waiting:
            if job.uid in ours:
                continue
            grouped: dict[str, set[StringLocale]] = {}
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
        return [
            source for source in self.facts.sources if job_name(source.job.name, self.facts.words) == name
        ]

    def _quiet(self, plan: JobPlan) -> JobPlan:
        """Return a plan without what is counted from here on string by string."""
        sent = sum(change.words_to_translate for change in self.changes if change.job == plan.request.name)
        template = next(
            (
                source.job.name
                for source in self.facts.sources
                if plan.request.name.startswith(job_name(source.job.name, self.facts.words))
            ),
            "",
        )
        return replace(plan, waiting=(), words=sent, stakes=self._stakes(template))

    def _with_job(self, plan: JobPlan, ours: OurJob) -> JobPlan:
        job = ours.job
        due = self.facts.due.get(ours.settings.due_date or "", "")
        fields = self.facts.remote.job_fields.get(job.uid, {})
        update, words = update_of(job, ours.settings, due, fields)
        plan = replace(
            plan,
            updates=(*plan.updates, update) if update else plan.updates,
            differences=(*plan.differences, *(_named(job, plan, word) for word in words)),
        )
        for our_job, content, parts in self._sorted:
            if our_job.job.uid == job.uid:
                plan = self._with_content(plan, job, content, parts)
        return plan

    def _with_content(
        self, plan: JobPlan, job: ListedJob, content: JobContent, parts: SortedContent
    ) -> JobPlan:
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
        here = {
            fold(source.file_uri): source.file_uri for source in self.facts.everything or self.facts.sources
        }
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

        Where two branches fill one job, only the files that this branch has for itself are ours. In a job
        that the default branch fills alone, the files of its branches also count as this repository's.
        """
        facts = self.facts
        branched = "{branch}" in template
        alone = facts.on_default or branched
        own = facts.own or OurFiles(())
        known = (*own.sources, *(source for source in facts.everything or facts.sources if source.push))
        ours = frozenset(fold(source.file_uri) for source in known if alone or source.default_uri)
        ours |= own.earlier_uris if alone else frozenset()
        ours |= own.uris_of_branches if facts.on_default and branched else frozenset()
        return Stakes(asked_for(facts, self.changes), ours, whole=not facts.filtered, yes=facts.options.yes)

    @cached_property
    def _turnover(self) -> Turnover:
        """Return what the uploads change about who holds what."""
        return turnover_of(self.facts, self.changes, self.compared)


def _named(job: ListedJob, plan: JobPlan, text: str) -> str:
    return text if job.name == plan.request.name else f'{text} of "{job.name}"'
