"""What all rules share: store, clock, policies of slow steps, switches of open questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from l10nsync.sandbox.clock import SimulatedClock
from l10nsync.sandbox.store import Store

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Policy:
    """When a step that the service does in the background is done: whichever comes first."""

    looks: int | None = None
    """Done at the n-th look; 0 means at once, None never by looking."""
    seconds: float | None = None
    """Done when so much (virtual) time has passed; None never by waiting."""

    def done(self, looks: int, elapsed: float) -> bool:
        """Whether the step is finished after so many looks and seconds."""
        by_looks = self.looks is not None and looks >= self.looks
        return by_looks or (self.seconds is not None and elapsed >= self.seconds)


POLICIES: Mapping[str, Policy] = {
    "upload": Policy(looks=0),
    "batch": Policy(looks=2, seconds=30),
    "process": Policy(looks=0),
    "delete": Policy(looks=3, seconds=300),
    "order": Policy(looks=3, seconds=60),
    "strings": Policy(looks=0),
    "copy": Policy(looks=2, seconds=30),
    "estimate": Policy(looks=2, seconds=30),
    "glossary": Policy(looks=2, seconds=30),
    "context": Policy(looks=2, seconds=30),
}
"""Kinds of background steps with their defaults."""

SWITCHES: Mapping[str, Any] = {
    "rename_keeps_namespace": False,
    "reupload_keeps_namespace": False,
    "reupload_moves_namespace": True,
    "inactive_strings_return": True,
    "status_effective_directives": True,
    "latin1_as_utf8": True,
    "last_uploaded_millis": False,
    "restyle_delivery": True,
    "json_keys_are_variants": True,
    "placeholders_rewritten": False,
    "markdown_rewritten": True,
    "xliff_names_target": True,
    "empty_job_status": "DRAFT",
    "new_content_reopens": True,
    "second_batch_refused": True,
    "empty_batch_blocks": False,
    "refresh_revokes_access": False,
    "access_token_seconds": 480,
    "refresh_token_seconds": 3660,
    "session_seconds": 43_200,
    "default_retrieval_type": "published",
    "unknown_directives_refused": False,
    "directives_stick": False,
    "upload_authorizes": False,
    "upload_accepted_code": "SUCCESS",
    "unknown_file_status": 400,
    "reads_locked": False,
    "file_size_limits": True,
    "last_modified_counts_saved": True,
    "locale_last_modified_is_list": False,
    "totals_leave_out_excluded": False,
    "add_locale_answers_list": False,
    "batch_file_statuses": "v1",
    "batch_parses_at_once": False,
    "completed_job_reused": False,
    "file_operations_limit": 10,
    "latency_ms": 1,
    "search_limit": 100,
    "batch_errors_empty": "",
    "resend_seconds": 1.0,
    "machine_seconds": 0.0,
    "retry_after": None,
    "mate_final_languages": False,
    "mate_documents_while_open": False,
    "mate_tracking": True,
    "mate_newest_first": True,
    "mate_reasons_in_arrays": True,
    "mate_tags_kept": True,
    "mate_notify_json": False,
    "mate_notify_scale": 0.001,
    "price_list": {"currency": "USD", "perWord": {"*": 0.12, "ja": 0.18, "ko": 0.18, "zh": 0.15}},
    "estimate_outcome": "COMPLETED",
    "unmatched_context_dropped": True,
    "context_recognition": "none",
    "unknown_report_refused": False,
}
"""Open questions about the service, each with the answer that hurts a careless client.

