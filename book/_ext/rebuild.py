"""When must a page be built again? Sphinx watches the pages; this watches what it overlooks.

* A changed extension reads all pages again; a changed stylesheet, KaTeX or table of contents (it
  stands in every sidebar) writes them again.
* A build that warned starts from scratch the next time. Otherwise Sphinx would find the page up to
  date, stay silent, and the warning would be lost.
"""

import hashlib
from pathlib import Path

HERE = Path(__file__).parent
EXTENSIONS = sorted(HERE.glob("*.*"))
ROOT = HERE.parent.parent
LOOKS = [*sorted((HERE.parent / "_static").rglob("*.*")), ROOT / "package.json", ROOT / "_toc.yml"]


def digest(files):
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def forget_after_warning(app, exception):
    if exception or app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def setup(app):
    app.add_config_value("extensions_digest", digest(EXTENSIONS), "env")
    app.add_config_value("looks_digest", digest(LOOKS), "html")
    app.connect("build-finished", forget_after_warning)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
