"""Made-up order books."""
