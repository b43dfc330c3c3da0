"""The ladder of evidence, and the papers that some lines need beside their authorisation."""
