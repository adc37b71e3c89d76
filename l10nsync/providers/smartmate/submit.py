"""Ordering translations, and nothing twice.

Before anything is ordered, the tags of what is to be ordered are searched: what an interrupted push, another
clone or another branch ordered is found and left out. A request whose answer was lost is also searched for,
and never sent again by the same run: it may be worked on already. The next run looks for it, and longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, product
from posixpath import basename

from l10nsync import formats
from l10nsync.errors import L10nSyncError, ServiceError, SupersededError, TemporaryError, UsageError
from l10nsync.model import JobOutcome, Outcome, Project, Submission, Upload
from l10nsync.providers import workers
from l10nsync.providers.http import AGAIN, Unanswered
from l10nsync.providers.smartmate import dates
from l10nsync.providers.smartmate.api import NewRequest, Request, WorkFlowApi
from l10nsync.providers.smartmate.identity import (
    blob_of,
    capacity,
    document_name,
    file_tag,
    key,
    language_tags,
    normal,
    project_tag,
)
from l10nsync.providers.smartmate.service import order_of

LONGER = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between the looks for an order that an earlier run sent and had no answer to."""
RECENT = 1.0
"""Seconds for which a search is good enough to order by: another push may order what it did not find."""
TITLE = 200
"""Characters of a title that we send."""
_FIELDS = {
    "CustomerName": "customer", "ContactName": "contact", "DeliveryDate": "deliveryDate",
    "PurchaseOrder": "purchaseOrder", "Note": "note", "references": "references", "Tags": "tags",
}  # fmt: skip
"""Parameter of the service to the key of the manifest that it comes from."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is searched for whose answer was lost, or whose tags are not there; seconds."""

    looks: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class RequestContent:
    """The files of one request, and its languages."""

    uploads: tuple[Upload, ...]
    codes: tuple[str, ...]


def submit(
    api: WorkFlowApi,
    project: Project,
    submission: Submission,
    patience: Patience | None = None,
    known: Iterable[Request] = (),
) -> Iterator[Outcome | JobOutcome]:
    """Order what SUBMISSION says and neither KNOWN nor the service has; see `Provider.submit`."""
    if submission.actions:
        raise UsageError("SmartMATE's requests cannot be authorized or cancelled with l10nsync")
    yield from _Ordering(api, project, submission, patience or Patience(), tuple(known)).run()


