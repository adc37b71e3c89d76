"""Builds the documentation as a site; `make docs-site` calls it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CONFIGURATION = DOCS / "mkdocs.yml"
BUILD = ROOT / "build/docs"
SITE = BUILD / "site"
SOURCE = "https://github.com/l10nsync/l10nsync"
BAR = r"\|"
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)#\s]+)")


def pages() -> list[str]:
    """Return the pages, relative to `docs`."""
    return sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def text_of(page: str) -> str:
    """Return a page for the site: links that leave `docs`, and tables, are written as they work there."""
    folder = (DOCS / page).parent

    def target(found: re.Match[str]) -> str:
        path = (folder / found[1]).resolve()
        if path.is_relative_to(DOCS):
            return found[1]
        kind = "tree" if path.is_dir() else "blob"
        return f"{SOURCE}/{kind}/main/{path.relative_to(ROOT).as_posix()}"

    def code(found: re.Match[str]) -> str:
        # A bar in the code of a table: GitHub reads the escape, Python's Markdown shows it.
        return f"<code>{escape(found[1]).replace(BAR, '&#124;')}</code>" if BAR in found[1] else found[0]

    lines = _LINK.sub(target, (DOCS / page).read_text("utf-8")).split("\n")
    return "\n".join(_CODE.sub(code, line) if line.startswith("|") else line for line in lines)


def lay_out() -> None:
    """Write configuration and pages where they are built: all in one folder, as Zensical wants it."""
    shutil.rmtree(BUILD, ignore_errors=True)
    for page in pages():
        path = BUILD / "pages" / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(page), "utf-8")
    shutil.copy(CONFIGURATION, BUILD)


class _Links(HTMLParser):
    """Collects where a page leads, what it loads, and what may be led to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag refers to."""
        found = {name: value or "" for name, value in attrs}
        self.names |= {found[name] for name in ("id", "name") if name in found}
        if "href" in found:
            loaded = tag == "link" and found.get("rel") not in {"canonical", "prev", "next", "alternate"}
            (self.loads if loaded else self.links).append(found["href"])
        if "src" in found:
            self.loads.append(found["src"])


def problems(site: Path) -> Iterator[str]:
    """Yield links of a built site that lead nowhere, and whatever a page would load from elsewhere."""
    read: dict[Path, _Links] = {}
    for path in sorted(site.rglob("*.html")):
        read[path] = _Links()
        read[path].feed(path.read_text("utf-8"))
    for path, found in read.items():
        here = path.relative_to(site)
        if here.name == "404.html":  # it is shown at any address, so its links begin at the root
            continue
        yield from (f"{here}: loads {address}" for address in found.loads if urlsplit(address).netloc)
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            names = read[target].names if target in read else set()
            if not target.exists() or (parts.fragment and unquote(parts.fragment) not in names):
                yield f"{here}: {link} leads nowhere"


def main() -> int:
    """Build it, and say what is wrong with it."""
    lay_out()
    zensical = str(Path(sys.executable).with_name("zensical"))
    command = [zensical, "build", "--strict", "--config-file", str(BUILD / CONFIGURATION.name)]
    if code := subprocess.run(command, check=False).returncode:
        return code
    found = list(problems(SITE))
    for line in found:
        print(line, file=sys.stderr)  # noqa: T201 - a program
    if not found:
        print(f"Open {(SITE / 'index.html').relative_to(ROOT)}, or serve the folder.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
