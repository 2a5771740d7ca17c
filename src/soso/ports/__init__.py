"""What we ask of the outside: one protocol a file; its docstrings are its specification.

The contract suites in tests/contracts hold every adapter to them.
"""
