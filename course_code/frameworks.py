"""The libraries that one chapter needs beside the course's own: are they installed?

Nothing here, nor anywhere in `course_code`, imports one of them.
"""

from __future__ import annotations

from importlib.util import find_spec

from course_code._validate import refuse

__all__ = ["MissingFrameworkError", "require"]


class MissingFrameworkError(ImportError):
    """A library is not installed. In a notebook it shows as its message, without a traceback."""

    def _render_traceback_(self):  # the name under which IPython looks for it
        return [str(self)]


def require(*names):
    """Return if every library can be imported; otherwise say in one line what to do.

    Parameters
    ----------
    *names : str
        Names as in ``import``. They are looked for and not imported.

    Raises
    ------
    MissingFrameworkError
        If one is not installed.
    ValueError
        If no name is given.

    >>> require("numpy")
    """
    if not names:
        refuse("names", "must name at least one library", "none")
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise MissingFrameworkError(
            f"Not installed: {', '.join(missing)}. To run this notebook, type `make frameworks` "
            "in the folder of the course, then restart the kernel. To read it, nothing is needed."
        )
