#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Writes fold_table.cpp beside this file and tests/core/text/fold_witness.txt. Run it by hand with
# Debian 12's /usr/bin/python3 (3.11, Unicode 14.0.0) and commit both results; it refuses to run
# with other Unicode data, because a new table is a new fold_version. The output is always the same.
#
# The witness goes through unicodedata.normalize and str.casefold on whole strings, the table
# through single code points, so that one can convict the other.
"""Generates the tables behind kith::fold() and the file its test compares with."""

import pathlib
import sys
import unicodedata

UNICODE_VERSION = "14.0.0"
PAGE_BITS = 6
SEQUENCES_FROM = 0x200
JOINS_PREVIOUS = 0x100
LAST_OF_SEQUENCE = 0x80000000
IOTA_SUBSCRIPT = "\u0345"
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
HANGUL_JOINING = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "fold_table.cpp"
WITNESS = HERE.parents[2] / "tests" / "core" / "text" / "fold_witness.txt"


def code_points():
    """Every code point that can stand in UTF-8."""
    return (c for c in range(0x110000) if not 0xD800 <= c < 0xE000)


def nfc(text):
    return unicodedata.normalize("NFC", text)


def nfd(text):
    return unicodedata.normalize("NFD", text)


def russian_order(key):
    """The last step of fold(): ё after е, the rest of the block moved up by one."""
    def moved(c):
        if c == 0x0451:
            return 0x0436
        return c + 1 if 0x0436 <= c <= 0x0450 else c
    return "".join(chr(moved(ord(c))) for c in key)


def reference_key(text):
    """fold() by the book, for whole texts."""
    return russian_order(nfc(nfd(nfd(text).casefold())))


def folded(code_point):
    """Folding and decomposition in one. U+0345 stays, for it must sort before it becomes iota."""
    decomposed = nfd(chr(code_point))
    return nfd("".join(c if c == IOTA_SUBSCRIPT else c.casefold() for c in decomposed))


def check_assumptions(sequences):
    """What lets fold() work on one code point at a time."""
    for code_point, sequence in sequences.items():
        assert all(ord(c) not in sequences for c in sequence), hex(code_point)
    for code_point in code_points():
        c = chr(code_point)
        if unicodedata.combining(c) and c != IOTA_SUBSCRIPT:
            assert c.casefold() == c, hex(code_point)
        assert unicodedata.combining(c) <= unicodedata.combining(IOTA_SUBSCRIPT)


def all_sequences():
    """Code point -> folded sequence, where they differ. Hangul syllables never need taking apart:
    no mark sorts into them, and a trailing consonant joins a syllable as it stands."""
    sequences = {}
    for code_point in code_points():
        if code_point not in HANGUL_SYLLABLES and folded(code_point) != chr(code_point):
            sequences[code_point] = folded(code_point)
    check_assumptions(sequences)
    return sequences


def all_compositions(sequences):
    """(second, first, composed) for the primary composites that folded text can hold."""
    compositions = []
    for code_point in code_points():
        parts = unicodedata.decomposition(chr(code_point)).split()
        if len(parts) != 2 or parts[0].startswith("<"):
            continue
        first, second = (int(part, 16) for part in parts)
        if nfc(chr(first) + chr(second)) != chr(code_point):
            continue
        decomposed = nfd(chr(code_point))
        if IOTA_SUBSCRIPT not in decomposed and nfd(decomposed.casefold()) == decomposed:
            compositions.append((second, first, code_point))
    assert all(second not in sequences for second, _, _ in compositions)
    return sorted(compositions)


def place(sequence, pool):
    """Where a sequence stands in the pool; shared with an equal tail that is there already."""
    units = [ord(c) for c in sequence]
    units[-1] |= LAST_OF_SEQUENCE
    for start in range(len(pool) - len(units) + 1):
        if pool[start:start + len(units)] == units:
            return start
    pool.extend(units)
    return len(pool) - len(units)


def all_entries(sequences, compositions):
    """One number per code point (see fold_table.hpp) and the pool of sequences."""
    joining = {second for second, _, _ in compositions} | set(HANGUL_JOINING)
    entries, pool = {}, []
    # Long sequences first, so that the short ones find themselves in a tail.
    for code_point in sorted(sequences, key=lambda c: (-len(sequences[c]), c)):
        entries[code_point] = SEQUENCES_FROM + place(sequences[code_point], pool)
    for code_point in code_points():
        if code_point not in sequences:
            entry = unicodedata.combining(chr(code_point))
            entry |= JOINS_PREVIOUS if code_point in joining else 0
            if entry:
                entries[code_point] = entry
    assert max(entries.values()) < 0x10000
    return entries, pool


def pages_of(entries):
    """The two-level form of the entries: numbers of pages, and the distinct pages one by one."""
    size = 1 << PAGE_BITS
    numbers, pages = [], {}
    for start in range(0, max(entries) + 1, size):
        page = tuple(entries.get(c, 0) for c in range(start, start + size))
        numbers.append(pages.setdefault(page, len(pages)))
    assert len(pages) <= 0x100
    return numbers, [entry for page in pages for entry in page]


def short_key(code_point, entries):
    """The key when it is one character as long as this one and no neighbour changes it, or 0."""
    key = reference_key(chr(code_point))
    first_entry = entries.get(ord(folded(code_point)[0]), 0)
    if first_entry or len(key) != 1:
        return 0
    same_length = len(key.encode()) == len(chr(code_point).encode())
    return ord(key) if same_length else 0


