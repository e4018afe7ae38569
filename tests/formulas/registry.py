"""Which test checks which displayed formula.

``@formula("eq-mse")`` marks a test as the check of the formula that carries the MyST label
``eq-mse`` in a chapter. ``tools.gates.formulas`` compares the two sets of labels.
"""

import pytest


def formula(label):
    """Mark a test as the check of the displayed formula `label`."""
    return pytest.mark.formula(label)
