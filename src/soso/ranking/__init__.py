"""Which comes first: weights, bounded signals, the final order. Pure."""
