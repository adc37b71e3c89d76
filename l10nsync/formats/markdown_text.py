"""What a paragraph of Markdown or MDX has that is not prose: code spans, labels, footnotes, links, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.formats.documents import Document, Unit
from l10nsync.formats.string_problems import Problem

_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]:?")
_DESTINATION = re.compile(
    r"\]\(\s*(?P<url><[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_SOURCE = re.compile(
    r"""<(?:a|img|video|source|iframe)\s[^<>]*?\b(?:href|src)=["'](?P<url>[^"'<>{}]+)["']""", re.IGNORECASE
)
"""Of a tag of HTML that leads somewhere."""
_ANCHOR = re.compile(r"\{#[\w-]+\}[ \t]*$", re.MULTILINE)
"""The name of a heading, by which links find it."""
_IMPORT = re.compile(r"^import\b(?P<names>[^\n;]*?)\bfrom\b", re.MULTILINE)
_LABEL = re.compile(
    r"\](?P<full>\[[^\[\]]+\])|(?<![\]\\!])(?P<short>\[(?![\^ xX]?\])[^\[\]]+\])(?P<empty>\[\])?(?![\[(:])"
)
_DEFINITION = re.compile(r"^[ >\t]*\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ \t]*\S", re.MULTILINE)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][\w+.-]*:[^<>\s]*|[\w.+-]+@[\w.-]+)>")
_JSX = re.compile(
    r"""</?(?P<name>[A-Za-z][\w.:-]*)(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^<>"'{}])*?(?P<empty>/?)>|</?>"""
)
_EXPRESSION = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_NOT_JSX = re.compile(
    r"\A---[ \t]*\n.*?\n---[ \t]*\n"
    r"|^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|^(?:import|export)\b.*?(?=\n[ \t]*\n|\Z)|\{/\*.*?\*/\}"
    r"|(?<![`\\])(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)|<!--.*?-->|<https?:[^<>]*>",
    re.DOTALL | re.MULTILINE,
)
"""What in MDX is neither component nor expression."""
_FENCED = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_BOX = re.compile(r"^[ \t>]*:{3,}[ \t]*(?:(?P<name>[A-Za-z][\w-]*)|(?P<end>\r?$))", re.MULTILINE)
"""Of Docusaurus, Starlight and VitePress: `:::note` and the `:::` that closes it."""
_SHORTCODE = re.compile(r"\{\{[<%]\s*/?\s*(?P<name>[A-Za-z][\w/.-]*)[^{}]*[>%]\}\}")
"""Of Hugo."""
_ARGUMENT = re.compile(r"\{\s*[A-Za-z_$][^\"'`{}\n]*\}")
_DIRECTIVE = re.compile(r"^[ \t]*(?::{2,}.*|\{[%:#.].*\}|!!!.*|\?\?\?.*)$|\{[%{].*?[%}]\}", re.MULTILINE)
_MATH = re.compile(r"\$\$.+?\$\$|(?<![\w$\\])\$(?=\S)[^$\n]*[^\s$]\$(?![\w$])", re.DOTALL)
_PATTERNS = (_CODE, _FOOTNOTE, _DESTINATION, _LABEL, _AUTOLINK, _JSX, _EXPRESSION, _DIRECTIVE, _MATH)


