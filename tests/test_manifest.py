"""What a manifest means, and what is said about one that is wrong."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import manifest, services
from l10nsync.errors import Diagnostic, ManifestError
from l10nsync.model import Abilities, Manifest, Resource, Threshold
from l10nsync.providers.smartmate.service import OrderSettings
from tests.effort import effort

FULL = r"""# a comment
version: 1
project: ${SMARTLING_PROJECT_ID}
sourceLocale: en-US
locales:
  de-DE: de
  fr-FR: fr
  zh-CN: zh-Hans
  es-ES: [es-ES, es-MX]
branch:
  default: trunk
job:
  name: "{repo} {branch}"
  reuse: true
  authorize: false
  maxWords: 10000
  dueDate: +5d
  localeWorkflows: {de-DE: 2b91c391d71a, fr-FR: 1e5, zh-CN: 012, es-ES: no}
defaults:
  pull: {retrievalType: published, incomplete: empty}
resources:
  - name: web
    source: apps/*/locales/en/**/*.json
    exclude: ["**/fixtures/**"]
    target: apps/*/locales/{locale}/**/*.json
    fileUri: "{path}"
    namespace: "{path}"
    directives:
      string_format: icu
      placeholder_format_custom: '\{\{.+?\}\}'
  - name: android
    source: "**/src/main/res/values/strings*.xml"
    target: "**/src/main/res/values-{locale:android}/strings*.xml"
    locales: {only: [de-DE, fr-FR], map: {fr-FR: fr-rFR}}
    pull: {minCompletion: 80, style: smartling}
    rules: {key-extra: ignore, tag-missing: warning}
  - name: legal
    project: marketing
    source: [legal/*.md, terms/*.md]
    target: null
projects:
  marketing: {id: 9f8e7d6c5, credentials: MARKETING, sourceLocale: en-GB}
"""
HEAD = "version: 1\nlocales: [de-DE, fr-FR]\n"
ENTRY = "resources:\n  - source: en/*.json\n    target: '{locale}/*.json'\n"
SMALL = HEAD + ENTRY


def load(text: str | bytes, environ: Mapping[str, str] | None = None) -> Manifest:
    data = text if isinstance(text, bytes) else text.encode()
    return manifest.load(data, file=".l10n.yml", folder="", environ=environ or {})


def errors(text: str | bytes, environ: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(ManifestError) as caught:
        load(text, environ)
    return caught.value.diagnostics


def marked(problem: Diagnostic) -> str:
    return problem.text[problem.column - 1 : problem.end_column - 1]


def only(text: str, environ: Mapping[str, str] | None = None) -> Resource:
    (resource,) = load(text, environ).resources
    return resource


# --- what a manifest means --------------------------------------------------------------------------


def test_a_full_manifest_means_what_it_says() -> None:
    """Every key of the reference example arrives in its field."""
    loaded = load(FULL, {"SMARTLING_PROJECT_ID": "abc123"})
    web, android, legal = loaded.resources
    assert loaded.default_branch == "trunk"
    assert loaded.projects["default"].id == "abc123"
    assert loaded.projects["default"].source_locale == "en-US"
    marketing = loaded.projects["marketing"]
    assert (marketing.id, marketing.credentials, marketing.source_locale) == (
        "9f8e7d6c5",
        "MARKETING",
        "en-GB",
    )
    assert web.sources == ("apps/*/locales/en/**/*.json",)
    assert web.excludes == ("**/fixtures/**",)
    assert web.locales.names["es-ES"] == ("es-ES", "es-MX")
    assert web.directives["placeholder_format_custom"] == r"\{\{.+?\}\}"
    assert web.job.max_words == 10_000
    assert dict(android.locales.names) == {"de-DE": ("de",), "fr-FR": ("fr-rFR",)}
    assert android.locales.explicit == {"fr-FR"}
    assert (android.pull.incomplete, android.pull.min_completion) == ("empty", Threshold(80))
    assert (android.pull.style, web.pull.style) == ("smartling", "repo")
    assert dict(android.rules) == {"key-extra": "ignore", "tag-missing": "warning"}
    assert (legal.target, legal.project) == (None, "marketing")
    assert legal.sources == ("legal/*.md", "terms/*.md")
    assert len(loaded.digest) == 64


def test_orders_are_joined_key_by_key() -> None:
    """A project's own words about its orders stand over those at the top; codes are kept by locale."""
    text = SMALL + (
        "order: {customer: ACME, deliveryDate: +10d, tags: [web]}\n"
        "projects:\n  mate:\n    provider: smartmate\n    id: site\n    locales: {de-DE: de-AT}\n"
        "    order: {contact: 'Doe, Jane', customer: Other, timeZone: Europe/London, purchaseOrder: 12}\n"
    )
    project = load(text.replace("    target", "    project: mate\n    target")).projects["mate"]
    assert dict(project.locales) == {"de-DE": "de-AT"}
    assert project.settings == OrderSettings(
        customer="Other", contact="Doe, Jane", delivery_date="+10d", time_zone="Europe/London",
        purchase_order="12", tags=("web",),
    )  # fmt: skip


def test_scalars_stay_text_where_text_is_wanted() -> None:
    """Neither `no` nor `012` nor `1e5` nor a date becomes anything else than its text."""
    text = (
        HEAD.replace("fr-FR", "no")
        + ENTRY
        + "    directives: {a: on, b: 012, c: 1e5, d: 2026-01-02, e: 1_0, f: ON}\n"
    )
    resource = only(text)
    assert list(resource.locales.names) == ["de-DE", "no"]
    assert list(resource.directives.values()) == ["on", "012", "1e5", "2026-01-02", "1_0", "ON"]


def test_a_directive_that_is_a_list_becomes_json() -> None:
    """Lists and mappings are sent as JSON text, with numbers and booleans of their own."""
    text = (
        SMALL
        + "    directives:\n      translate_paths: [{path: a/b, key: '{*}', limit: 5, on: true, off: no}]\n"
    )
    expected = '[{"path": "a/b", "key": "{*}", "limit": 5, "on": true, "off": "no"}]'
    assert only(text).directives == {"translate_paths": expected}


@pytest.mark.parametrize(
    ("own", "expected", "explicit"),
    [
        ("", {"de-DE": ("de",), "fr-FR": ("fr-FR",)}, ""),
        ("locales: {only: [ja, de-DE]}", {"ja": ("ja",), "de-DE": ("de",)}, ""),
        ("locales: {except: [de-DE]}", {"fr-FR": ("fr-FR",)}, ""),
        ("locales: {map: {de-DE: x}}", {"de-DE": ("x",), "fr-FR": ("fr-FR",)}, "de-DE"),
        ("locales: [ja]", {"ja": ("ja",)}, ""),
        ("locales: {ja: jp, ko: }", {"ja": ("jp",), "ko": ("ko",)}, "ja"),
        ("locales: {de-DE: [a, b]}", {"de-DE": ("a", "b")}, "de-DE"),
    ],
)
def test_a_resource_takes_changes_or_replaces_the_locales(
    own: str, expected: dict[str, tuple[str, ...]], explicit: str
) -> None:
    """A choice changes the manifest's locales; a list or mapping replaces them."""
    text = f"version: 1\nlocales: {{de-DE: de, fr-FR: ~}}\n{ENTRY}    {own}\n"
    rule = only(text).locales
    assert dict(rule.names) == expected
    assert rule.explicit == frozenset(explicit.split())


def test_job_settings_are_joined_key_by_key() -> None:
    """The resource wins over its project, the project over the defaults, these over the top."""
    text = (
        "version: 1\nlocales: [de]\njob: {name: top, description: top, dueDate: +1d, referenceNumber: 007}\n"
        "defaults: {project: p, job: {description: defaults, dueDate: +2d}}\n"
        "projects: {p: {id: x, job: {dueDate: +3d, reuse: false}}}\n"
        "resources:\n  - {source: a, target: null, job: {reuse: true}}\n  - {source: b, target: null}\n"
    )
    first, second = (resource.job for resource in load(text).resources)
    assert (first.name, first.description, first.due_date, first.reuse) == ("top", "defaults", "+3d", True)
    assert (second.reference_number, second.reuse) == ("007", False)


def test_defaults_are_joined_and_lists_replaced() -> None:
    """Mappings of a resource are laid over those of the defaults; lists take their place."""
    text = HEAD + (
        "defaults: {exclude: [a], directives: {x: 1, y: 1}, target: 'o/{locale}/*',"
        " locales: {map: {de-DE: de}}}\n"
        "resources:\n  - {source: s/*, exclude: [b], directives: {y: 2}, locales: {only: [de-DE]}}\n"
    )
    resource = only(text)
    assert (resource.excludes, resource.target) == (("b",), "o/{locale}/*")
    assert resource.directives == {"x": "1", "y": "2"}
    assert resource.locales.names == {"de-DE": ("de",)}


def test_places_point_at_values_inherited_ones_at_the_defaults() -> None:
    """Each value's place is known by its dotted key, wherever the value stands."""
    _, android, legal = load(FULL).resources
    shown = {
        key: (place.line, place.text[place.column - 1 : place.end_column - 1])
        for key, place in android.places.items()
    }
    assert shown["target"] == (33, '"**/src/main/res/values-{locale:android}/strings*.xml"')
    assert shown["locales.map.fr-FR"] == (34, "fr-rFR")
    assert shown["locales.fr-FR"] == (34, "fr-rFR")
    assert shown["pull.incomplete"] == (20, "empty")
    assert shown["job.name"] == (13, '"{repo} {branch}"')
    assert legal.places["source.1"].column == 26
    assert legal.places["locales.de-DE"].line == 6
    assert (legal.place.line, legal.place.column) == (37, 5)


@pytest.mark.parametrize(
    ("said", "environ", "expected", "variable"),
    [
        ("", {"SMARTLING_PROJECT_ID": "e1"}, "e1", "SMARTLING_PROJECT_ID"),
        ("", {}, "", "SMARTLING_PROJECT_ID"),
        ("project: 12e4", {"SMARTLING_PROJECT_ID": "e1"}, "12e4", "SMARTLING_PROJECT_ID"),
        ("project: ${MY_PROJECT_ID}", {"MY_PROJECT_ID": " e2 "}, "e2", "MY_PROJECT_ID"),
        ("project: ${MY_PROJECT_ID}", {"SMARTLING_PROJECT_ID": "e1"}, "", "MY_PROJECT_ID"),
        ("credentials: WEB", {"SMARTLING_WEB_PROJECT_ID": "e3"}, "e3", "SMARTLING_WEB_PROJECT_ID"),
        ("provider: smartmate", {"SMARTMATE_PROJECT_ID": "e4"}, "e4", "SMARTMATE_PROJECT_ID"),
    ],
)
def test_project_ids_come_from_the_manifest_or_the_environment(
    said: str, environ: dict[str, str], expected: str, variable: str
) -> None:
    """An id is taken as written, from the variable it names, or from the usual one; it may be missing."""
    project = load(f"{said}\n{SMALL}", environ).projects["default"]
    assert (project.id, project.id_variable) == (expected, variable)


def test_anchors_and_merge_keys_work() -> None:
    """Anchors save repetition; keys beside a merge win."""
    text = HEAD + (
        "resources:\n  - &a {source: a/*, target: '{locale}/a/*', push: false}\n"
        "  - {<<: *a, source: b/*, target: '{locale}/b/*'}\n"
    )
    _, second = load(text).resources
    assert (second.sources, second.push) == (("b/*",), False)


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_of_any_editor_are_accepted(prefix: bytes, end: str) -> None:
    """A byte order mark and any line ends change neither meaning nor places."""
    data = prefix + FULL.replace("\n", end).encode()
    assert load(data).resources[1].places["target"] == load(FULL).resources[1].places["target"]


def test_the_nearest_manifest_is_found_up_to_the_root(tmp_path: Path) -> None:
    """The search goes upwards, and not beyond where it is told to stop."""
    deep = tmp_path / "repo" / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / ".l10n.yml").touch()
    assert manifest.find(deep, tmp_path / "repo") is None
    (tmp_path / "repo" / ".l10n.yml").touch()
    assert manifest.find(deep, tmp_path / "repo") == tmp_path / "repo" / ".l10n.yml"
    (deep / ".l10n.yml").touch()
    assert manifest.find(deep, tmp_path / "repo") == deep / ".l10n.yml"


