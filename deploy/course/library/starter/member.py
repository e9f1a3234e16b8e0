class Member:
    """Somebody who borrows books."""

    def __init__(self, name):
        self.name = name
        # Which books does this member have?
