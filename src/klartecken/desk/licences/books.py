"""Stands in until the branch that builds it is merged."""
class LicenceBook:
    def holds(self, row, day):
        return []


def read_licences(c):
    return LicenceBook()
