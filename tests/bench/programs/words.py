"""Strings and dictionaries: makes a text, counts its words, writes a table."""

SYLLABLES = ["ka", "lo", "mi", "ter", "un", "sa", "ve", "dro"]


def text(words):
    """Words of three syllables, always the same ones."""
    state, made = 7, []
    for _ in range(words):
        state = (state * 1103515245 + 12345) % 2147483648
        parts = [SYLLABLES[state >> shift & 7] for shift in (8, 13, 18)]
        made.append("".join(parts).capitalize() if state & 64 else "".join(parts))
    return " ".join(made)


def table(written):
    """The words and how often they occur, the most frequent ones first."""
    counts = {}
    for word in written.split():
        word = word.lower().strip(".,")
        counts[word] = counts.get(word, 0) + 1
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return "\n".join(f"{word:<12}{count:>6}" for word, count in rows)


for _ in range(7):
    lines = table(text(60_000))
print(lines.count("\n"), lines[:18])
