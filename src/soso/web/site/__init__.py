"""The pages readers see: templates, static files, and what turns foreign text into safe HTML.

Knows HTML, addresses of pages and what stands on each; knows no store, no index and no wording.
"""
