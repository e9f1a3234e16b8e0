"""Texts: splitting, counting, formatting, joining."""


def main():
    words = "the quick brown fox jumps over the lazy dog and runs far away from here".split()
    lines = []
    for index in range(120_000):
        line = " ".join(words[(index + step) % len(words)] for step in range(6))
        lines.append(f"{index:05d} {line.title()}")
    counts = {}
    for line in lines:
        for word in line.lower().split():
            counts[word] = counts.get(word, 0) + 1
    return "\n".join(f"{word}={count}" for word, count in sorted(counts.items()))


main()
