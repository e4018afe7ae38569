"""Explorers: pictures a reader can move, in Jupyter and on the static site.

Each is an `anywidget <https://anywidget.dev>`_: a class with checked traits here, one JavaScript
module beside it. In Jupyter it is an ordinary widget. On the site, where there is no kernel,
``host.js`` mounts the same module; :func:`write_static` puts it there.
"""

from course_code.explorers._base import Explorer
from course_code.explorers._static import write_static
from course_code.explorers.descent_path import DescentPath
from course_code.explorers.gradient_flow import GradientFlow
from course_code.explorers.huber_delta import HuberDelta
from course_code.explorers.likelihood import Likelihood
from course_code.explorers.loss_surface import LossSurface
from course_code.explorers.loss_table import LossTable
from course_code.explorers.outlier_leverage import OutlierLeverage
from course_code.explorers.quantile_fan import QuantileFan
from course_code.explorers.target_practice import TargetPractice

__all__ = [
    "DescentPath",
    "Explorer",
    "GradientFlow",
    "HuberDelta",
    "Likelihood",
    "LossSurface",
    "LossTable",
    "OutlierLeverage",
    "QuantileFan",
    "TargetPractice",
    "write_static",
]
