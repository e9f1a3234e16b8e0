# expect: failed: SearchTest.test_a_word_that_is_not_in_the_book
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
    pages = set(index[words[0]])
    for word in words[1:]:
        pages &= set(index[word])
    return sorted(pages)