# --- what is said about a wrong one -------------------------------------------------------------------


def entry(extra: str) -> str:
    return f"{SMALL}    {extra}\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "mark", "words"),
    [
        (b"\xff\xfev\0", "E101", 1, 1, "", "UTF-16"),
        (b"version: \xe9\n", "E101", 1, 10, "\ufffd", "byte 0xE9"),
        ("version: 1\nx: a\x01b\n", "E101", 2, 5, "\x01", "U+0001"),
        ("version: 1\nlocales:\n\t- de\n", "E102", 3, 1, "\t", "tab"),
        (HEAD + "resources:\n  - source: **/*.json\n", "E102", 4, 13, "*", "begin with `*`"),
        (HEAD + "resources:\n  - source: *x\n", "E102", 4, 13, "*x", "no anchor"),
        (HEAD + "resources:\n  - source: [id]/x\n", "E102", 4, 17, "/", "nothing can follow the `]`"),
        ('version: "1\n', "E102", 1, 10, '"', "not closed"),
        ("version: 1\n  x: y\n", "E102", 2, 4, ":", "a `:` is not allowed"),
        (entry("excldue: x"), "E103", 6, 5, "excldue", "unknown key `excldue`"),
        (entry("retrievalType: pending"), "E103", 6, 5, "retrievalType", "unknown key"),
        (entry("locales: {onyl: [de]}"), "E103", 6, 15, "onyl", "unknown key"),
        ("", "E104", 1, 1, "", "empty"),
        ("# only a comment\n", "E104", 1, 1, "#", "empty"),
        ("version: 1\n", "E104", 1, 1, "version", "needs `resources`"),
        (HEAD + "resources:\n  - source: a\n", "E104", 4, 5, "source", "needs `target`"),
        ("version: 1\n" + ENTRY, "E104", 3, 5, "source", "has no locale"),
        ("[]\n", "E105", 1, 1, "[]", "expected a mapping, found a list"),
        (entry("fileUri: {path}"), "E105", 6, 14, "{path}", "expected a string, found a mapping"),
        (entry("push: yes"), "E105", 6, 11, "yes", "expected `true` or `false`, found `yes`"),
        (entry("push: 'true'"), "E105", 6, 11, "'true'", "found a string"),
        (entry("pull: {minCompletion: 1_0}"), "E105", 6, 27, "1_0", "a whole number"),
        (entry("pull: {minCompletion: 012}"), "E105", 6, 27, "012", "a whole number"),
        (entry("charset:"), "E105", 6, 12, ":", "expected a string, found nothing"),
        (entry("pull: {incomplete: sorce}"), "E106", 6, 24, "sorce", "is not one of `source`"),
        (entry("pull: {style: theirs}"), "E106", 6, 19, "theirs", "smartling"),
        (entry("rules: {key-lost: warning}"), "E103", 6, 13, "key-lost", "unknown key"),
        (entry("rules: {unreadable: ignore}"), "E103", 6, 13, "unreadable", "unknown key"),
        (entry("pull: {minCompletion: 101}"), "E106", 6, 27, "101", "above 100"),
        (entry("job: {dueDate: soon}"), "E106", 6, 20, "soon", "not allowed here"),
        (entry("charset: utf-88"), "E106", 6, 14, "utf-88", "not a character set"),
        (entry("exclude: ['']"), "E106", 6, 15, "''", "`exclude` is empty"),
        (SMALL + "project: a/b\n", "E106", 6, 10, "a/b", "cannot be a project id"),
        (SMALL + "projects: {a b: {id: x}}\n", "E106", 6, 12, "a b", "not allowed"),
        (SMALL.replace("fr-FR", "de-DE"), "E106", 2, 18, "de-DE", "twice"),
        (entry("source: b"), "E107", 6, 5, "source", "occurs twice"),
        (SMALL + "---\na: b\n", "E108", 6, 1, "---", "one YAML document"),
        (entry("name: !include x"), "E108", 6, 11, "!include", "the YAML tag `!include`"),
        (entry("name: !!python/name:os.system x"), "E108", 6, 11, "!!python/name:os.system", "refused"),
        (entry("{a: b}: c"), "E108", 6, 5, "{a: b}", "cannot be a key"),
        ("version: 2\nanything: else\n", "E109", 1, 10, "2", "newer l10nsync"),
        (SMALL + "baseUrl: https://x\n", "E110", 6, 1, "baseUrl", "is not allowed in a manifest"),
        (entry("postProcess: rm"), "E110", 6, 5, "postProcess", "is not allowed in a manifest"),
        (SMALL + "project: ${HOME}\n", "E111", 6, 10, "${HOME}", "not expanded"),
        (SMALL + "project: a${X_PROJECT_ID}\n", "E111", 6, 11, "${X_PROJECT_ID}", "whole project id"),
        (entry("project: nope"), "E112", 6, 14, "nope", "no project `nope`"),
        (SMALL + "projects: {default: {id: x}}\n", "E112", 6, 12, "default", "own project"),
        (SMALL + "project: p\nprojects: {p: {id: x}}\n", "E112", 6, 10, "p", "name of a project"),
        (SMALL + "  - {source: x, target: ~, name: en/*.json}\n", "E113", 6, 34, "en/*.json", "called"),
        (SMALL.replace("fr-FR", "'a,b'"), "E114", 2, 18, "'a,b'", "cannot be a locale id"),
        (SMALL.replace("[de-DE, fr-FR]", "{de: ../x}"), "E115", 2, 15, "../x", "cannot be a local name"),
        (entry("copies: [en//AU]"), "E115", 6, 14, "en//AU", "cannot be a local name"),
        (SMALL.replace("en/*.json", "en/[a.json"), "E116", 4, 16, "[", "class"),
        (SMALL.replace("{locale}/*.json", "{locale}/**/*.json"), "E116", 5, 23, "**", "wildcard 1"),
        (entry("namespace: '{name}/{2}'"), "E116", 6, 24, "{2}", "wildcard 2"),
        (SMALL.replace("{locale}/", "{lcale}/"), "E117", 5, 14, "{lcale}", "unknown placeholder"),
        (entry("fileUri: '{locale}/*'"), "E117", 6, 15, "{locale}", "no meaning in a fileUri"),
        (entry("namespace: '{branch}/*'"), "E117", 6, 17, "{branch}", "no meaning in a namespace"),
        (entry("job: {name: 'x {brnch}'}"), "E117", 6, 20, "{brnch}", "unknown placeholder"),
        (SMALL.replace("{locale}/", "out/"), "E118", 5, 13, "'out/*.json'", "no locale in it"),
        (SMALL + "job: {localeWorkflows: {de-DE: x}}\n", "E119", 6, 24, "{de-DE: x}", "for fr-FR"),
        (SMALL + "sourceLocale: de-de\n", "E120", 2, 11, "de-DE", "is the source locale"),
        (entry("locales: {except: [fr]}"), "E121", 6, 24, "fr", "not among the locales"),
        (entry("locales: {map: {pt-BR: pt}}"), "E121", 6, 21, "pt-BR", "not among the locales"),
        (SMALL + "projects: {p: {id: x, order: {note: n}}}\n", "E122", 6, 30, "{note: n}", "needs `provider"),
        (SMALL + "projects: {p: {id: x, locales: {de: x}}}\n", "E122", 6, 32, "{de: x}", "needs `provider"),
        (SMALL + "provider: smartmate\norder: {timeZone: Mars}\n", "E123", 7, 19, "Mars", "no time zone"),
        (SMALL + "order: {note: n}\n", "E122", 6, 8, "{note: n}", "no project has"),
        (SMALL + "provider: smartmate\njob: {maxCost: 5}\n", "E124", 7, 16, "5", "does not use it"),
        (SMALL + "provider: smartmate\njob: {rush: true}\n", "E124", 7, 13, "true", "does not use it"),
        (entry("namespace: x/*") + "provider: smartmate\n", "E124", 6, 16, "x/*", "does not use it"),
        (
            entry("pull: {retrievalType: pending}") + "provider: smartmate\n",
            "E124", 6, 27, "pending", "does not use it",
        ),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code_place_and_words(
    text: str | bytes, code: str, line: int, column: int, mark: str, words: str
) -> None:
    """One mistake gives one problem, with the caret exactly under its cause."""
    (problem,) = errors(text)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert marked(problem) == mark
    assert words in problem.message
    assert problem.file == ".l10n.yml"


def test_a_key_for_one_of_two_providers_is_accepted() -> None:
    """What the defaults say counts where it can; a resource that it is not meant for does not refuse it."""
    both = (
        HEAD
        + """\
job: {localeWorkflows: {de-DE: a, fr-FR: b}}
defaults: {pull: {retrievalType: pending}}
projects: {texts: {provider: smartmate, id: x}}
resources:
  - {source: a/en.json, target: "a/{locale}.json"}
  - {source: b/en.json, target: "b/{locale}.json", project: texts}
"""
    )
    assert load(both).resources[1].project == "texts"


def test_what_a_provider_lacks_is_what_its_abilities_say() -> None:
    """`maxCost` is refused exactly where nobody can estimate a cost."""
    smartling, smartmate = services.ours()
    assert ("job.maxCost" in smartmate.useless) is not Abilities(smartmate.workflow).costs
    assert not smartling.useless


def test_every_code_is_explained_and_tried() -> None:
    """Each code has its paragraph, and the table above has an example of each."""
    test = test_each_mistake_has_its_code_place_and_words
    tried = {row[1] for mark in test.pytestmark for row in mark.args[1]}  # type: ignore[attr-defined]
    assert tried == set(manifest.CODES)


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        (entry("excldue: x"), "Did you mean `exclude`?"),
        (entry("retrievalType: pending"), "`retrievalType` belongs in `pull`."),
        (entry("push: no"), "A boolean is written `true` or `false`, in lower case and without quotes."),
        (entry("fileUri: {path}"), "A string that begins with `{` needs quotes."),
        (entry("name: null"), 'Write "null" in quotes if you mean the string.'),
        (SMALL + "callbackUrl: x\n", "Callback URLs come from L10NSYNC_CALLBACK_URL."),
        (SMALL + "httpsProxy: x\n", "Proxies come from HTTPS_PROXY and NO_PROXY in the environment."),
        (SMALL + "hooks: x\n", "A manifest runs nothing: run it in your pipeline, before or after l10nsync."),
        (entry("fileUrl: '{path}'"), "Did you mean `fileUri`?"),
        (SMALL + "projekts: {}\n", "Did you mean `projects`?"),
    ],
)
def test_the_help_says_what_to_do(text: str, help_text: str) -> None:
    """A problem comes with the way out of it."""
    assert [each.help for each in errors(text)] == [help_text]


