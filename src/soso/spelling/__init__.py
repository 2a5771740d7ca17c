"""Did you mean: what a reader may have meant who typed something else.

Pure: a vocabulary is counted from texts that are given, kept as bytes, and asked. Knows characters,
sounds, shapes and what a slip costs; must not know where texts come from, files or engines.
"""