def held(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that are syntax."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield found.span()


def compare(source: Document, translation: Document, *, mdx: bool) -> Iterator[tuple[Problem, int]]:
    """Yield what the whole document loses, with the line of the paragraph where it was, 0 if unknown.

    The service may write paragraphs anew, so a code span may move from one to another.
    """
    before, after = _MarkdownParts(source, mdx=mdx), _MarkdownParts(translation, mdx=mdx)
    for spelled in before.code.keys() - after.code.keys():
        hint = "Code is not translated; put it where it belongs."
        yield _lost("placeholder-missing", "error", spelled, hint), _line(source, translation, spelled)
    for spelled in before.footnotes - after.footnotes:
        hint = "Put it where it belongs: without it the note cannot be reached."
        yield _lost("placeholder-missing", "error", spelled, hint), _line(source, translation, spelled)
    defined = {label for label in before.labels if _folded(label) in before.defined}
    for label in sorted(defined):
        if _folded(label) not in {_folded(label) for label in after.labels}:
            hint = f"The text in front may be translated, the label not: [text]{label}"
            yield _lost("placeholder-missing", "error", label, hint), _line(source, translation, label)
        elif _folded(label) not in after.defined:
            hint = "Keep the line that begins with it, at the end of the source."
            message = f"`{label}` is not defined, so it is shown as it is written"
            yield Problem("placeholder-missing", "error", message, None, hint), 0
    for url in before.links - after.links:
        hint = "The source has a link to it; if the translation has another target on purpose, leave it."
        yield _lost("link-missing", "warning", url, hint), _line(source, translation, url)
    for anchor in sorted(before.anchors - after.anchors):
        hint = "Links find the heading by this name; it is not translated."
        yield _lost("link-missing", "warning", anchor, hint), _line(source, translation, anchor)
    yield from _boxes(before, after, source, translation)
    for name in before.shortcodes.keys() - after.shortcodes.keys():
        spelled, hint = before.shortcodes[name], "A shortcode is code; put it where it belongs."
        yield _lost("placeholder-missing", "error", spelled, hint), _line(source, translation, spelled)
    for name in after.shortcodes.keys() - before.shortcodes.keys():
        yield _new(
            after.shortcodes[name], "Hugo builds no page with a shortcode that it does not know.", translation
        )
    if mdx:
        yield from _mdx(before, after, source, translation)


def _boxes(
    before: _MarkdownParts, after: _MarkdownParts, source: Document, translation: Document
) -> Iterator[tuple[Problem, int]]:
    """Yield boxes (`:::note`) that are lost, shown as they are written, or not closed."""
    hint = "Only the text and the title of a box are translated."
    for name in sorted(before.boxes - after.boxes):
        yield (
            _lost("placeholder-missing", "warning", f":::{name}", hint),
            _line(source, translation, f":::{name}"),
        )
    for name in sorted(after.boxes - before.boxes) if before.boxes else ():
        yield _new(f":::{name}", hint, translation)
    if before.boxes and not before.open_boxes and after.open_boxes:
        message = "a box is not closed, so it goes on to the end of the page"
        hint = "Write `:::` alone on the line that closes it, as the source has it."
        yield Problem("tag-balance", "error", message, None, hint), 0


def _new(spelled: str, hint: str, translation: Document) -> tuple[Problem, int]:
    line = translation.text.count("\n", 0, max(translation.text.find(spelled), 0)) + 1
    return Problem("placeholder-extra", "error", f"`{spelled}` is not in the source", None, hint), line


def _lost(rule: str, severity: str, spelled: str, hint: str) -> Problem:
    message = f"{spelled if spelled.startswith('`') else f'`{spelled}`'} is missing"
    return Problem(rule, severity, message, None, hint)


def _folded(label: str) -> str:
    return " ".join(label.strip("[]").split()).casefold()


def _line(source: Document, translation: Document, spelled: str) -> int:
    """Return the line of the paragraph in the place where the source has the part."""
    if len(source.units) != len(translation.units):
        return 0
    pairs = zip(source.units, translation.units, strict=True)
    return next((after.line for before, after in pairs if spelled in before.text), 0)


class _MarkdownParts:
    """The parts of a document, prose aside."""

    def __init__(self, document: Document, *, mdx: bool) -> None:
        self.code: dict[str, None] = {}
        self.footnotes: set[str] = set()
        self.labels: dict[str, None] = {}
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.imported: set[str] = set()
        self.lone_sign = False
        self.tags: dict[str, str] = {}
        self.expressions: dict[str, None] = {}
        self.balanced = True
        prose = (
            _FENCED.sub("", document.text)
            if "```" in document.text or "~~~" in document.text
            else document.text
        )
        boxes = list(_BOX.finditer(prose)) if ":::" in prose else []
        self.boxes = {found["name"] for found in boxes if found["name"]}
        self.open_boxes = sum(1 if found["name"] else -1 for found in boxes)
        self.shortcodes = (
            {found["name"]: found[0] for found in _SHORTCODE.finditer(prose)} if "{{" in prose else {}
        )
        self.defined = {_folded(found[1]) for found in _DEFINITION.finditer(document.text)}
        for unit in document.units:
            self._take(unit.text)
        if mdx:
            self._take_program(document.text)

    def _take(self, text: str) -> None:
        self.code.update(dict.fromkeys(found[0] for found in _CODE.finditer(text)))
        rest = _CODE.sub(lambda found: " " * len(found[0]), text)
        self.footnotes |= {found[0].rstrip(":") for found in _FOOTNOTE.finditer(rest)}
        labels = (found["full"] or found["short"] for found in _LABEL.finditer(rest))
        self.labels.update(dict.fromkeys(label for label in labels if not label.startswith("[^")))
        self.links |= {found["url"] for found in _DESTINATION.finditer(rest) if found["url"]}
        if "<" in rest:
            self.links |= {found["url"] for found in _SOURCE.finditer(rest)}
            self.links |= {found[0] for found in _AUTOLINK.finditer(rest)}
        if "{#" in rest:
            self.anchors |= {found[0].strip() for found in _ANCHOR.finditer(rest)}

    def _take_program(self, text: str) -> None:
        """Take in components and expressions, which may be on lines of their own, as no text of a unit."""
        for found in _IMPORT.finditer(text):
            self.imported |= set(re.findall(r"[A-Z]\w*", found["names"]))
        rest = _NOT_JSX.sub("", text)
        opened: list[str] = []
        for found in _JSX.finditer(rest):
            name = found["name"] or ""
            if name[:1].isupper():
                self.tags.setdefault(name, found[0])
            if found[0].startswith("</"):
                self.balanced &= bool(opened) and opened.pop() == name
            elif not found["empty"]:
                opened.append(name)
        bare = _JSX.sub("", rest)
        arguments = (found[0] for found in _EXPRESSION.finditer(bare) if _ARGUMENT.fullmatch(found[0]))
        self.expressions.update(dict.fromkeys("".join(text.split()) for text in arguments))
        self.lone_sign = re.search(r"(?<!\\)<", bare) is not None
        self.balanced &= not opened and not re.search(r"(?<!\\)[{}]", _EXPRESSION.sub("", bare))


def _mdx(
    before: _MarkdownParts, after: _MarkdownParts, source: Document, translation: Document
) -> Iterator[tuple[Problem, int]]:
    hint = "MDX is a program: components and the code in braces are not translated."

    def gone(rule: str, spelled: str) -> tuple[Problem, int]:
        return _lost(rule, "error", spelled, hint), _line(source, translation, spelled)

    def new(rule: str, spelled: str) -> tuple[Problem, int]:
        line = next((unit.line for unit in translation.units if spelled in unit.text), 0)
        return Problem(rule, "error", f"`{spelled}` is not in the source", None, hint), line

    for name in before.tags.keys() - after.tags.keys():
        yield gone("tag-missing", before.tags[name])
    for name in after.tags.keys() - before.tags.keys():
        yield new("tag-extra", after.tags[name])
    for name in sorted(before.imported - after.imported):
        if name in after.tags:
            message = f"`{name}` is used and not imported"
            yield Problem("tag-missing", "error", message, None, "Keep the lines that import components."), 0
    if after.lone_sign and not before.lone_sign:
        message = "a `<` that begins no tag, at which MDX stops"
        yield Problem("tag-balance", "error", message, None, "Write `&lt;` for the sign itself."), 0
    for spelled in before.expressions.keys() - after.expressions.keys():
        yield gone("placeholder-missing", spelled)
    for spelled in after.expressions.keys() - before.expressions.keys():
        yield new("placeholder-extra", spelled)
    if before.balanced and not after.balanced:
        message = "a tag or a brace is not closed, so MDX refuses the file"
        yield Problem("tag-balance", "error", message, None, hint), _unbalanced(source, translation)


def _unbalanced(source: Document, translation: Document) -> int:
    """Return the line of the paragraph whose tags are not in order although its source's are."""
    if len(source.units) != len(translation.units):
        return 0
    pairs = zip(source.units, translation.units, strict=True)
    return next((after.line for before, after in pairs if _ordered(before) and not _ordered(after)), 0)


def _ordered(unit: Unit) -> bool:
    return _MarkdownParts(Document(unit.text, ()), mdx=True).balanced
