"""A story to replay at the desk: the H20 from March to August 2025."""
