class Book:
    """A book of the library."""

    def __init__(self, title, author):
        self.title = title
        # What else does a book have?

    def __str__(self):
        return self.title
