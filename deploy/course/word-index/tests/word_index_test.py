import copy
import unittest

from word_index import build_index, search

PAGES = ["The cat sleeps.", "A dog sees the cat!", "The dog barks, and barks."]


class BuildIndexTest(unittest.TestCase):
    def test_a_word_on_one_page(self):
        self.assertEqual(build_index(PAGES)["sleeps"], [1])

    def test_a_word_on_several_pages(self):
        self.assertEqual(build_index(PAGES)["dog"], [2, 3])

    def test_capital_letters_do_not_matter(self):
        self.assertEqual(build_index(PAGES)["the"], [1, 2, 3])

    def test_marks_do_not_belong_to_a_word(self):
        self.assertEqual(build_index(PAGES)["cat"], [1, 2])

    def test_a_page_stands_only_once_in_a_list(self):
        self.assertEqual(build_index(PAGES)["barks"], [3])

    def test_the_whole_index_of_a_short_book(self):
        self.assertEqual(build_index(["One two.", "Two!"]), {"one": [1], "two": [1, 2]})

    def test_a_book_without_pages_has_an_empty_index(self):
        self.assertEqual(build_index([]), {})


class SearchTest(unittest.TestCase):
    def setUp(self):
        self.index = {"the": [1, 2, 3], "cat": [1, 2], "dog": [2, 3], "barks": [3]}

    def test_one_word(self):
        self.assertEqual(search(self.index, "cat"), [1, 2])

    def test_all_words_must_stand_on_the_page(self):
        self.assertEqual(search(self.index, "the dog"), [2, 3])
        self.assertEqual(search(self.index, "cat dog"), [2])

    def test_words_that_never_stand_together(self):
        self.assertEqual(search(self.index, "cat barks"), [])

    def test_a_word_that_is_not_in_the_book(self):
        self.assertEqual(search(self.index, "unicorn"), [])

    def test_capital_letters_do_not_matter(self):
        self.assertEqual(search(self.index, "The DOG"), [2, 3])

    def test_a_large_book_is_searched_quickly(self):
        index = build_index([f"page word{number} common" for number in range(500)])
        for number in range(0, 500, 5):
            self.assertEqual(search(index, f"word{number} common"), [number + 1])


class HiddenTest(unittest.TestCase):
    def test_marks_alone_are_not_a_word(self):
        self.assertEqual(build_index(["well ... no !"]), {"well": [1], "no": [1]})

    def test_marks_inside_a_word_stay(self):
        self.assertEqual(build_index(["It's 3.5 metres."]), {"it's": [1], "3.5": [1], "metres": [1]})

    def test_searching_does_not_change_the_index(self):
        index = {"the": [1, 2, 3], "cat": [1, 2]}
        before = copy.deepcopy(index)
        search(index, "the cat")
        search(index, "the unicorn")
        self.assertEqual(index, before)

    def test_no_words_no_pages(self):
        self.assertEqual(search({"the": [1]}, ""), [])
        self.assertEqual(search({"the": [1]}, "   "), [])

    def test_page_numbers_go_upwards_beyond_nine(self):
        pages = ["x y"] * 12
        self.assertEqual(search(build_index(pages), "y x"), list(range(1, 13)))
