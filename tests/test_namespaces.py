"""Which namespace a source goes into, and in which order uploads go, decided from values alone."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10nsync.plan.push.namespace_strings import HeldFile, Placed, Unplaced
from l10nsync.plan.push.namespaces import place
from l10nsync.plan.push.rounds import NextUpload, Round, rounds_of
from l10nsync.plan.strings import StringId
from tests.effort import effort


def strings(text: str) -> frozenset[StringId]:
    """Return one string for each letter."""
    return frozenset(("", "", letter) for letter in text)


def held(path: str, letters: str, namespace: str = "") -> HeldFile:
    return HeldFile(path, path, namespace or path, strings(letters))


def settle(
    *sources: Unplaced, files: Iterable[HeldFile] = (), placed: Iterable[Placed] = ()
) -> Mapping[str, str]:
    return place(sources, placed, files)


def source(
    path: str,
    letters: str,
    *,
    own: HeldFile | None = None,
    default: HeldFile | None = None,
    was: Iterable[str] = (),
    earlier: tuple[str, ...] = (),
) -> Unplaced:
    return Unplaced(path, strings(letters), path, own, default, frozenset(was), earlier, earlier)


# --- the rule -----------------------------------------------------------------------------------------


def test_a_new_source_gets_the_namespace_of_the_manifest() -> None:
    assert settle(source("a", "xyz")) == {"a": "a"}


def test_an_edited_source_stays() -> None:
    """Half of its strings are still there, wherever else the others may be found."""
    files = [held("a", "abcd", "old"), held("b", "efgh")]
    assert settle(source("a", "abef", own=files[0]), files=files) == {"a": "old"}


def test_a_renamed_source_follows_its_strings() -> None:
    """Nothing but the strings tells that the file was another one."""
    assert settle(source("b", "abcx"), files=[held("a", "abcd")]) == {"b": "a"}


def test_half_is_enough_and_less_is_not() -> None:
    files = [held("a", "abcd")]
    assert settle(source("b", "abxy"), files=files) == {"b": "a"}
    assert settle(source("b", "axyz"), files=files) == {"b": "b"}


def test_history_needs_no_half() -> None:
    """A file that was renamed and mostly rewritten keeps what is left of it."""
    files = [held("a", "abcd")]
    assert settle(source("b", "axyz", was=["a"], earlier=("a",)), files=files) == {"b": "a"}


def test_a_copy_begins_a_namespace_of_its_own() -> None:
    """The strings have not left: the original still holds them."""
    files = [held("a", "abcd")]
    assert settle(source("b", "abcd"), files=files, placed=[Placed("a", "a", strings("abcd"))]) == {"b": "b"}


def test_what_the_same_text_elsewhere_holds_has_left_all_the_same() -> None:
    """A string that stays in one namespace says nothing about another one."""
    files = [held("a", "okxy"), held("c", "ok")]
    staying = [Placed("c", "c", strings("ok"))]
    assert settle(source("b", "okxy"), files=files, placed=staying) == {"b": "a"}


def test_a_split_follows_with_both_parts() -> None:
    """The part that stays leaves the other one behind."""
    files = [held("a", "abcdefgh")]
    parts = [source("a", "abcd", own=files[0]), source("b", "efgh")]
    assert settle(*parts, files=files) == {"a": "a", "b": "a"}


def test_a_swap_of_similar_files_is_told_by_history() -> None:
    """Half of each file is boilerplate, so both would stay where they are."""
    files = [held("a", "okcl12"), held("b", "okcl34")]
    swapped = [
        source("a", "okcl34", own=files[0], was=["b"], earlier=("b",)),
        source("b", "okcl12", own=files[1], was=["a"], earlier=("a",)),
    ]
    assert settle(*swapped, files=files) == {"a": "b", "b": "a"}


def test_the_strongest_evidence_is_heard_first() -> None:
    """Two sources want what one file held: the one that has more of it takes it."""
    files = [held("a", "abcdef")]
    both = [source("b", "abcx"), source("c", "abcdefyz")]
    assert settle(*both, files=files) == {"b": "b", "c": "a"}


def test_a_branch_shares_with_the_default_branch() -> None:
    """Its file is new; the file of that path on the default branch is its home."""
    main = HeldFile("main/a", "a", "a", strings("abcd"))
    assert settle(source("a", "abcx", default=main), files=[main]) == {"a": "a"}


def test_a_rewritten_source_keeps_its_file_s_namespace() -> None:
    """No string is left, and nobody else lives there."""
    own = held("a", "abcd", "old")
    assert settle(source("a", "wxyz", own=own), files=[own]) == {"a": "old"}


def test_a_newcomer_does_not_move_in_with_a_stranger() -> None:
    """The file that had this path lives in its namespace now under another path."""
    own = held("a", "abcd", "a")
    moved = source("b", "abcd", was=["a"], earlier=("a",))
    found = settle(source("a", "wxyz", own=own), moved, files=[own])
    assert found == {"b": "a", "a": "a"}  # no namespace of its own is free: the rule's is the same
    other = HeldFile("a", "a", "begun-as", strings("abcd"))
    found = settle(source("a", "wxyz", own=other), moved, files=[other])
    assert found == {"b": "begun-as", "a": "a"}


def test_a_renamed_file_that_nobody_sent_begins_under_its_first_path() -> None:
    """So it shares its strings with the default branch, where it still has that path."""
    assert settle(source("b", "abcd", earlier=("a",))) == {"b": "a"}


# --- the order of uploads -----------------------------------------------------------------------------


def rounds(*uploads: tuple[str, str, str], files: Iterable[HeldFile]) -> list[Round]:
    sent = [NextUpload(uri, namespace, strings(letters)) for uri, namespace, letters in uploads]
    return list(rounds_of(sent, {file.uri: file for file in files}))


def test_what_nobody_else_takes_goes_at_once() -> None:
    found = rounds(("a", "a", "abx"), ("b", "b", "xyz"), files=[held("a", "abc")])
    assert found == [Round((), ("a", "b"))]


def test_a_file_is_overwritten_once_its_strings_are_safe() -> None:
    """`b` takes what only `a` holds, so it goes first."""
    found = rounds(("a", "a", "xyz"), ("b", "a", "abc"), files=[held("a", "abc")])
    assert found == [Round((), ("b",)), Round((), ("a",))]


def test_one_content_of_a_circle_is_parked() -> None:
    found = rounds(("a", "b", "def"), ("b", "a", "abc"), files=[held("a", "abc"), held("b", "def")])
    assert found == [Round(("a",), ()), Round((), ("a",)), Round((), ("b",))]


def test_a_circle_is_parked_beside_what_can_go() -> None:
    files = [held("a", "abc"), held("b", "def")]
    found = rounds(("a", "b", "def"), ("b", "a", "abc"), ("c", "c", "xyz"), files=files)
    assert found == [Round(("a",), ("c",)), Round((), ("a",)), Round((), ("b",))]


def test_a_long_chain_does_not_wait_for_ever() -> None:
    """Each file takes the path of the next one: beyond a few rounds the rest is parked."""
    names = [f"{number:02}" for number in range(20)]
    files = [held(name, chr(65 + at)) for at, name in enumerate(names)]
    moved = [(names[at + 1], names[at], chr(65 + at)) for at in range(19)]
    found = rounds(*moved, files=files)
    assert len(found) <= 4
    assert sorted(uri for one in found for uri in one.uploads) == names[1:]


# --- what always holds --------------------------------------------------------------------------------

LETTERS = st.frozensets(st.sampled_from("abcdefgh"), min_size=1)
PATHS = st.sampled_from([f"{folder}/{name}" for folder in "pq" for name in "xyz"])


Scene = tuple[list[Unplaced], list[Placed], list[HeldFile]]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Return sources and files of any kind."""
    remote = draw(st.dictionaries(PATHS, st.tuples(LETTERS, PATHS)))
    files = {path: held(path, "".join(letters), space) for path, (letters, space) in remote.items()}
    unplaced, placed = [], []
    for path, letters in draw(st.dictionaries(PATHS, LETTERS)).items():
        if path in files and draw(st.booleans()):
            placed.append(Placed(path, files[path].namespace, files[path].strings))
            continue
        was = draw(st.frozensets(PATHS))
        earlier = tuple(sorted(was - {path}))
        unplaced.append(source(path, "".join(letters), own=files.get(path), was=was, earlier=earlier))
    return unplaced, placed, list(files.values())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes(), st.randoms())
