"""What if: the same lines under another law, on another day, with another threshold."""