rename_keeps_namespace      a renamed file keeps its namespace (else it becomes the new fileUri)
reupload_keeps_namespace    an upload without a namespace leaves the one that the file has
reupload_moves_namespace    an upload that names another namespace moves the file there
inactive_strings_return     a string that no file held for a while comes back with its translations
status_effective_directives the status shows inline and default directives too, not only those sent
latin1_as_utf8              an ISO-8859-1 file comes back as UTF-8
last_uploaded_millis        times of files have milliseconds
placeholders_rewritten      iOS placeholders come back numbered, a lone `%` of Android doubled
markdown_rewritten          Markdown comes back as from HTML: one spelling for what has several
xliff_names_target          an XLIFF translation names the target's language
json_keys_are_variants      equal texts of a JSON file are several strings even without `variants_enabled`
restyle_delivery            JSON and YAML come back in the service's own spacing and quoting
empty_job_status            status of a job without content (DRAFT or AWAITING_AUTHORIZATION)
new_content_reopens         new content moves a job in progress back to AWAITING_AUTHORIZATION
second_batch_refused        a job with an open batch takes no second one
empty_batch_blocks          even a batch that never got a file counts as open
access_token_seconds        life of an access token
refresh_token_seconds       life of a refresh token
session_seconds             life of a session, however often its tokens are refreshed
refresh_revokes_access      a refresh ends the old access token at once
default_retrieval_type      what a download without retrievalType gives
unknown_directives_refused  an unknown `smartling.*` field is an error
directives_stick            directives of earlier uploads stay in force where a later one does not name them
upload_authorizes           an upload outside a batch heeds `authorize` and `localeIdsToAuthorize[]`, as once
upload_accepted_code        code of an upload's 202: SUCCESS or ACCEPTED
unknown_file_status         what an unknown fileUri is: 400 or 404
reads_locked                even reading a file that the service works on is a 423, not only writing it
file_size_limits            files over 10 MB (Office and InDesign: up to 50) are refused, as once documented
last_modified_counts_saved  saved work that is not published changes the last-modified date
locale_last_modified_is_list  the last-modified answer for one locale is a list
totals_leave_out_excluded   the totals of a file's status leave out excluded strings
add_locale_answers_list     adding a locale to a project answers a list of one project
batch_file_statuses         words for a batch's files: v1 (ATTACHING, UPLOAD_FAILED), v2 (PROCESSING, FAILED)
batch_parses_at_once        a batch upload that cannot be parsed is refused at once, as GENERAL_ERROR with 400
completed_job_reused        create-or-reuse takes a completed job of that name (else only a living one)
file_operations_limit       file operations at once per project before 429
latency_ms                  real time that each file operation takes at least
search_limit                jobs that one search returns at most
batch_errors_empty          what the batch status says of a file without errors ("" or "{}")
resend_seconds              real time between two attempts of a callback
machine_seconds             (virtual) time that machine translation takes
retry_after                 value of a Retry-After header on 423, 429 and 503; None sends none
mate_final_languages        SmartMATE's final documents say their language
mate_documents_while_open   a request shows its documents before it is completed
mate_tracking               a request on the live system shows its tracking
mate_newest_first           the list of requests begins with the newest
mate_reasons_in_arrays      the reasons of wrong parameters come in arrays
mate_tags_kept              tags given with a new request are kept (else only those of a PATCH)
mate_notify_json            notifications come as JSON, not as a form
mate_notify_scale           real seconds for each second between two attempts of a notification
price_list                  what a word costs: {currency, perWord: {locale or language or "*": price}}
estimate_outcome            how estimates end: COMPLETED, FAILED or TIMEOUT
unmatched_context_dropped   upload-and-match keeps no context in which no string was found
context_recognition         strings that are found in pictures and films: none, or all that are looked for
unknown_report_refused      the status of an unknown estimate is a 404 (else 200 with NOT_FOUND)
"""


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """One HTTP request that the service makes by itself."""

    project: str
    kind: str
    """`file`, `job` or `webhook`."""
    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
    """The webhook event, and in `owner` its subscription."""
    owner: str = ""
    waits: tuple[float, ...] | None = None
    """Real seconds between the attempts; None for the usual number, `resend_seconds` apart."""
    only_200: bool = False
    """Taken by exactly 200, not by any 2xx."""


@dataclass(slots=True)
class World:
    """Everything that the rules act on."""

    store: Store = field(default_factory=Store)
    clock: SimulatedClock = field(default_factory=SimulatedClock)
    policies: dict[tuple[str, str], Policy] = field(default_factory=dict)
    """By project (empty for all) and kind, over `POLICIES`."""
    switches: dict[tuple[str, str], Any] = field(default_factory=dict)
    """By project (empty for all) and name, over `SWITCHES`."""

    outbox: list[OutgoingRequest] = field(default_factory=list)
    """What is to be sent once the present change is made."""

    def now(self) -> float:
        """Return the present time of the service."""
        return self.clock.now()

    def policy(self, project: str, kind: str) -> Policy:
        """Return the policy that applies to a project."""
        return self.policies.get((project, kind)) or self.policies.get(("", kind)) or POLICIES[kind]

    def switch(self, project: str, name: str) -> Any:
        """Return the setting of a switch for a project."""
        return self.switches.get((project, name), self.switches.get(("", name), SWITCHES[name]))

    def uid(self, length: int = 12) -> str:
        """Return a new identifier of lower-case letters and digits, the same ones in every run."""
        digest = sha256(f"uid {self.store.count('uid')}".encode()).digest()
        return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:length])

    def uuid(self) -> str:
        """Return a new identifier in the form of a UUID."""
        digest = sha256(f"uuid {self.store.count('uid')}".encode()).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
