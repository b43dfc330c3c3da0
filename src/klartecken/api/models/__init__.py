"""What requests and answers say, as models: the specification is drawn from them."""
