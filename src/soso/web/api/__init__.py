"""The API for programs: /api/v1, its description and its documentation page.

Knows the shapes of answers (payloads), which are stable. Must not know HTML.
"""
