"""The rules of part 748 about a form, by subject."""
