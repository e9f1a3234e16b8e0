# expect: failed: BuildIndexTest.test_a_word_on_several_pages
def build_index(pages):
    index = {}
    number = 1
    for page in pages:
        for word in page.split():
            word = word.lower().strip(".,;:!?")
            if word != "":
                index[word] = [number]
        number += 1
    return index


def search(index, words):
    result = None
    for word in words.lower().split():
        pages = index.get(word, [])
        if result is None:
            result = list(pages)
        else:
            result = [page for page in result if page in pages]
    return result or []
