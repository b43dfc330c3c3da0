"""Stands in until the branch that builds it is merged."""
class CapBook:
    def holds(self, row, day):
        return []


def read_caps(c):
    return CapBook()
