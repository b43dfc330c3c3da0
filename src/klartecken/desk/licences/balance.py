"""Stands in until the branch that builds it is merged."""
def reserve(*a, **k):
    pass


def unreserve(*a, **k):
    pass


def consume(*a, **k):
    pass


def give_back(*a, **k):
    pass
