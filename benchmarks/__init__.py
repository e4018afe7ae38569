"""How long the course's fits and losses take beside the libraries people would otherwise use.

``python -m benchmarks`` (or ``make bench``) measures, prints the table and stores it in
``benchmarks/results.json`` and as a page of the book.
"""
