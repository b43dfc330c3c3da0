"""The law as dated, cited data: loading, checking, time, hash; and reforms laid over it.

Law files (``us_ear``) -> ``load`` -> :class:`.model.Law` -> ``timeline``: what binds on a day.
Reform files (``reforms``) -> ``reform`` -> ``overlay``: the law under a reform -> ``reformed``:
what binds on a day under it. ``parameters`` names the numbers of a law, for sweeps.
"""
