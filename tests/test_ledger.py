"""The ledger prints results for the text in one stable form."""

import numpy as np
import pytest

from course_code.ledger import publish


def test_one_line_per_value(capsys):
    publish(slope=np.float64(1.5143230612345), count=np.int64(43), zero=-0.0, tiny=1.25e-12)
    assert capsys.readouterr().out == (
        "slope = 1.514323061\ncount = 43\nzero = 0\ntiny = 1.25e-12\n"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1.5", None, np.zeros(2), True])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="slope: must be a finite number"):
        publish(slope=value)


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="values: must name at least one result"):
        publish()
