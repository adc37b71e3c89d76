"""A saved plan is carried out exactly, or refused: whatever happens in between, no other call is made.

A full sweep is 500 examples (`make test-sweeps`); every run of the tests does a part of it. Each seed is a
test of its own, so that a failure can be repeated.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from l10nsync.app.saved_plans import check_saved
from l10nsync.errors import StalePlanError
from l10nsync.plan import Plan
from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.sandbox_fixtures import RestClient
from tests.test_push_pull import forget

MANIFEST = small_manifest("src", "job: {authorize: true}", name="web")
READING = {
    "searchForJob", "getStringsForTranslationJob", "getAllSourceStringsByProjectPost",
    "getAllTranslationsByProjectPost", "authenticate", "refresh",
}  # fmt: skip
"""Operations that change nothing, although some are no GET."""
STALE, NEVER_STALE = True, False
Calls = Counter[tuple[str, tuple[str, ...]]]
"""Operation and fileUris of calls that change something."""


@pytest.mark.parametrize("version", [1, None, 99])
def test_a_plan_of_another_version_is_refused(version: int | None) -> None:
    """Its words may mean something else, even where nothing has changed: plan again."""
    plan = Plan("push")
    check_saved(plan, plan.as_data())
    with pytest.raises(StalePlanError, match="made by another version: plan again") as refused:
        check_saved(plan, plan.as_data() | {"schemaVersion": version})
    assert refused.value.exit_code == 8


@dataclass
class Story:
    """One repository, one project, a plan that was saved, and what came then."""

    repo: Repo
    runner: InProcess
    plan: dict[str, Any] = field(default_factory=dict)
    number: int = 0

    def sources(self) -> list[str]:
        found = sorted((self.repo.root / "src/en").glob("*.json"))
        return [path.relative_to(self.repo.root).as_posix() for path in found]

    def source(self, at: int) -> str:
        """Return one of the sources; of those that the plan knows, once there is one."""
        planned = {each["source"] for each in self.plan.get("changes", ())}
        found = [path for path in self.sources() if not planned or path in planned] or self.sources()
        return found[at % len(found)]

    def texts(self) -> str:
        """Return a source of texts that there never were, under the keys that every source has."""
        self.number += 1
        return json.dumps(
            {f"k{index}": f"Text {index} of file {self.number}" for index in range(5)}, indent=1
        )

    def edit(self, path: str, key: str = "k0") -> None:
        """Say one string of a source otherwise."""
        self.number += 1
        try:
            texts = json.loads(self.repo.read(path))
        except ValueError:
            texts = {}
        self.repo.commit({path: json.dumps(texts | {key: f"Edit number {self.number}"}, indent=1)})

    def manifest(self, old: str, new: str) -> None:
        """Change the manifest, unless it was changed like that already."""
        text = self.repo.read(".l10n.yml").decode()
        self.repo.commit({".l10n.yml": text if new and new in text else text.replace(old, new)})

    def uri(self, at: int) -> str:
        """Return the fileUri that the TMS has for a source of the plan, or gets for it."""
        changes = self.plan["changes"]
        change = changes[at % len(changes)]
        return str(change.get("renamedFrom") or change["fileUri"])

    def rest(self) -> RestClient:
        """Return another client of the project; a second has passed for it."""
        self.runner.control.advance(2)
        return RestClient(self.runner.server.url, self.runner.ident, self.runner.control)

    def files(self) -> dict[str, Any]:
        found: dict[str, Any] = self.runner.control.view(self.runner.ident)["files"]
        return found


# --- what a push has to do ----------------------------------------------------------------------------------


def _swap(story: Story, at: int) -> None:
    left, right = story.source(at), story.source(at + 1)
    story.repo.commit({left: story.repo.read(right), right: story.repo.read(left)})


def _remove(story: Story, at: int) -> None:
    if len(story.sources()) > 1:
        story.repo.git("rm", "--quiet", story.source(at))
        story.repo.commit()


def _rename(story: Story, at: int) -> None:
    story.number += 1
    story.repo.git("mv", story.source(at), f"src/en/renamed{story.number}.json")
    story.repo.commit()


def _rename_onto(story: Story, at: int) -> None:
    if len(story.sources()) > 1:
        gone = story.source(at)
        story.repo.git("rm", "--quiet", gone)
        story.repo.git("mv", story.source(at + 1), gone)
        story.repo.commit()


def _added(story: Story, _at: int) -> None:
    story.number += 1
    story.repo.commit({f"src/en/new{story.number}.json": story.texts()})


def _manifest(old: str, new: str) -> Callable[[Story, int], None]:
    return lambda story, _at: story.manifest(old, new)


CHANGES: Mapping[str, Callable[[Story, int], object]] = {
    "edit": lambda story, at: story.edit(story.source(at)),
    "edit another": lambda story, at: story.edit(story.source(at + 1)),
    "add": _added,
    "rename": _rename,
    "rename onto another": _rename_onto,
    "swap": _swap,
    "delete": _remove,
    "empty": lambda story, at: story.repo.commit({story.source(at): "{}"}),
    "break": lambda story, at: story.repo.commit({story.source(at): '{"k0": '}),
    "directive": _manifest("    target:", "    directives: {string_format: icu}\n    target:"),
    "branch": lambda story, _at: story.repo.git("switch", "--quiet", "--create", "feature/one"),
    "cache": lambda story, _at: forget(story.repo),
}


# --- what comes between the plan and the push ---------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """Something that happens between the plan and the push."""

    happen: Callable[[Story, int], object]
    stale: Callable[[Story], bool] | bool = STALE
    """Whether the plan no longer fits then."""


def _reaches(story: Story) -> bool:
    """Whether a setting of the job is of any use: something is sent, or a job of this branch is open."""
    open_ = {"AWAITING_AUTHORIZATION", "IN_PROGRESS"}
    view = story.runner.control.view(story.runner.ident)
    ours = (job for job in view["jobs"] if job["name"].startswith(f"repo {story.repo.branch}"))
    return _sends(story) or any(job["status"] in open_ for job in ours)


def _sends(story: Story) -> bool:
    """Whether the plan fills a job."""
    return bool(story.plan["jobs"])


def _upload(story: Story, at: int) -> None:
    story.number += 1
    content = json.dumps({"k0": f"Theirs {story.number}"}).encode()
    assert story.rest().upload(story.uri(at), content).status == 200


def _delete_there(story: Story, at: int) -> None:
    if (uri := _there(story, at)) is not None:
        story.runner.delete(uri)


def _rename_there(story: Story, at: int) -> None:
    if (uri := _there(story, at)) is not None:
        body = {"fileUri": uri, "newFileUri": f"{uri}.moved"}
        form = list(body.items())
        answer = story.rest().send("POST", "/files-api/v2/projects/{project}/file/rename", form=form)
        assert answer.status == 200, answer.body


def _there(story: Story, at: int) -> str | None:
    """Return the fileUri of a planned source that the TMS has."""
    found = [story.uri(index) for index in range(len(story.plan["changes"]))]
    found = [uri for uri in found if uri in story.files()]
    return found[at % len(found)] if found else None


def _any_there(story: Story) -> bool:
    return _there(story, 0) is not None


EVENTS: Mapping[str, Event] = {
    # in the repository
    "edited": Event(lambda story, at: story.edit(story.source(at))),
    "added": Event(_added),
    "deleted": Event(
        lambda story, at: (story.repo.git("rm", "--quiet", story.source(at)), story.repo.commit())
    ),
    "renamed": Event(_rename),
    "emptied": Event(lambda story, at: story.repo.commit({story.source(at): f"{{{' ' * (at + 2)}}}"})),
    "broken": Event(lambda story, at: story.repo.commit({story.source(at): '{"broken": '})),
    "replaced": Event(lambda story, at: story.repo.commit({story.source(at): story.texts()})),
    "another branch": Event(
        lambda story, _at: story.repo.git("switch", "--quiet", "--create", "elsewhere"), _sends
    ),
    # in the manifest
    "another directive": Event(
        _manifest("    target:", "    directives: {string_format: icu, x: '1'}\n    target:")
    ),
    "another locale": Event(_manifest("fr-FR: fr}", "fr-FR: fr, ja-JP: ja}")),
    "a locale less": Event(_manifest(", fr-FR: fr", "")),
    "another namespace": Event(_manifest("    target:", "    namespace: other\n    target:")),
    "another fileUri": Event(_manifest("    target:", '    fileUri: "x/{path}"\n    target:')),
    "another job": Event(_manifest("job: {", "job: {name: another, "), _sends),
    "another due date": Event(_manifest("job: {", "job: {dueDate: +5d, "), _reaches),
    "another description": Event(_manifest("job: {", "job: {description: Urgent, "), _reaches),
    "no authorization": Event(_manifest("authorize: true", "authorize: false"), _sends),
    # on the TMS
    "another upload": Event(_upload),
    "deleted there": Event(_delete_there, _any_there),
    "renamed there": Event(_rename_there, _any_there),
    # nothing that matters
    "cache lost": Event(lambda story, _at: forget(story.repo), NEVER_STALE),
    "unrelated commit": Event(lambda story, at: story.repo.commit({"README": str(at)}), NEVER_STALE),
    "unrelated upload": Event(
        lambda story, at: story.rest().upload(f"other/{at}.json", b'{"a": "b"}'), NEVER_STALE
    ),
    "translated": Event(lambda story, _at: story.runner.translate(authorize=False), NEVER_STALE),
    "an hour": Event(lambda story, _at: story.runner.control.advance(3600), NEVER_STALE),
    "another target": Event(_manifest("src/{locale}/*.json", "out/{locale}/*.json"), NEVER_STALE),
}
EXCLUSIVE: Sequence[set[str]] = (
    {"deleted", "renamed", "emptied", "broken", "replaced", "edited"},
    {"another directive", "another namespace", "another fileUri"},
    {"another locale", "a locale less"},
    {"another upload", "deleted there", "renamed there"},
)
"""Events that might take each other back."""


def fit(names: Sequence[str]) -> bool:
    """Whether no event takes another one back."""
    return all(len(group & set(names)) < 2 for group in EXCLUSIVE)


# --- the property ------------------------------------------------------------------------------------------


def calls(story: Story, mark: int) -> Calls:
    """Return the calls since MARK that changed something."""
    return Counter(
        (each["operation"], tuple(each["uris"]))
        for each in story.runner.control.requests(mark, story.runner.ident)
        if each["method"] != "GET" and each["operation"] not in READING
    )


def require_as_planned(plan: Mapping[str, Any], done: Calls) -> None:
    """Fail unless exactly the plan was carried out; a job is counted, its life is the provider's."""
    kinds = Counter(operation for operation, _uris in done.elements())
    uploads = {each["fileUri"]: each for each in plan["changes"] if each["action"] == "upload"}
    # What has to be confirmed before something else goes has a batch of its own, and finds its job anew.
    fillings = {(each["job"], each.get("round", 0)) for each in uploads.values()}
    jobs = {each["name"]: each for each in plan["jobs"]}
    assert _uris(done, "uploadFileToJobBatchV2") == Counter([*uploads])
    assert set(_uris(done, "createJobBatchV2")) == set(uploads)
    # A job without content is removed; meanwhile a batch of ours keeps others out of it.
    removed = kinds["deleteJob"]
    assert removed == kinds["cancelJob"] == kinds["processBatchActionV2"] <= kinds["addJob"]
    assert kinds["addJob"] <= max(len(jobs), len(fillings))
    assert kinds["createJobBatchV2"] == len(fillings) + removed
    assert kinds["authorizeJob"] <= sum(each["authorize"] for each in jobs.values())
    # By string and locale, and in one locale at a time.
    leaving = [
        locale for each in jobs.values() for some in each.get("leaving", ()) for locale in some["hashcodes"]
    ]
    assert kinds["removeStringsFromJob"] <= len(leaving)
    taken = [
        locale for each in jobs.values() for some in each.get("taken", ()) for locale in some["hashcodes"]
    ]
    assert not taken or kinds["addStringsToJob"] <= len(taken)
    known = {
        "removeStringsFromJob", "addStringsToJob",
        "uploadFileToJobBatchV2", "createJobBatchV2", "processBatchActionV2",
        "addJob", "authorizeJob", "cancelJob", "deleteJob",
    }  # fmt: skip
    assert kinds.keys() <= known


