"""The JavaScript: one small module per explorer, and a twin that computes as Python does."""

import gzip
import json
import os
import re

import pytest

from course_code.explorers import DescentPath, LossSurface, write_static
from course_code.explorers._modules import assemble
from course_code.explorers._static import EXPLORERS
from tests.explorers.driver import node
from tests.js import make_vectors
from tests.site import ROOT


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
def test_an_assembled_module_stands_alone_and_is_small(explorer, tmp_path):
    write_static(tmp_path)
    path = tmp_path / f"{explorer.module}.js"
    text = path.read_text(encoding="utf-8")
    assert text == explorer._esm
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert re.findall(r"^export\b.*", text, re.MULTILINE) == [
        "export default explorer(rules, build);"
    ]
    # No request, and no comment at the end of a line, which would swallow the next one.
    assert "//" not in text.replace("http://www.w3.org/2000/svg", "")
    assert len(gzip.compress(text.encode())) < 10.5 * 1024
    # Node reads it as a browser would: a name defined in two files is a syntax error.
    ran = node("--input-type=module", "--eval", f"await import({json.dumps(path.as_uri())})")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_assembly_takes_each_file_once_and_drops_only_what_it_must():
    text = assemble("fits.js")
    assert text.count("function meanLoss") == 1
    assert text.index("const squared") < text.index("function fitSquared")
    assert "import" not in text
    assert "export" not in text
    assert "//" not in text
    assert "/**" not in text


def test_assembly_leaves_out_what_nothing_uses():
    text = assemble("contours.js")
    assert "function put" in text
    assert "function slider" not in text
    assert "rule.rows" not in text
    assert "rule.rows" in DescentPath._esm
    assert "rule.flag" not in DescentPath._esm


def test_write_static_writes_what_pages_need_and_leaves_what_is_right_alone(tmp_path):
    folder = tmp_path / "new" / "explorers"
    files = write_static(folder)
    modules = [f"{explorer.module}.js" for explorer in EXPLORERS]
    assert [path.name for path in files] == sorted(["explorers.css", "host.js", *modules])
    assert sorted(folder.iterdir()) == files
    for path in files:
        os.utime(path, (1, 1))
    files[1].write_text("stale", encoding="utf-8")
    assert write_static(folder) == files
    assert [path for path in files if path.stat().st_mtime != 1] == files[1:2]
    assert "stale" not in files[1].read_text(encoding="utf-8")


def test_the_style_sheet_has_the_palette():
    colours = json.loads((ROOT / "course_code/palette.json").read_text(encoding="utf-8"))["colours"]
    for name, value in colours.items():
        assert f"--ex-{name}:{value};" in LossSurface._css


def same(left, right):
    """Equal structure, numbers equal to rounding (machines differ in the last digit)."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float | int):
        return left == pytest.approx(right, rel=1e-12, abs=1e-12)
    return left == right


def test_the_vector_file_is_up_to_date():
    stored = json.loads(make_vectors.FILE.read_text(encoding="utf-8"))
    now = json.loads(json.dumps(make_vectors.vectors()))
    assert same(stored, now), "run: python -m tests.js.make_vectors"


def test_a_vector_that_drifted_is_noticed():
    now = make_vectors.vectors()
    drifted = json.loads(json.dumps(now))
    drifted["losses"][0]["rho"][4] += 1e-9
    assert not same(drifted, now)


def test_the_javascript_passes_its_own_tests():
    ran = node("--test", "--test-reporter=tap", "tests/js/*.test.js")
    assert ran.returncode == 0, ran.stdout
    assert int(re.search(r"^# pass (\d+)", ran.stdout, re.MULTILINE)[1]) > 100
