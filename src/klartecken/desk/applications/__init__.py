"""Licence applications: the BIS-748P data set, its checks, its states and its clock."""