def test_all_problems_are_reported_at_once_in_order() -> None:
    """YAML, schema and meaning are all looked at in one run."""
    text = (
        "version: 1\nlocales: [de-DE]\nresources:\n  - sorce: x\n    target: null\n    push: yes\n"
        "  - {source: a, source: b, target: '{locle}', project: x, project_id: y}\n"
    )
    found = [(each.line, each.code) for each in errors(text)]
    assert found == sorted(found, key=lambda each: each[0])
    assert {code for _, code in found} == {"E103", "E105", "E107", "E112", "E117"}


def test_a_problem_of_the_defaults_is_reported_once() -> None:
    """A bad pattern that many resources inherit is one problem, at its only place."""
    rows = "".join(f"  - {{source: s{n}/*}}\n" for n in range(5))
    (problem,) = errors(f"{HEAD}defaults: {{target: '{{lcale}}/*'}}\nresources:\n{rows}")
    assert (problem.line, marked(problem)) == (3, "{lcale}")


@pytest.mark.parametrize(
    "text", ["userSecret: s3cr3t", "{a: b, token: s3cr3t}", "apiKey: [s3cr3t", "password = s3cr3t: x:"]
)
def test_a_secret_is_never_shown(text: str) -> None:
    """The offending line is printed in logs, so what looks like a secret in it is masked."""
    assert "s3cr3t" not in repr(errors(f"{SMALL}{text}\n"))


