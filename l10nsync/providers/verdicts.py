"""Whether an answer is what a call asked for: complete, of the right kind, and saying success."""

from __future__ import annotations

from dataclasses import replace

from l10nsync.errors import ServiceReply
from l10nsync.providers.addresses import host_of
from l10nsync.providers.calls import Answer, Call
from l10nsync.providers.replies import html_title, is_error_envelope, judge, parse_json, read_reply
from l10nsync.providers.throttle import retry_after
from l10nsync.providers.trace import Redactor
from l10nsync.providers.transport import CallFailure, RawAnswer


def judged(call: Call, raw: RawAnswer, redact: Redactor) -> Answer | CallFailure:
    """Return the answer in RAW, or why there is none; REDACT hides secrets in its text."""
    coding = raw.headers.get("content-encoding", "identity").lower()
    if coding not in {"identity", ""}:
        return _garbled(call, raw, f"the answer is encoded as {coding}, which was not asked for", redact)
    if 300 <= raw.status < 400:
        host = host_of(raw.headers.get("location", "")) or "an unknown host"
        return CallFailure(
            "fatal", redact(f"refused to follow a redirect to {host}"), _reply(call, raw, redact)
        )
    if 200 <= raw.status < 300:
        return _success(call, raw, redact)
    return _failure(call, raw, redact)


def _success(call: Call, raw: RawAnswer, redact: Redactor) -> Answer | CallFailure:
    answer = Answer(raw.status, raw.headers, raw.body, raw.request_id, call.operation, raw.file)
    if raw.status == 204:
        return answer
    if call.accept_file:
        return _file(call, raw, answer, redact)
    title = html_title(raw.body)
    if title is not None:
        return _garbled(call, raw, f"expected JSON, got an HTML page titled {title!r}", redact)
    if not isinstance(parse_json(raw.body), dict | list):
        return _garbled(call, raw, "expected JSON, got something else or only a part of it", redact)
    return answer if judge(_reply(call, raw, redact)) == "fine" else _failure(call, raw, redact)


def _file(call: Call, raw: RawAnswer, answer: Answer, redact: Redactor) -> Answer | CallFailure:
    if raw.status != 200:
        return _garbled(call, raw, f"expected a file, got status {raw.status}", redact)
    if not raw.framed:
        return _garbled(call, raw, "the answer does not say where it ends, so it may be cut", redact)
    if not raw.body:
        return _garbled(call, raw, "expected a file, got an empty answer", redact)
    title = None if call.may_be_html else html_title(raw.body)
    if title is not None:
        return _garbled(call, raw, f"expected a file, got an HTML page titled {title!r}", redact)
    if is_error_envelope(raw.body):
        return _failure(call, raw, redact)
    return answer


def _garbled(call: Call, raw: RawAnswer, text: str, redact: Redactor) -> CallFailure:
    reply = replace(_reply(call, raw, redact), message=redact(text))
    return CallFailure("garbled", redact(text), reply)


def _failure(call: Call, raw: RawAnswer, redact: Redactor) -> CallFailure:
    reply = _reply(call, raw, redact)
    problem = judge(reply)
    return CallFailure(
        "garbled" if problem == "fine" else problem,
        reply=reply,
        asked=retry_after(raw.headers.get("retry-after", "")),
    )


def _reply(call: Call, raw: RawAnswer, redact: Redactor) -> ServiceReply:
    reply = read_reply(raw.status, raw.body, raw.request_id, call.operation)
    hide = redact
    return replace(
        reply,
        code=hide(reply.code),
        key=hide(reply.key),
        message=hide(reply.message),
        details=hide(reply.details),
        request_id=hide(reply.request_id),
    )
