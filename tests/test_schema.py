"""Schema, model and reference say the same; the schema itself is sound and agrees with the loader."""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from l10nsync import manifest
from l10nsync.errors import ManifestError
from l10nsync.formats import Finding
from l10nsync.formats.quality_rules import TUNABLE
from l10nsync.manifest import declared
from l10nsync.manifest.problems import Problems
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.tree import parse
from l10nsync.model import JobRequest, JobSettings, PullSettings, keys
from l10nsync.plan import Reason, finding_data
from l10nsync.providers.smartmate.service import OrderSettings
from tests.test_manifest import FULL, SMALL, entry

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads(manifest.schema_text())
DEFINITIONS: dict[str, Any] = SCHEMA["definitions"]


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = DEFINITIONS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def described(schema: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every key that the schema describes, with its dotted name."""
    for key, value in schema.get("properties", {}).items():
        yield f"{name}.{key}", resolve(value)
        if "$ref" not in value:
            yield from described(value, f"{name}.{key}")


ALL_KEYS = [
    *described(SCHEMA, "manifest"),
    *(pair for name, value in DEFINITIONS.items() for pair in [(name, value), *described(value, name)]),
]


def test_the_schema_is_valid_draft_7() -> None:
    """The schema satisfies the meta-schema of the draft that it names."""
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("name", "schema"), ALL_KEYS, ids=[name for name, _ in ALL_KEYS])
def test_every_key_is_explained_with_valid_examples(name: str, schema: Mapping[str, Any]) -> None:
    """An editor has a title, a description and examples to show, and the examples fit the schema."""
    assert schema["title"]
    assert schema["description"].endswith(".")
    checker = Draft7Validator({**schema, "definitions": DEFINITIONS})
    assert schema["examples"]
    for example in schema["examples"]:
        assert checker.is_valid(example), f"{name}: {example}"


def test_every_mapping_is_closed_or_open_on_purpose() -> None:
    """No mapping of the schema takes keys that nobody thought of."""
    for name, schema in [("manifest", SCHEMA), *ALL_KEYS]:
        if schema.get("type") == "object":
            assert "additionalProperties" in schema, name


def test_the_schema_is_made_from_the_declared_keys() -> None:
    """What editors read is what the fields of the model declare; `make docs` writes it."""
    assert declared.schema_file() == manifest.schema_text(), "run make docs"
    assert json.loads(declared.schema_file()) == declared.manifest_schema()


@dataclasses.dataclass(frozen=True, slots=True)
class MoreJobSettings(JobSettings):
    """The settings of a job, with a key that nothing else has heard of."""

    cost_center: str = keys.text("Cost center", "Whom the work is charged to.", "4711", sent=True)


def test_a_key_is_declared_once() -> None:
    """One declared field is read, explained in schema and reference, and sent, without a word elsewhere."""
    settings = read_section(MoreJobSettings, parse(b"{name: n, costCenter: R-12}", "m", Problems()))
    assert (settings.name, settings.cost_center) == ("n", "R-12")
    assert keys.sent_texts(settings)["costCenter"] == "R-12"
    head = {"title": "Job", "description": "A job.", "examples": [{"costCenter": "4711"}]}
    schema = declared.section_schema(MoreJobSettings, head)
    assert Draft7Validator(schema).is_valid({"costCenter": "R-12"})
    assert "| `costCenter` | Whom the work is charged to. | `4711` |" in declared.rows(schema, {})


@pytest.mark.parametrize(
    "noun", [JobSettings, PullSettings, OrderSettings], ids=lambda noun: str(noun.__name__)
)
def test_settings_consist_of_declared_keys(noun: type) -> None:
    """No setting is without a key in the manifest."""
    assert {entry.name for entry, _ in keys.declared(noun)} == {
        each.name for each in dataclasses.fields(noun)
    }


def test_every_setting_of_a_job_reaches_the_provider() -> None:
    """A job is sent with all that the manifest sets about it."""
    assert issubclass(JobRequest, JobSettings)


def test_the_schema_knows_every_rule_that_may_be_turned_down() -> None:
    """`rules` has a key for each, with the words that explain it."""
    described = {rule: schema["description"] for rule, schema in DEFINITIONS["rules"]["properties"].items()}
    assert described == dict(TUNABLE)


@pytest.mark.parametrize("name", ["plan", "report"])
def test_findings_are_described_wherever_they_stand(name: str) -> None:
    """Each field of a finding has its key in the schemas of plan and report."""
    text = (ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8")
    fields = finding_data(Finding("empty", "error", "m")).keys()
    described = [each["items"]["properties"].keys() for each in _named("findings", json.loads(text))]
    assert described
    assert all(fields <= each for each in described)


def _named(name: str, node: Any) -> Iterator[Any]:
    """Yield every value with that key, wherever it stands."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == name)
        for value in node.values():
            yield from _named(name, value)


def test_defaults_are_a_resource_without_name_and_source() -> None:
    """`defaults` knows every key of a resource that several resources can share."""
    resource = dict(DEFINITIONS["resource"]["properties"])
    assert DEFINITIONS["defaults"]["properties"] == {
        key: value for key, value in resource.items() if key not in {"name", "source"}
    }


def test_the_reference_has_a_table_of_every_section() -> None:
    """`docs/manifest.md` has a row with the schema's own words for every key, as `make docs` writes them."""
    page = (ROOT / "docs" / "manifest.md").read_text("utf-8")
    shared = {"gates", "locales", "resources", "projects", "defaults"}
    sections = {name for name, schema in DEFINITIONS.items() if "properties" in schema} - shared
    for name in ("top", "branch", *sections):
        assert f"<!-- keys: {name} -->\n{declared.table(name)}\n" in page, name


def test_the_examples_of_the_reference_load() -> None:
    """Every YAML example of the reference is a manifest."""
    page = (ROOT / "docs" / "manifest.md").read_text("utf-8")
    examples = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    assert examples
    for example in examples:
        text = example if "version:" in example else f"version: 1\nlocales: [de-DE, fr-FR, zh-TW]\n{example}"
        text = text if "resources:" in text else f"{text}resources: [{{source: x, target: null}}]\n"
        assert manifest.load(text.encode(), file="docs", folder="", environ={}).resources


def test_the_schema_is_found_in_a_checkout() -> None:
    """The loader uses the very file that editors use."""
    assert manifest.schema_text() == (ROOT / "schemas" / "manifest.schema.json").read_text("utf-8")
    assert importlib.metadata.version("l10nsync")


@functools.cache
def editor() -> Draft7Validator:
    return Draft7Validator(SCHEMA)


@pytest.mark.parametrize("text", [FULL.replace("es-ES: no}", "es-ES: x}"), SMALL, entry("push: false")])
def test_an_editor_accepts_what_the_loader_accepts(text: str) -> None:
    """A YAML reader with types of its own, as editors have one, finds nothing wrong either."""
    assert list(editor().iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "extra",
    [
        "excldue: x",
        "push: maybe",
        "pull: {incomplete: x}",
        "fileUri: [x]",
        "job: {maxWords: -1}",
        "locales: {only: []}",
    ],
)
def test_an_editor_refuses_what_the_loader_refuses(extra: str) -> None:
    """What the schema can tell, an editor tells while one types."""
    assert not editor().is_valid(yaml.safe_load(entry(extra)))
    with pytest.raises(ManifestError):
        manifest.load(entry(extra).encode(), file="", folder="", environ={})


@pytest.mark.parametrize("name", ["plan", "report"])
def test_the_schemas_know_the_code_of_every_reason(name: str) -> None:
    """What programs tell reasons by is listed, and each stands beside words of its own."""
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    assert schema["definitions"]["change"]["properties"]["code"]["enum"] == [each.code for each in Reason]
    assert len({str(each) for each in Reason}) == len(Reason)


def test_reasons_explain_and_never_drive() -> None:
    """No code asks for a reason: what is decided by stands in fields of its own."""
    asked = r"\.reason\s*(\bis\b|\bin\b|\bnot in\b|==|!=)"
    compared = r"(\bis\b|\bin\b|==|!=)\s+\{?Reason\.|Reason\.\w+:"
    deciding = re.compile(f"{asked}|{compared}")
    for path in sorted((ROOT / "l10nsync").rglob("*.py")):
        lines = path.read_text("utf-8").splitlines()
        assert [line for line in lines if deciding.search(line)] == [], path
