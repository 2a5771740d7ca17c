"""What it costs, beside its peers, in one run: python -m benchmarks, or make bench."""
