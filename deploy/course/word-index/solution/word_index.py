MARKS = ".,;:!?"


def words_of(text):
    """Return the words of a text in small letters, without marks."""
    words = (word.strip(MARKS).lower() for word in text.split())
    return [word for word in words if word]


def build_index(pages):
    """Return a dictionary: every word of the pages, with the list of the pages it stands on."""
    index = {}
    for number, page in enumerate(pages, start=1):
        for word in set(words_of(page)):
            index.setdefault(word, []).append(number)
    return index


def search(index, words):
    """Return the list of the pages on which all of the words stand."""
    wanted = words_of(words)
    if not wanted:
        return []
    return sorted(set.intersection(*(set(index.get(word, [])) for word in wanted)))
