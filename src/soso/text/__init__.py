"""How text becomes tokens: folding, scripts, words, characters, pinyin, titles, snippets.

Every Chinese character, script and token of the project is known here. Knows no field, engine or
grammar.
"""
