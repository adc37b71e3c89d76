"""What people do to the sources of a repository, at random."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from random import Random

BOILERPLATE = {"ok": "OK", "cancel": "Cancel", "close": "Close", "save": "Save"}
Texts = dict[str, str]
Tree = dict[str, Texts]
"""Path to texts; the one of the key `who` tells which file it is, whatever its path."""


class Edits:
    """Each takes the sources of a commit and returns those of the next; the same, where it does not apply."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.number = count()

    # what they choose

    def any_of(self, tree: Tree) -> str:
        return self.chance.choice(sorted(tree))

    def two_of(self, tree: Tree) -> tuple[str, str]:
        return self.any_of(tree), self.any_of(tree)

    def path(self) -> str:
        return f"{self.chance.choice(['app', 'web'])}/en/{self.chance.choice('abcdef')}.json"

    def text(self) -> str:
        number = next(self.number)
        return f"Text {number}, unlike any other by {number * 7919}"

    def who(self) -> Texts:
        """Return what tells a file from all others, and is long enough for git to follow it by."""
        number = next(self.number)
        return {"who": f"This is file {number}" + f", {number} and no other" * 15}

    def texts(self, count: int) -> Texts:
        name = next(self.number)
        return {f"f{name}.k{index}": self.text() for index in range(count)}

    def keys(self, texts: Texts) -> list[str]:
        return [key for key in texts if key != "who"]

    def without(self, tree: Tree, *paths: str) -> Tree:
        return {path: texts for path, texts in tree.items() if path not in paths}

    # one file

    def add(self, tree: Tree) -> Tree:
        """Add texts that there never were, or such as many files have, or both."""
        path, kind = self.path(), self.chance.randrange(4)
        if path in tree:
            return tree
        common = dict(list(BOILERPLATE.items())[: self.chance.choice([2, 3, 4])])
        template = {f"t{index}": f"Text {index} of the template" for index in range(4)}
        if kind == 0:
            return tree | {path: self.who() | self.texts(self.chance.randrange(5, 9))}
        if kind == 1:
            return tree | {path: self.who() | common}
        if kind == 2:
            return tree | {path: self.who() | common | self.texts(3)}
        return tree | {path: self.who() | template | self.texts(2)}

    def edit(self, tree: Tree) -> Tree:
        path = self.any_of(tree)
        key = self.chance.choice(self.keys(tree[path]))
        return tree | {path: tree[path] | {key: self.text()}}

    def rewrite(self, tree: Tree) -> Tree:
        """Say most of a file otherwise."""
        path = self.any_of(tree)
        keys = self.keys(tree[path])
        changed = keys[max(1, len(keys) * self.chance.randrange(20, 80) // 100) :]
        return tree | {path: tree[path] | {key: self.text() for key in changed}}

    def grow(self, tree: Tree) -> Tree:
        path = self.any_of(tree)
        return tree | {path: tree[path] | self.texts(self.chance.randrange(1, 5))}

    def delete(self, tree: Tree) -> Tree:
        return self.without(tree, self.any_of(tree)) if len(tree) > 1 else tree

    # its path

    def rename(self, tree: Tree) -> Tree:
        return self.moved(tree, {self.any_of(tree): self.path()})

    def rename_and_edit(self, tree: Tree) -> Tree:
        return self.edit(self.rename(tree))

    def rename_folder(self, tree: Tree) -> Tree:
        one, other = self.chance.sample(["app/", "web/"], 2)
        return self.moved(tree, {path: path.replace(one, other, 1) for path in tree if path.startswith(one)})

    def moved(self, tree: Tree, names: Mapping[str, str]) -> Tree:
        if names.values() & tree.keys():
            return tree
        return {names.get(path, path): texts for path, texts in tree.items()}

    def swap(self, tree: Tree) -> Tree:
        one, other = self.two_of(tree)
        return tree | {one: tree[other], other: tree[one]}

    def chain(self, tree: Tree) -> Tree:
        """Give a file another path, and its old one to another file."""
        (one, other), new = self.two_of(tree), self.path()
        if one == other or new in tree:
            return tree
        return self.without(tree, other) | {new: tree[one], one: tree[other]}

    # several files

    def split(self, tree: Tree) -> Tree:
        path, new = self.any_of(tree), self.path()
        return tree if new in tree else self.cut(tree, path, path, new)

    def split_away(self, tree: Tree) -> Tree:
        """Make two files of one, under other paths."""
        path, new, other = self.any_of(tree), self.path(), self.path()
        if new == other or {new, other} & tree.keys() or len(tree[path]) < 5:
            return tree
        return self.without(self.cut(tree, path, new, other), path)

    def cut(self, tree: Tree, path: str, first: str, second: str) -> Tree:
        texts, keys = tree[path], self.keys(tree[path])
        if len(keys) < 4:
            return tree
        cut = keys[self.chance.randrange(2, len(keys) - 1) :]
        kept = {key: text for key, text in texts.items() if key not in cut}
        return tree | {first: kept, second: self.who() | {key: texts[key] for key in cut}}

    def join(self, tree: Tree) -> Tree:
        one, other = self.two_of(tree)
        return tree if one == other else self.without(tree, other) | {one: tree[other] | tree[one]}

    def join_away(self, tree: Tree) -> Tree:
        """Make one file of two, under another path."""
        (one, other), new = self.two_of(tree), self.path()
        if one == other or new in tree:
            return tree
        return self.without(tree, one, other) | {new: tree[other] | tree[one]}

    def shift(self, tree: Tree) -> Tree:
        """Let strings go from one file to another."""
        one, other = self.two_of(tree)
        texts, keys = tree[one], self.keys(tree[one])
        gone = keys[-self.chance.randrange(1, 3) :]
        if one == other or len(gone) == len(keys):
            return tree
        left = {key: text for key, text in texts.items() if key not in gone}
        return tree | {one: left, other: {key: texts[key] for key in gone} | tree[other]}

    def copy(self, tree: Tree) -> Tree:
        path, new = self.any_of(tree), self.path()
        return tree if new in tree else tree | {new: tree[path] | self.who()}

    def fan_out(self, tree: Tree) -> Tree:
        """Put two files with the same texts in place of one."""
        path, new, other = self.any_of(tree), self.path(), self.path()
        if new == other or {new, other} & tree.keys():
            return tree
        return self.without(tree, path) | {new: tree[path], other: tree[path] | self.who()}
