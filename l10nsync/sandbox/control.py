"""The control API below `/sandbox/api/`: projects, translators, views, faults, policies, the clock."""

from __future__ import annotations

import traceback
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from l10nsync.sandbox.body_limit import KNOWN, limited
from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common.world import POLICIES, SWITCHES, Policy
from l10nsync.sandbox.faults import rule_from
from l10nsync.sandbox.groups.files import uploads
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.translators import existing, snapshot
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.refusal import Refusal, invalid
from l10nsync.sandbox.replies import Reply, plain
from l10nsync.sandbox.request_bodies import parsed
from l10nsync.sandbox.sending import write
from l10nsync.sandbox.server_state import ControlHandler, Server
from l10nsync.sandbox.smartmate import control as smartmate

PREFIX = "/sandbox/api/"


class Wrong(ValueError):  # noqa: N818 - an answer
    """The request to the control API makes no sense."""


# --- projects and translators ----------------------------------------------------------------------------


def reset(server: Server, _path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """POST reset: forget everything, keep the first project."""
    server.reset()
    return {}


def make_project(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects {projectId?, name?, sourceLocaleId?, targetLocaleIds?, accountUid?}."""
    locales = body.get("targetLocaleIds")
    ident = projects.create(
        server.world,
        body.get("projectId"),
        name=str(body.get("name") or ""),
        source=str(body.get("sourceLocaleId") or "en-US"),
        locales=projects.DEFAULT_LOCALES if locales is None else locales,
        account=str(body.get("accountUid") or projects.ACCOUNT),
        is_open=locales is None,
    )
    return {"projectId": ident}


def translate(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/translate {locales?, how?, state?, fileUris?, authorize?, again?}."""
    project = path["project"]
    server.settle(project)
    chosen = body.get("locales") or dict.fromkeys(projects.locales(server.world, project), 100)
    how = body.get("how") or "pseudo"
    work = translators.TranslationWork(
        locales={str(locale): int(percent) for locale, percent in chosen.items()},
        how=how.get("texts", how) if isinstance(how, dict) else str(how),
        state=str(body.get("state") or "published"),
        uris=tuple(body.get("fileUris") or ()),
        authorize=bool(body.get("authorize", True)),
        again=bool(body.get("again", False)),
    )
    return {"strings": translators.translate(server.world, project, work)}


def seed_file(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/files {fileUri, fileType, content, namespace?, charset?, directives?}: a source."""
    upload = uploads.UploadedFile(
        uri=str(body["fileUri"]),
        file_type=str(body["fileType"]),
        content=b64decode(body["content"]),
        charset=body.get("charset"),
        namespace=body.get("namespace"),
        directives=body.get("directives") or {},
    )
    return uploads.apply(server.world, path["project"], upload)


def take(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/translations {fileUri, localeId, content, state?, authorize?}: a translated file."""
    world, project, locale = server.world, path["project"], str(body["localeId"])
    server.settle(project)
    if body.get("authorize"):
        translators.authorize(world, project, [locale])
    state = str(body.get("state") or "published")
    data = b64decode(body["content"])
    return asdict(existing.take(world, project, str(body["fileUri"]), locale, data, state=state))


def publish(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/publish {locales?}: publish what is saved."""
    return {"strings": translators.publish(server.world, path["project"], body.get("locales") or ())}


def exclude(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/exclude {locale, fileUri, keys}: exclude strings from translation."""
    wanted = set(body.get("keys") or ())
    rows = translators.active(server.world, path["project"], (body["fileUri"],))
    hashes = [row["hash"] for row in rows if row["key"] in wanted]
    translators.exclude(server.world, path["project"], hashes, body["locale"])
    return {"strings": len(hashes)}


def view(server: Server, path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET projects/{id}/view: the project without ids and times."""
    server.settle(path["project"])
    return snapshot.view(server.world, path["project"])


def finish(server: Server, path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """POST projects/{id}/finish: end all background work of a project now."""
    return {"finished": server.finish(path["project"])}


# --- looking ---------------------------------------------------------------------------------------------


def requests(server: Server, path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET requests?since=N&project=ID: what came in after request N."""
    since = int(path.get("since") or 0)
    return {"requests": server.recorder.since(since, path.get("project", "")), "last": server.recorder.last}


def deliveries(server: Server, path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET deliveries?project=ID: callbacks and webhooks, with the status of each attempt."""
    return {"deliveries": server.postman.shown(path.get("project", ""))}


def health(server: Server, _path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET health: whether it runs, its first project and its clock."""
    return {"project": server.setup.project, "now": iso(server.world.now()), "tokens": server.tokens.issued}


# --- steering --------------------------------------------------------------------------------------------


def add_faults(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST faults: one rule, or {rules: […]}; they are added to those in force."""
    given = body.get("rules", [body] if body else [])
    rules = [rule_from(rule) for rule in given]
    server.faults.rules += rules
    return server.faults.shown()


def shown_faults(server: Server, _path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET faults: the rules with their counts, and the requests that are held."""
    return server.faults.shown()


def release_faults(server: Server, _path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """POST faults/release: let held requests go on."""
    return {"released": server.faults.release()}


def clear_faults(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST faults/clear {project?}: forget the rules."""
    server.faults.clear(str(body.get("project") or path.get("project") or ""))
    return {}


def clock(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST clock {advance: seconds}: move the virtual clock forward."""
    return {"now": iso(server.world.clock.advance(float(body.get("advance") or 0)))}


def expire(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST tokens/expire {refresh?}: end all access tokens now."""
    server.tokens.expire(refresh=bool(body.get("refresh", False)))
    return {}


def policies(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST policies {project?, kind: {looks?, seconds?} | null}: when background steps end."""
    project = str(body.get("project") or "")
    for kind, value in body.items():
        if kind == "project":
            continue
        if kind not in POLICIES:
            raise Wrong(f"unknown kind {kind!r}; there are {', '.join(POLICIES)}")
        if value is None:
            server.world.policies.pop((project, kind), None)
        else:
            server.world.policies[project, kind] = Policy(**value)
    return {"kinds": list(POLICIES)}


def switches(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST switches {project?, name: value}: choose the other side of an open question."""
    project = str(body.get("project") or "")
    for name, value in body.items():
        if name == "project":
            continue
        if name not in SWITCHES:
            raise Wrong(f"unknown switch {name!r}; there are {', '.join(SWITCHES)}")
        server.world.switches[project, name] = value
    return {name: server.world.switch(project, name) for name in SWITCHES}


ROUTES: Mapping[tuple[str, str], ControlHandler] = {
    ("POST", "reset"): reset,
    ("POST", "projects"): make_project,
    ("POST", "accounts"): smartmate.make_account,
    ("POST", "projects/{project}/translate"): translate,
    ("POST", "projects/{project}/files"): seed_file,
    ("POST", "projects/{project}/translations"): take,
    ("POST", "projects/{project}/publish"): publish,
    ("POST", "projects/{project}/exclude"): exclude,
    ("POST", "projects/{project}/finish"): finish,
    ("GET", "projects/{project}/view"): view,
    ("GET", "requests"): requests,
    ("GET", "deliveries"): deliveries,
    ("GET", "health"): health,
    ("POST", "faults"): add_faults,
    ("GET", "faults"): shown_faults,
    ("POST", "faults/release"): release_faults,
    ("POST", "faults/clear"): clear_faults,
    ("POST", "clock"): clock,
    ("POST", "tokens/expire"): expire,
    ("POST", "policies"): policies,
    ("POST", "switches"): switches,
}


class Control:
    """The control API as an ASGI application."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never through faults, tokens or the recorder."""
        request = Request(scope, limited(receive, KNOWN))
        try:
            body = await read_object(request)
        except Refusal as refusal:
            reply = plain({"error": refusal.message}, refusal.status)
        else:
            reply = self._safely_answered(request, body)
        self.server.postman.collect()
        length = ("Content-Length", str(len(reply.body)))
        await write(send, Reply(reply.status, reply.body, (*reply.headers, length)))

    def _safely_answered(self, request: Request, body: Any) -> Reply:
        """Return the answer; a defect of ours is one line, and its traceback stays on stderr."""
        try:
            return self._answer(request, body)
        except Exception as error:  # noqa: BLE001 - whatever it is
            traceback.print_exc()
            return plain({"error": f"the sandbox itself has failed: {type(error).__name__}"}, 500)

    def _answer(self, request: Request, body: Any) -> Reply:
        name = request.url.path.removeprefix(PREFIX)
        handler, path = find(request.method, name)
        handler = smartmate.handler(self.server, name, path) or handler
        if handler is None:
            return plain({"error": f"no {request.method} {name}"}, 404)
        try:
            with self.server.world.store.transaction():
                return plain(handler(self.server, {**request.query_params, **path}, body))
        except Refusal as refusal:
            return plain({"error": refusal.message}, 400)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return plain({"error": f"{type(error).__name__}: {error}"}, 400)


def find(method: str, name: str) -> tuple[ControlHandler | None, dict[str, str]]:
    """Return the handler for an address and what its `{project}` stands for."""
    parts = name.split("/")
    if len(parts) == 3 and parts[0] == "projects":
        return ROUTES.get((method, f"projects/{{project}}/{parts[2]}")), {"project": parts[1]}
    return ROUTES.get((method, name)), {}


async def read_object(request: Request) -> Any:
    """Return the JSON object of a request's body, or an empty one; raise a refusal for anything else."""
    body = await request.body()
    if not body.strip():
        return {}
    found = parsed(body)
    if not isinstance(found, dict):
        raise invalid("the body is not a JSON object")
    return found
