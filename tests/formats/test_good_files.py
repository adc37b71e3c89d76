"""A good translation is never refused: over a thousand files of every type, in many scripts."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from l10nsync import formats
from l10nsync.formats import Unit
from tests.formats.samples import FILES
from tests.formats.test_round_trip import writable

ROUNDS = 50
WORDS = {
    "de-DE": "Straße Größe Öl „Zitat“ über Fuß Ärger GmbH & Co. 50 %",
    "fr-FR": "l’été garçon « mot » où Noël cœur aujourd’hui 3 €",
    "ja-JP": "設定 ファイル を 開く 「保存」 カートに入れる 。 ㈱",
    "ar-SA": "إعدادات الملف حفظ، «نص» ١٢٣ لا إله",
    "ru-RU": "Настройки файл «цитата» ёлка объём № 5",
    "hi-IN": "सेटिंग्स फ़ाइल सहेजें क्षेत्र ज्ञान",
    "zh-Hans-CN": "设置 文件 保存 《书》 “引号” 𠮷",
    "tr-TR": "İstanbul ışık ğüzel şeker I i",
    "he-IL": "הגדרות קובץ שמירה שַׁלוֹם",
    "el-GR": "Ρυθμίσεις αρχείο άνθρωπος· ΐ",
}


def translator(file_type: str, locale: str, chance: random.Random) -> Callable[[Unit], str | None]:
    """Return what translates a unit: words of the locale where that is safe, else accents."""
    row = formats.get(file_type)
    flavour = row.placeholders if row else "none"

    def text(unit: Unit) -> str | None:
        plain = unit.text.replace(" ", "").isalpha() and not unit.markup
        if not plain:
            return formats.pseudo_text(unit.text, flavour, inflation=chance.choice([0, 30, 150]))
        words = WORDS[locale].split()
        said = " ".join(chance.choice(words) for _ in range(chance.randint(1, 12)))
        return writable(file_type, unit, said)

    return text


@pytest.mark.parametrize("file_type", sorted(FILES))
def test_good_files_are_never_refused(file_type: str) -> None:
    """Fifty translations of each type, in ten languages: no error is found in any."""
    chance = random.Random(f"good {file_type}")
    source = FILES[file_type]
    for number in range(ROUNDS):
        locale = list(WORDS)[number % len(WORDS)]
        made = formats.translate(file_type, source, translator(file_type, locale, chance))

        findings = formats.check(file_type, source, made, locale=locale)

        errors = [each for each in findings if each.severity == "error"]
        assert errors == [], (number, locale, made.decode("utf-8", "replace"))
        assert formats.restyle(file_type, made, source=source, target=None) is not None


def test_there_are_a_thousand() -> None:
    """Types times rounds."""
    assert len(FILES) * ROUNDS >= 1000