def test_a_conflict_names_the_other_side() -> None:
    """Of two resources with one name both places are given."""
    (problem,) = errors(SMALL + "  - {source: x, target: null, name: en/*.json}\n")
    assert [(each.line, each.message) for each in problem.related] == [(4, "first used here")]


def test_a_bad_id_in_the_environment_is_not_quoted() -> None:
    """Whatever the variable holds, it might be a secret put there by mistake."""
    (problem,) = errors(SMALL, {"SMARTLING_PROJECT_ID": "s3cr3t value"})
    assert "SMARTLING_PROJECT_ID" in problem.message
    assert "s3cr3t" not in repr(problem)


# --- hostile files --------------------------------------------------------------------------------------

_BOMB = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
_MERGE_BOMB = "a: &a0 {x: 1}\n" + "".join(
    f"b{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], y{n}: *a{n - 1}}}\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_BOMB, "E108"),
        (_MERGE_BOMB, "E108"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "E108"),
        ("a: " + "{b: " * 5_000 + "}" * 5_000, "E108"),
        ("\n".join(" " * n + "a:" for n in range(900)), "E108"),
        ("- " * 5_000 + "x", "E108"),
        ("? " * 5_000 + "x", "E108"),
        ("x" * 2_000_000, "E101"),
        ("a: [" + "x, " * 300_000 + "]", "E108"),
        ("a: &a [*a]", "E102"),
        ("\0" * 1_000, "E101"),
    ],
    ids=["alias", "merge", "lists", "mappings", "blocks", "dashes", "keys", "2 MB", "values", "cycle", "NUL"],
)
def test_a_hostile_file_is_refused_at_once(text: str, code: str) -> None:
    """Bombs, depth and size end in one error, and no work is done that grows with them."""
    found: list[Diagnostic] = []
    spent = effort(lambda: found.extend(errors(text)))
    assert [each.code for each in found] == [code]
    assert spent < 600_000


