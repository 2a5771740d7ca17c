"""The steps, in order: one verb a file. Flows touch the world through ports only."""