class _Ordering:
    """One submission."""

    def __init__(
        self,
        api: WorkFlowApi,
        project: Project,
        submission: Submission,
        patience: Patience,
        known: Iterable[Request],
    ) -> None:
        self.api = api
        self.known = known
        self.project = project
        self.submission = submission
        self.patience = patience
        self.failed: dict[str, Exception] = {}
        """By fileUri."""
        self.searched = 0.0
        """When everything was searched for, by the clock."""

    def run(self) -> Iterator[Outcome | JobOutcome]:
        uploads = []
        for upload in self.submission.uploads:
            if problem := _not_orderable(upload):
                yield Outcome(upload.uri, "failed", error=problem)
            else:
                uploads.append(upload)
        self.searched = self.api.client.clock.now()
        ordered = self._ordered(uploads)
        self.submission.in_flight.end(self._known_by_now(ordered))
        contents = _each_content_once(uploads)
        wanted = [(upload, tuple(map(self._code, locales))) for upload, locales in contents]
        parts = list(self._parts(wanted, ordered))
        if parts and (moved := self.submission.fence.moved()):
            raise SupersededError(
                f"superseded: {moved}: nothing was ordered",
                hint="Run push again on the newest commit of the branch.",
            )
        for upload in uploads:
            yield Outcome(upload.uri, "sending")
        made: list[tuple[str, RequestContent]] = []
        for part, result in workers.each(self._order, parts, self.api.client.threads):
            if isinstance(result, Exception):
                self._note(part, result)
            else:
                made += result
        yield from self._confirmed(uploads, made, ordered)

    # --- what is there ---

    def _tag(self, upload: Upload) -> str:
        return file_tag(key(self.project.id, upload.uri), blob_of(upload))

    def _code(self, locale: str) -> str:
        return self.project.locales.get(locale, locale)

    def _codes(self, upload: Upload) -> list[str]:
        return list(dict.fromkeys(map(self._code, upload.locales)))

    def _ordered(self, uploads: Iterable[Upload]) -> dict[tuple[str, str], list[Request]]:
        """Return the requests by content and language (in lower case), whatever the file was called."""
        found: dict[tuple[str, str], list[Request]] = {}
        tagged = self.api.with_tags(map(self._tag, uploads))
        for request in {request.id: request for request in (*self.known, *tagged)}.values():
            for _, blob in request.known.files:
                for code in request.known.codes:
                    found.setdefault((blob, code), []).append(request)
        return found

    # --- what is missing ---

    def _parts(
        self,
        contents: Sequence[tuple[Upload, tuple[str, ...]]],
        ordered: dict[tuple[str, str], list[Request]],
    ) -> Iterator[RequestContent]:
        """Divide what is not ordered yet into requests: by languages, then by the tags that one may have.

        CONTENTS are uploads with the languages that each is wanted in.
        """
        wanted: dict[tuple[str, ...], list[Upload]] = {}
        for upload, codes_of in contents:
            named = dict.fromkeys(codes_of)
            missing = tuple(code for code in named if (blob_of(upload), normal(code)) not in ordered)
            is_single = order_of(self.project).languages_per_request == "one"
            for group in [(code,) for code in missing] if is_single else [missing] if missing else []:
                wanted.setdefault(group, []).append(upload)
        for codes, uploads in sorted(wanted.items()):
            room = capacity(codes, len(order_of(self.project).tags))
            if room < 1:
                raise UsageError(
                    f"the tags of {len(codes)} languages leave no room for a file",
                    hint="Set `languagesPerRequest: one`, or use fewer `tags`.",
                )
            for at in range(0, len(uploads), room):
                yield RequestContent(tuple(uploads[at : at + room]), codes)

    # --- ordering ---

    def _order(self, part: RequestContent) -> list[tuple[str, RequestContent]]:
        """Order what nobody has ordered of PART by now; return the ids of the requests.

        The service has no lock, and takes no order back: all that can be done is to look right before.
        """
        keys = self._keys(part)
        if lost := not keys.isdisjoint(self.submission.in_flight.known):
            self._wait_for(part)
        elif self.api.client.clock.now() - self.searched < RECENT:
            return self._order_now(part)
        left = self._parts([(upload, part.codes) for upload in part.uploads], self._ordered(part.uploads))
        made = list(chain.from_iterable(self._order_now(content) for content in left))
        if lost:
            self.submission.in_flight.end(keys)
        return made

    def _known_by_now(self, ordered: dict[tuple[str, str], list[Request]]) -> frozenset[str]:
        """Return the keys of what earlier runs have sent without an answer, and what is there by now."""
        return self.submission.in_flight.known & {f"{blob} {code}" for blob, code in ordered}

    def _keys(self, part: RequestContent) -> frozenset[str]:
        """Return what stands for the contents and languages of PART in the memory of orders in flight."""
        return frozenset(
            f"{blob_of(upload)} {normal(code)}" for upload, code in product(part.uploads, part.codes)
        )

    def _wait_for(self, part: RequestContent) -> None:
        """Give an order the time to turn up that an earlier run sent without an answer."""
        for seconds in LONGER:
            if self._shown(part, self._ordered(part.uploads)):
                return
            self.api.client.pause(seconds)

    def _order_now(self, part: RequestContent) -> list[tuple[str, RequestContent]]:
        """Order PART and return the id of its request; where one file spoils it, the others are ordered."""
        try:
            return [(self._placed(part), part)]
        except ServiceError as error:
            if not _names_files(error) or len(part.uploads) == 1:
                raise _explained(error, self.project) from error
        middle = len(part.uploads) // 2
        made: list[tuple[str, RequestContent]] = []
        for some in (part.uploads[:middle], part.uploads[middle:]):
            half = replace(part, uploads=some)
            try:
                made += self._order_now(half)
            except (ServiceError, TemporaryError) as error:
                self._note(half, error)
        return made

    def _placed(self, part: RequestContent) -> str:
        """Order PART and return the id of its request; it is remembered until that is known."""
        flight, keys = self.submission.in_flight, self._keys(part)
        flight.begin(keys)
        try:
            ident = self.api.create(self._request(part))
        except Unanswered as error:
            ident = self._searched(part, error)
        except ServiceError:
            flight.end(keys)
            raise
        flight.end(keys)
        return ident

    def _note(self, part: RequestContent, error: Exception) -> None:
        """Keep the reason why files are not ordered; raise what concerns every one of them."""
        if not isinstance(error, ServiceError | TemporaryError) or (
            isinstance(error, ServiceError) and error.reply.key in _FIELDS
        ):
            raise error
        for upload in part.uploads:
            self.failed.setdefault(blob_of(upload), error)

    def _searched(self, part: RequestContent, error: Unanswered) -> str:
        """Return the id of a request whose answer was lost; raise if it cannot be found."""
        wanted = set(map(self._tag, part.uploads))
        codes = {normal(code) for code in part.codes}
        for seconds in self.patience.looks:
            for request in self.api.with_tags(wanted):
                own = {file_tag(*file) for file in request.known.files}
                if wanted <= own and codes <= set(request.known.codes):
                    return request.id
            self.api.client.pause(seconds)
        raise TemporaryError(
            f"{error.message}: the request was sent but is not listed yet; it was not sent again", hint=AGAIN
        ) from error

    def _request(self, part: RequestContent) -> NewRequest:
        job, order = self.submission.job, order_of(self.project)
        server = self.api.client.server_time
        now = datetime.fromisoformat(server) if server else datetime.now(UTC)
        title = f"{job.name} ({', '.join(part.codes)})"
        fields = [
            ("CustomerName", order.customer),
            ("ContactName", order.contact),
            ("SourceLanguageCode", self._code(self.project.source_locale)),
            *(("TargetLanguageCodes", code) for code in part.codes),
            ("DeliveryDate", dates.delivery(order.delivery_date, order.time_zone, now, job.due_date or "")),
            ("Title", title if len(title) <= TITLE else title[: TITLE - 1] + "…"),
            ("Note", "\n\n".join(text for text in (order.note, job.description) if text)),
            ("PurchaseOrder", order.purchase_order),
            ("RequesterReference", job.reference_number),
            ("NotifyUrl", self.submission.callback_url),
        ]
        return NewRequest(
            fields=(
                *((name, value) for name, value in fields if value),
                *(("Tags", tag) for tag in self._tags(part)),
            ),
            files=tuple(
                (document_name(upload.uri, key(self.project.id, upload.uri)), upload.content)
                for upload in part.uploads
            ),
            references=tuple((basename(path), content) for path, content in self.submission.references),
        )

    def _tags(self, part: RequestContent) -> list[str]:
        ours = [project_tag(self.project.id), *language_tags(part.codes), *map(self._tag, part.uploads)]
        return list(dict.fromkeys([*ours, *order_of(self.project).tags]))

    # --- confirming ---

    def _confirmed(
        self,
        uploads: Sequence[Upload],
        made: Sequence[tuple[str, RequestContent]],
        before: dict[tuple[str, str], list[Request]],
    ) -> Iterator[Outcome | JobOutcome]:
        if self.submission.wait != "processed":
            yield from map(self._accepted, uploads)
            yield from (JobOutcome(ident, self.submission.job.name, created=True) for ident, _ in made)
            return
        ordered = self._ordered(uploads) if made else before
        if lost := [(ident, part) for ident, part in made if not self._shown(part, ordered)]:
            ordered = self._tagged_again(lost, uploads)
        for upload in uploads:
            yield self._settled(upload, ordered)
        yield from self._jobs(uploads, {ident for ident, _ in made}, ordered)

    def _jobs(
        self, uploads: Sequence[Upload], fresh: set[str], ordered: dict[tuple[str, str], list[Request]]
    ) -> Iterator[JobOutcome]:
        """Yield the requests that hold UPLOADS: those of this run, or else those that were there."""
        pairs: set[tuple[str, str]] = set()
        for upload in uploads:
            pairs |= {(blob_of(upload), normal(code)) for code in self._codes(upload)}
        held = {pair: ordered[pair] for pair in sorted(pairs) if pair in ordered}
        doubled = chain.from_iterable(several for several in held.values() if len(several) > 1)
        twice = sorted({request.number for request in doubled})
        requests = {request.id: request for request in chain.from_iterable(held.values())}
        for ident, request in sorted(requests.items(), key=lambda pair: pair[1].order):
            if fresh and ident not in fresh:
                continue
            double = f"the same content was ordered in each of {', '.join(twice)}"
            yield JobOutcome(
                uid=ident,
                name=f"{self.submission.job.name} ({request.number})",
                created=ident in fresh,
                authorized=True,
                note=double if request.number in twice else "",
            )

    def _shown(self, part: RequestContent, ordered: dict[tuple[str, str], list[Request]]) -> bool:
        return all(
            (blob_of(upload), normal(code)) in ordered for upload, code in product(part.uploads, part.codes)
        )

    def _tagged_again(
        self, lost: Sequence[tuple[str, RequestContent]], uploads: Sequence[Upload]
    ) -> dict[tuple[str, str], list[Request]]:
        """Give requests their tags that the service has not kept, and look once more."""
        ordered: dict[tuple[str, str], list[Request]] = {}
        for ident, part in lost:
            self.api.set_tags(ident, self._tags(part))
        for seconds in self.patience.looks:
            ordered = self._ordered(uploads)
            if all(self._shown(part, ordered) for _, part in lost):
                break
            self.api.client.pause(seconds)
        return ordered

    def _settled(self, upload: Upload, ordered: dict[tuple[str, str], list[Request]]) -> Outcome:
        blob, codes = blob_of(upload), self._codes(upload)
        missing = [code for code in codes if (blob, normal(code)) not in ordered]
        if not missing:
            return Outcome(upload.uri, "done", strings=0)
        if blob in self.failed:
            return Outcome(upload.uri, "failed", error=self.failed[blob])
        error = ServiceError(
            f"ordered, but the service does not show it under its tags ({', '.join(missing)})",
            hint="Ask the service before you push this file again: it would be ordered twice.",
        )
        return Outcome(upload.uri, "failed", error=error)

    def _accepted(self, upload: Upload) -> Outcome:
        error = self.failed.get(blob_of(upload))
        return Outcome(upload.uri, "failed" if error else "accepted", error=error)


