"""Stands in until the branch that builds it is merged."""
def overrides_of_all(c, now):
    return {}
