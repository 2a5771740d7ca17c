"""What is asked and what is answered: the grammar of the search box, plans, results.

Knows no engine's query language, no weight and no wording.
"""
