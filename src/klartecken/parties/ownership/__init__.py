"""Who owns whom, the 50 percent rules computed on it, and where headquarters are."""
