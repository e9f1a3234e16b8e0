def build_index(pages):
    """Return a dictionary: every word of the pages, with the list of the pages it stands on."""
    index = {}
    # Go through the pages, and through the words of each page.
    return index


def search(index, words):
    """Return the list of the pages on which all of the words stand."""
