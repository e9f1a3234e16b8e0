# expect: failed: BookTest.test_a_book_knows_its_title_and_author
class Book:
    def __init__(self, title, author):
        title = title
        author = author
        borrower = None

    def __str__(self):
        return self.title + " by " + self.author
