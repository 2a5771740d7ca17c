"""The truth: what the archive must not lose, and the pictures it keeps.

Fills the ports store and blobs. Knows no source, no index and no page.
"""
