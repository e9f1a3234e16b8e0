# expect: failed: InventoryTest.test_more_than_there_is_cannot_be_removed


class Inventory:
    """Articles by name, each with its pieces and its price."""

    def __init__(self):
        self._articles = {}

    def add(self, name, pieces, price):
        """Puts pieces into stock."""
        if pieces < 1:
            raise ValueError("at least one piece is needed")
        if price < 0:
            raise ValueError("a price is not below zero")
        there, _ = self._articles.get(name, (0, 0))
        self._articles[name] = (there + pieces, price)

    def remove(self, name, pieces):
        """Takes pieces out of stock."""
        there, price = self._articles[name]
        if there == 0:
            raise ValueError(f"there are only {there} pieces of {name}")
        if pieces == there:
            del self._articles[name]
        else:
            self._articles[name] = (there - pieces, price)

    def pieces(self, name):
        """How many pieces there are."""
        return self._articles.get(name, (0, 0))[0]

    def value(self):
        """What everything costs together."""
        return sum(pieces * price for pieces, price in self._articles.values())

    def low(self, limit):
        """The articles of which there are few, in alphabetical order."""
        return sorted(name for name, (pieces, _) in self._articles.items() if pieces < limit)
