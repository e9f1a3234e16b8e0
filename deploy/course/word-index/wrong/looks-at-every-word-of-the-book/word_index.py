# expect: timeout: SearchTest.test_a_large_book_is_searched_quickly
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
    result = []
    wanted = words.lower().split()
    last = max((page for pages in index.values() for page in pages), default=0)
    for page in range(1, last + 1):
        found = 0
        for word in wanted:
            for key in index:
                if key == word and page in index[key]:
                    found += 1
        if wanted and found == len(wanted):
            result.append(page)
    return result
