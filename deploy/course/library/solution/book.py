class Book:
    """A book of the library."""

    def __init__(self, title, author):
        self.title = title
        self.author = author
        self.borrower = None

    def __str__(self):
        return f"{self.title} by {self.author}"
