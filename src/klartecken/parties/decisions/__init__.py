"""A reviewer's decisions on pairs of party and listed entry: kept, applied, lapsed."""
