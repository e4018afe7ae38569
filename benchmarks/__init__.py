"""How long the course's fits and losses take beside the libraries people would otherwise use.

``python -m benchmarks`` (or ``make bench``) measures, prints the table and stores
``benchmarks/results.json``; ``python -m benchmarks --plot`` draws time against n from that file.
"""
