class Member:
    """Somebody who borrows books."""

    def __init__(self, name):
        self.name = name
        self.books = []