def _each_content_once(uploads: Iterable[Upload]) -> list[tuple[Upload, tuple[str, ...]]]:
    """Return one upload for each content, with the locales of all that have it."""
    first: dict[str, Upload] = {}
    locales: dict[str, dict[str, None]] = {}
    for upload in uploads:
        first.setdefault(blob_of(upload), upload)
        locales.setdefault(blob_of(upload), {}).update(dict.fromkeys(upload.locales))
    return [(upload, tuple(locales[blob])) for blob, upload in first.items()]


def _not_orderable(upload: Upload) -> L10nSyncError | None:
    kind = formats.get(upload.file_type)
    if kind and kind.multilingual:
        return ServiceError(
            f"a file that holds all locales ({kind.name}) cannot be ordered from SmartMATE",
            hint="It delivers one document for each language. Give the resource another project.",
        )
    return None


def _names_files(error: ServiceError) -> bool:
    """Whether the service refused a request because of one of its files."""
    return error.reply.status == 400 and (error.reply.key == "files" or error.reply.key.startswith("file_"))


def _explained(error: ServiceError, project: Project) -> ServiceError:
    known = _FIELDS.get(error.reply.key)
    hint = f"It comes from `order.{known}` of project `{project.name}` in the manifest." if known else ""
    return ServiceError(error.message, error.reply, hint=hint or error.hint)
