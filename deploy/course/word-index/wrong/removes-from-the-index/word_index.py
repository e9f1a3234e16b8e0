# expect: failed: HiddenTest.test_searching_does_not_change_the_index
def build_index(pages):
    index = {}
    for number, page in enumerate(pages, 1):
        for word in page.split():
            word = word.lower().strip(".,;:!?")
            if word:
                numbers = index.setdefault(word, [])
                if number not in numbers:
                    numbers.append(number)
    return index


def search(index, words):
    words = words.lower().split()
    if not words:
        return []
    result = index.get(words[0], [])
    for word in words[1:]:
        others = index.get(word, [])
        for page in list(result):
            if page not in others:
                result.remove(page)
    return result
