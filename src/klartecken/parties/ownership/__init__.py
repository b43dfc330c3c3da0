"""Who owns whom: stakes as ranges, the 50 percent rules, headquarters and ultimate parents."""