def _uris(done: Calls, operation: str) -> Counter[str]:
    return Counter(uri for (name, uris), many in done.items() if name == operation for uri in uris * many)


def check(
    server: SandboxServer, folder: Path, changes: Sequence[tuple[str, int]], events: Sequence[tuple[str, int]]
) -> None:
    """Save a plan after CHANGES, let EVENTS happen, and push it."""
    runner = InProcess(server)
    runner.project()
    story = Story(Repo(folder / "repo"), runner)
    story.repo.commit(
        {".l10n.yml": MANIFEST, **{f"src/en/f{index}.json": story.texts() for index in range(4)}}
    )
    runner.run(story.repo, "push")
    runner.control.advance(1)
    for name, at in changes:
        CHANGES[name](story, at)
    saved = folder / "plan.json"
    runner.run(story.repo, "plan", "--out", str(saved))
    story.plan = json.loads(saved.read_bytes())
    stale = False
    for name, at in events:
        event = EVENTS[name]
        stale |= event.stale if isinstance(event.stale, bool) else event.stale(story)
        event.happen(story, at)
    mark = runner.mark()

    done = runner.run(story.repo, "push", "--plan", str(saved), code=None)

    if stale:
        manifest = done.code == 2 and ("error" in done.err or "none" in done.err)
        assert done.code == 8 or manifest, (done, story.plan)
        assert calls(story, mark) == Counter(), done
    else:
        blocked = any(each["action"] == "block" for each in story.plan["changes"])
        assert done.code == 0 or (blocked and done.code in {7, 8}), done
        require_as_planned(story.plan, calls(story, mark))