def rows(texts, width=98):
    """The texts as lines of a C++ initialiser."""
    lines, line = [], ""
    for text in texts:
        if len(line) + len(text) + 2 > width:
            lines.append("  " + line.rstrip())
            line = ""
        line += text + ", "
    return "\n".join(lines + ["  " + line.rstrip()])


def hexes(numbers, digits):
    return rows(f"0x{number:0{digits}X}" for number in numbers)


def table_source():
    sequences = all_sequences()
    compositions = all_compositions(sequences)
    entries, pool = all_entries(sequences, compositions)
    numbers, pages = pages_of(entries)
    short_keys = [short_key(c, entries) for c in range(0x800)]
    triples = rows(f"{{0x{first:04X}, 0x{second:04X}, 0x{composed:04X}}}"
                   for second, first, composed in compositions)
    return f"""\
// SPDX-License-Identifier: Apache-2.0
//
// Generated by make_fold_table.py; do not edit. Made from the Unicode Character Database
// {UNICODE_VERSION} (as Python's unicodedata and str.casefold have it): UnicodeData.txt,
// CaseFolding.txt (statuses C and F), CompositionExclusions.txt. fold_table.hpp tells what is what.
#include "core/text/fold_table.hpp"

// clang-format off
namespace kith::inline v1::fold_table {{

constexpr std::uint16_t short_keys[short_keys_end] = {{
{hexes(short_keys, 3)}
}};

constexpr char32_t entries_end = 0x{len(numbers) << PAGE_BITS:X};

constexpr std::uint8_t page_numbers[] = {{
{rows(str(number) for number in numbers)}
}};

constexpr std::uint16_t pages[] = {{
{hexes(pages, 3)}
}};

constexpr char32_t sequences[] = {{
{hexes(pool, 4)}
}};

constexpr composition compositions[] = {{
{triples}
}};

constexpr std::size_t compositions_size = {len(compositions)};

}}  // namespace kith::inline v1::fold_table
"""


class Chance:
    """A repeatable source of choices that does not depend on the Python in use."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % limit

    def among(self, choices):
        return choices[self.below(len(choices))]


# Letters that fold, marks that sort, what composes, what expands, and what does none of it.
BLOCKS = [
    range(0x20, 0x7F), range(0xA0, 0x250), range(0x300, 0x370), range(0x300, 0x346),
    range(0x370, 0x400), range(0x400, 0x530), range(0x410, 0x452), range(0x531, 0x5C8),
    range(0x620, 0x660), range(0x928, 0x95F), range(0x9BE, 0x9E0), range(0xDCA, 0xDDF),
    range(0xF40, 0xF84), range(0x10A0, 0x1100), range(0x1100, 0x1200), range(0x13A0, 0x1400),
    range(0x1C80, 0x1CC0), range(0x1DC0, 0x1E00), range(0x1E00, 0x1F00), range(0x1F00, 0x2000),
    range(0x20D0, 0x20F1), range(0x2126, 0x2190), range(0x24B6, 0x24EA), range(0x2C00, 0x2D00),
    range(0x3041, 0x3100), range(0xA640, 0xA6A0), range(0xAB70, 0xABC0), range(0xAC00, 0xAC80),
    range(0xF900, 0xFA6E), range(0xFB00, 0xFB4F), range(0xFF21, 0xFF5B), range(0x10400, 0x10450),
    range(0x11099, 0x110BB), range(0x11131, 0x1114D), range(0x1D15E, 0x1D1C1),
    range(0x1E900, 0x1E94B), range(0x2F800, 0x2FA1E), [0x0306, 0x0308], [0x0345, 0x03B1, 0x0301],
    [0x212A, 0x212B, 0x1E9E, 0xDF, 0x130, 0x131, 0x3A3, 0x3C2], [0x418, 0x415, 0x401, 0x400],
]


def witness_texts():
    """The texts of the witness, each once."""
    texts = []
    for code_point in range(1, 0x3000):
        c = chr(code_point)
        if reference_key(c) != c:
            texts.append(c)
        if nfd(c) != c:
            texts.append(nfd(c))
    chance = Chance(20220914)
    wanted = len(dict.fromkeys(texts)) + 2000
    while len(dict.fromkeys(texts)) < wanted:
        length = 1 + chance.below(4)
        texts.append("".join(chr(chance.among(chance.among(BLOCKS))) for _ in range(length)))
    return list(dict.fromkeys(texts))


def spelled(text):
    return " ".join(f"{ord(c):04X}" for c in text)


def witness():
    lines = [f"{spelled(text)} -> {spelled(reference_key(text))}" for text in witness_texts()]
    return "\n".join([
        "# SPDX-License-Identifier: Apache-2.0",
        "# Generated by src/core/text/make_fold_table.py; do not edit.",
        f"# Text -> fold(text), as code points; Unicode Character Database {UNICODE_VERSION}.",
        *lines, ""])


def main():
    if unicodedata.unidata_version != UNICODE_VERSION:
        sys.exit(f"Unicode {UNICODE_VERSION} is needed; this Python has "
                 f"{unicodedata.unidata_version}.")
    TABLE.write_text(table_source(), encoding="ascii")
    WITNESS.write_text(witness(), encoding="ascii")


if __name__ == "__main__":
    main()
