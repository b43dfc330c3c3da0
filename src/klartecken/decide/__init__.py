"""One case in, one determination out."""
