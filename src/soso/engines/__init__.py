"""The index: adapters of ports.engine, each a folder, and the rules that they share.

Knows nothing of where documents come from; the store is the truth, an index can be thrown away.
"""
