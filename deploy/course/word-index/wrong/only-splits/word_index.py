# expect: failed: BuildIndexTest.test_capital_letters_do_not_matter
def build_index(pages):
    index = {}
    for number, page in enumerate(pages, 1):
        for word in page.split(" "):
            if word not in index:
                index[word] = []
            index[word].append(number)
    return index


def search(index, words):
    result = []
    for page in index[words.split()[0]]:
        if all(page in index[word] for word in words.split()):
            result.append(page)
    return result