INDEX = st.integers(0, 11)
DRAWN_CHANGES = st.lists(
    st.tuples(st.sampled_from(list(CHANGES)), INDEX), max_size=3, unique_by=lambda each: each[0]
)
DRAWN_EVENTS = st.lists(
    st.tuples(st.sampled_from(list(EVENTS)), INDEX), max_size=3, unique_by=lambda each: each[0]
).filter(lambda events: fit([name for name, _at in events]))


@pytest.mark.parametrize("name", EVENTS)
def test_a_plan_is_stale_where_something_matters(
    sandbox_server: SandboxServer, tmp_path: Path, name: str
) -> None:
    """Each single event, after an edit and a rename: exit code 8 and no call, or exactly the plan."""
    check(sandbox_server, tmp_path, [("edit", 0), ("rename", 1)], [(name, 2)])


def sweep(server: SandboxServer, number: int, examples: int) -> None:
    """Check so many examples, which seed NUMBER decides."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(changes=DRAWN_CHANGES, events=DRAWN_EVENTS)
    def property_(changes: list[tuple[str, int]], events: list[tuple[str, int]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="l10nsync-plan-"))
        try:
            check(server, folder, changes, events)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    property_()


def test_a_saved_plan_is_what_happens_or_nothing_does(own_sandbox: SandboxServer) -> None:
    """Any changes, any events between plan and push: a part of the sweep."""
    sweep(own_sandbox, 0, 8)


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(1, 11))
def test_any_saved_plan_is_what_happens_or_nothing_does(own_sandbox: SandboxServer, number: int) -> None:
    """The same, 500 examples in all."""
    sweep(own_sandbox, number, 50)
