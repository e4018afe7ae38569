"""How long the course's code takes: fits and losses beside other libraries, explorers too.

``python -m benchmarks`` (or ``make bench``) measures, prints the tables and stores them in
``benchmarks/results.json`` and as a page of the book.
"""
