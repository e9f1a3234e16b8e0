class Inventory:
    def __init__(self):
        pass

    def add(self, name, pieces, price):
        pass

    def remove(self, name, pieces):
        pass

    def pieces(self, name):
        pass

    def value(self):
        pass

    def low(self, limit):
        pass
