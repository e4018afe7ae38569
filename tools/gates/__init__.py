"""Checks on the text of the book that need no execution.

Each module has one function ``problems(documents, ...)`` that returns what is wrong, as a list of
:class:`Problem` whose message tells an author what to do. ``python -m tools.gates`` runs them all.
"""
