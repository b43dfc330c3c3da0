"""Stands in until the branch that builds it is merged."""
def age(work):
    pass
