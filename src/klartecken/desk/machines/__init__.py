"""State machines as tables; documentation and tests are drawn from them."""
