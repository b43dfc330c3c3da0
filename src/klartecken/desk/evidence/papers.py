"""Stands in until the branch that builds it is merged."""
class PaperBook:
    def facts(self, row, day):
        return {}

    def holds(self, *a):
        return []


def read_papers(c):
    return PaperBook()
