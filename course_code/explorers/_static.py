"""The explorers as files for a static site."""

from pathlib import Path

from course_code.explorers._modules import HERE, assemble_for_pages, stylesheet
from course_code.explorers.descent_path import DescentPath
from course_code.explorers.gradient_flow import GradientFlow
from course_code.explorers.huber_delta import HuberDelta
from course_code.explorers.likelihood import Likelihood
from course_code.explorers.loss_surface import LossSurface
from course_code.explorers.loss_table import LossTable
from course_code.explorers.outlier_leverage import OutlierLeverage
from course_code.explorers.quantile_fan import QuantileFan
from course_code.explorers.target_practice import TargetPractice

EXPLORERS = (
    DescentPath,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
)


def write_static(folder):
    """Write ``host.js``, ``explorers.css``, the kit and one module per explorer into `folder`.

    A page that holds an explorer links the style sheet and loads ``host.js`` as
    ``<script type="module">``; the host finds the modules next to itself. Files whose text is
    already right are left alone, so that a build with nothing changed stays quick.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there.

    Returns
    -------
    list of Path
        The files, sorted by name.
    """
    files = {
        "host.js": (HERE / "host.js").read_text(encoding="utf-8"),
        "explorers.css": stylesheet(),
        **assemble_for_pages([f"{explorer.module}.js" for explorer in EXPLORERS]),
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.glob("kit-*.js")) - {folder / name for name in files}:
        old.unlink()
    written = []
    for name, text in sorted(files.items()):
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
