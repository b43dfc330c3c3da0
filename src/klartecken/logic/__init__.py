"""Three-valued logic, facts as ranges, and the language of conditions."""
