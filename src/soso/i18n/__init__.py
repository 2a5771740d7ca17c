"""Words, numbers and times for people, in simplified Chinese, traditional Chinese and English.

Knows the wordings and how each language writes numbers and times; knows no HTML, no address and
no status code.
"""
