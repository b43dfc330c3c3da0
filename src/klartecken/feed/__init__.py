"""What comes from the network: it alone may open a connection or look at a clock."""
