"""Two hundred invented detentions, made from plain rules by a seed, and a slow count of them."""
