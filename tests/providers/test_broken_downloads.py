"""A broken download never replaces a good file: every fault of the transport times every fault of the file.

The service of these tests answers with bytes of our choice over a real socket; the provider, the planner and
the executor are the real ones. What is on the disk afterwards is the old file or the new one, byte for byte.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from l10nsync import formats
from l10nsync.app import execute
from l10nsync.model import Fetched, ListedFile, Project, PublishedPair, RemoteState, Source, Target
from l10nsync.plan import Action, LocalTarget, Plan, PullFacts, Wants, plan_pull, wanted
from l10nsync.providers.smartling.provider import Smartling, connect
from l10nsync.workspace import Workspace
from tests.formats.samples import FILES
from tests.providers.service import Asked, Service, VirtualClock, answer, connection, running

THEN = "2026-08-01T09:00:00Z"
TYPES = sorted(FILES)
Framing = Callable[[bytes], bytes | None]
"""Puts a body on the wire; None closes the connection without a word."""


# --- the transport ------------------------------------------------------------------------------------


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n", extra: int = 0) -> bytes:
    head = b"HTTP/1.1 200 Said\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece) + extra, piece) for piece in pieces) + end


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def whole(body: bytes) -> bytes:
    return answer(200, body)


FRAMINGS: Mapping[str, Framing] = {
    "no answer": lambda _body: None,
    "head cut": lambda _body: b"HTTP/1.1 200 Sa",
    "head alone": lambda body: answer(200, b"", length=len(body), Connection="close"),
    "body cut": lambda body: answer(200, half(body), length=len(body), Connection="close"),
    "length too short": lambda body: answer(200, body, length=len(body) // 2, Connection="close"),
    "no length, cut": lambda body: answer(200, half(body), framed=False),
    "no length": lambda body: answer(200, body, framed=False),
    "empty": lambda _body: answer(200, b""),
    "chunks cut": lambda body: chunked(half(body), end=b""),
    "a chunk cut": lambda body: chunked(half(body), body[len(body) // 2 :], extra=7),
    "packed": lambda body: answer(200, gzip.compress(body), Content_Encoding="gzip"),
    "packed, cut": lambda body: answer(200, half(gzip.compress(body)), Content_Encoding="gzip"),
    "a part of it": lambda body: answer(206, half(body)),
}


# --- the files ----------------------------------------------------------------------------------------


def shortened(file_type: str, data: bytes) -> bytes:
    """Return a file that lacks its last strings, as if another source had been translated."""
    document = formats.parse(file_type, data)
    assert document is not None
    cut = max(document.units[len(document.units) // 3].start, 1)
    return data[:cut] if document.units[0].end else data[: len(data) // 3]


def renamed(file_type: str, data: bytes) -> bytes:
    """Return the translation of another file of the type: other keys, or another number of strings."""
    document = formats.parse(file_type, data)
    assert document is not None
    row = formats.get(file_type)
    if row is None or not row.keeps_keys:
        return data + data
    key = document.units[-1].key.split("/")[0].split(".")[-1].split("\x04")[-1]
    made = data.replace(key.encode(document.encoding), b"zz" + key.encode(document.encoding))
    return shortened(file_type, data) if made == data else made


PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
ENVELOPE = b'{"response": {"code": "VALIDATION_ERROR", "errors": [{"message": "no", "key": "x"}]}}'
CONTENTS: Mapping[str, Callable[[str, bytes], bytes]] = {
    "cut": lambda _type, data: half(data),
    "page": lambda _type, _data: PAGE,
    "envelope": lambda _type, _data: ENVELOPE,
    "wrong encoding": lambda _type, data: half(data) + b"\x00\xff\xfe\xc3\x28" + data[len(data) // 2 :],
    "strings lost": shortened,
    "another file": renamed,
}


@dataclass(frozen=True)
class Sample:
    """One source with the translation that is here and the one that comes."""

    source: Source
    original: bytes
    old: bytes
    new: bytes


def sample(file_type: str) -> Sample:
    original = FILES[file_type]
    path = f"de/{file_type}.txt"
    source = Source(
        path=f"en/{file_type}.txt",
        resource="web",
        project="default",
        file_uri=f"en/{file_type}.txt",
        namespace="n",
        file_type=file_type,
        charset=None,
        directives={},
        locales=("de-DE",),
        targets=(Target("de-DE", "de", path),),
    )
    language = formats.Language("de-DE", "de", "en", "de")
    old, new = (
        formats.named(
            file_type, formats.pseudo(file_type, original, inflation=size), language, source=original
        )
        for size in (10, 60)
    )
    return Sample(source, original, old, formats.finished(file_type, new, new))


SAMPLES = {file_type: sample(file_type) for file_type in TYPES}


def archived(case: Sample, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"de-DE/{case.source.file_uri}", content)
    return buffer.getvalue()


@dataclass
class Bench:
    """A provider whose service answers as the test says, and a work tree."""

    service: Service
    workspace: Workspace
    provider: Smartling

    def pull(self, case: Sample, content: bytes, framing: Framing) -> tuple[Plan, bytes]:
        """Pull one translation; return the plan, and what is on the disk afterwards."""

        def respond(asked: Asked) -> bytes | None:
            is_archive = asked.path.endswith("/files/zip")
            return framing(archived(case, content) if is_archive else content)

        self.service.respond = respond
        target = case.source.targets[0].path
        path = self.workspace.root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.old)
        facts = self._facts(case, target)
        found = plan_pull(facts)
        assert not isinstance(found, Wants)
        plan, contents = found
        execute.pull(plan, self.workspace, contents)
        return plan, path.read_bytes()

    def _facts(self, case: Sample, target: str) -> PullFacts:
        uri = case.source.file_uri
        client = self.provider.api.client
        client.ends = client.clock.now() + 2.0  # little patience, by a clock that does not wait
        facts = PullFacts(
            sources=(case.source,),
            blobs={case.source.path: "b"},
            contents={"b": case.original},
            local={target: LocalTarget(case.old, hashlib.sha256(case.old).hexdigest())},
            remote=RemoteState(
                files={uri.casefold(): ListedFile(uri, case.source.file_type, THEN)},
                published=(PublishedPair(uri, "de-DE", THEN),),
                originals={uri.casefold(): case.original},
                translated={(uri, "de-DE", "published"): ()},
            ),
            past={case.source.path: ()},
            editions={target: ()},
        )
        pair = wanted(case.source, case.source.targets[0])
        assert pair is not None
        found = {each.wanted: each for each in self.provider.fetch([pair])}
        facts = replace(facts, fetched=found)
        while isinstance(wants := plan_pull(facts), Wants):  # a second look, which this service cannot give
            more = {pair: Fetched(pair) for pair in wants.pairs}
            assert more, wants
            facts = replace(facts, fetched={**facts.fetched, **more})
        return facts


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench of its own to a test."""
    (tmp_path / ".git").mkdir()
    with running(Service()) as service:
        provider = connect(
            Project("default", "p1"), connection(service.url, concurrency=1, deadline=1e9), VirtualClock()
        )
        yield Bench(service, Workspace(tmp_path, tmp_path / ".git"), provider)
        provider.close()


@pytest.mark.parametrize("file_type", TYPES)
def test_a_good_file_comes_through(bench: Bench, file_type: str) -> None:
    """Over a good transport the new file is written; so what the others refuse, they refuse for a reason."""
    case = SAMPLES[file_type]

    plan, there = bench.pull(case, case.new, whole)

    assert there != case.old, plan.changes
    assert there == case.new, plan.changes


FAULTS = [
    (framing, content)
    for framing in (*FRAMINGS, "good")
    for content in (*CONTENTS, "good")
    if (framing, content) != ("good", "good")
]


@pytest.mark.parametrize(("framing", "content"), FAULTS)
def test_a_broken_download_never_replaces_a_good_file(bench: Bench, framing: str, content: str) -> None:
    """For every type the file on the disk is the old one or the new one; a broken one is held back."""
    for file_type, case in SAMPLES.items():
        broken = CONTENTS[content](file_type, case.new) if content in CONTENTS else case.new
        plan, there = bench.pull(case, broken, FRAMINGS.get(framing, whole))

        assert there in {case.old, case.new}, (file_type, plan.changes)
        if framing == "good":
            assert there == case.old, (file_type, plan.changes)
            assert plan.changes[0].action is Action.HOLD, (file_type, plan.changes)
