# expect: failed: BuildIndexTest.test_a_word_on_one_page
def build_index(pages):
    index = {}
    for number in range(len(pages)):
        for word in pages[number].lower().split():
            word = word.strip(".,;:!?")
            if word == "":
                continue
            if word not in index:
                index[word] = []
            if number not in index[word]:
                index[word].append(number)
    return index


def search(index, words):
    words = words.lower().split()
    if len(words) == 0:
        return []
    pages = set(index.get(words[0], []))
    for word in words:
        pages = pages & set(index.get(word, []))
    return sorted(pages)
