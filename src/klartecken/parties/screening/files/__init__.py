"""Files of parties screened into files of hits."""