def test_the_order_in_which_sources_are_given_does_not_matter(scene: Scene, order: random.Random) -> None:
    """Every source gets one namespace, whatever the order of sources and files."""
    unplaced, placed, files = scene
    found = place(unplaced, placed, files)
    assert found.keys() == {one.path for one in unplaced}
    order.shuffle(unplaced)
    order.shuffle(placed)
    order.shuffle(files)
    assert place(unplaced, placed, files) == found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_no_upload_overwrites_what_another_one_still_takes(scene: Scene) -> None:
    """Played round by round, in the worst order, a string that somebody takes is always in some file."""
    unplaced, placed, files = scene
    space = place(unplaced, placed, files)
    sent = [NextUpload(one.path, space[one.path], one.strings) for one in unplaced]
    there = {file.uri: {(file.namespace, string) for string in file.strings} for file in files}
    taken = {upload.uri: upload.places for upload in sent}
    had = set().union(*there.values())
    for one in rounds_of(sent, {file.uri: file for file in files}):
        for uri in one.parked:
            there[f"{uri} (parked)"] = set(there[uri])
        for uri in one.uploads:
            there[uri] = there.get(uri, set()) & taken[uri]
        safe = set().union(*there.values())
        arriving = set().union(*(taken[uri] for uri in one.uploads))
        for uri, places in taken.items():
            assert places & had <= (safe | arriving if uri in one.uploads else safe), uri
        for uri in one.uploads:
            there[uri] = set(taken.pop(uri))
    assert not taken


@pytest.mark.parametrize("known", [True, False], ids=["history", "no history"])
def test_a_renamed_folder_is_placed_in_linear_time(known: bool) -> None:
    """Ten times the files are about ten times the work."""

    def work(count: int) -> int:
        contents = [frozenset({("", "", "OK"), ("", "", f"one {at}")}) for at in range(count)]
        files = [HeldFile(f"a/{at}", f"a/{at}", f"a/{at}", found) for at, found in enumerate(contents)]
        moved = [
            Unplaced(f"b/{at}", file.strings, f"b/{at}", was=frozenset({file.uri} if known else ()))
            for at, file in enumerate(files)
        ]
        return effort(lambda: place(moved, (), files))

    assert work(2000) < 14 * work(200)
