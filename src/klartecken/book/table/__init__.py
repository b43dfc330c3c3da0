"""An order book as a table: which column is which, reading it from anywhere, writing it whole."""