def test_an_alias_within_reason_is_fine_and_ten_thousand_values_are_not() -> None:
    """The expansion of aliases is capped as a whole, not forbidden."""
    words = ", ".join(["x"] * 99)
    rows = "".join(f"  - {{source: s{n}, target: null, exclude: *a}}\n" for n in range(90))
    head = f"{HEAD}resources:\n  - {{source: s, target: null, exclude: &a [{words}]}}\n"
    assert len(load(head + rows).resources) == 91
    more = "".join(f"  - {{source: t{n}, target: null, exclude: *a}}\n" for n in range(20))
    assert [each.code for each in errors(head + rows + more)] == ["E108"]


def attempt(data: bytes) -> None:
    """Load DATA; nothing but a manifest or a well-formed `ManifestError` may come of it."""
    try:
        found = load(data)
    except ManifestError as error:
        problems = error.diagnostics
    else:
        assert found.resources
        return
    assert problems
    for each in problems:
        assert each.code in manifest.CODES
        assert each.message
        assert each.line >= 1
        assert 1 <= each.column < each.end_column
        assert "is not valid under" not in each.message


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_mutation_gives_a_manifest_or_its_errors(data: st.DataObject) -> None:
    """Whatever is cut out of or put into a manifest, the answer is a manifest or its problems."""
    start = data.draw(st.integers(0, len(FULL)))
    end = data.draw(st.integers(start, min(start + 40, len(FULL))))
    junk = data.draw(st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@`#,?<~ \n\t\r0é\u2028\x85\0$"), max_size=12))
    attempt((FULL[:start] + junk + FULL[end:]).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_errors(data: bytes) -> None:
    """Bytes that are no manifest end in a `ManifestError`, whatever they are."""
    attempt(data)


def test_a_thousand_typos_are_all_answered() -> None:
    """One wrong character anywhere is a manifest or an error with a place, and quick."""
    chooser = random.Random(20260101)
    for _ in range(1_000):
        at = chooser.randrange(len(SMALL))
        replaced = chooser.choice(["", chooser.choice("abz09:-[]{}&*!|>'\"%@`#,?~ \n\t")])
        attempt((SMALL[:at] + replaced + SMALL[at + chooser.randrange(2) :]).encode())


_Json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.sampled_from(["", "a", "de-DE", "{locale}", "no", "../x", "*"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "only",
                    "map",
                    "name",
                    "source",
                    "target",
                    "id",
                    "job",
                    "pull",
                    "de-DE",
                    "x",
                    "localeWorkflows",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
_KEYS = [each.split(":")[0].strip(" -") for each in FULL.split("\n") if ":" in each]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*_KEYS, "copies", "include", "optional", "push", "charset"]), _Json, st.booleans())
def test_any_value_under_any_key_is_answered(key: str, value: object, top: bool) -> None:
    """A value of the wrong kind under a right key is reported, never stumbled over."""
    import json

    said = f"{json.dumps(key)}: {json.dumps(value)}\n"
    attempt((said + SMALL if top else f"{SMALL}    {said}").encode())


def test_what_is_loaded_is_a_value() -> None:
    """Loading twice gives the same value; another byte gives another digest."""
    assert load(FULL) == load(FULL)
    assert load(FULL + "#").digest != load(FULL).digest
    assert dataclasses.is_dataclass(load(FULL))
