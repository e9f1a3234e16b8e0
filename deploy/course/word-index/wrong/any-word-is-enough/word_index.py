# expect: failed: SearchTest.test_all_words_must_stand_on_the_page
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
    found = set()
    for word in words.lower().split():
        found.update(index.get(word, []))
    return sorted(found)
