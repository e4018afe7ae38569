"""The JavaScript: one small module per explorer, and a twin that computes as Python does."""

import gzip
import json
import os
import re

import pytest

from course_code.explorers import DescentPath, LossSurface, write_static
from course_code.explorers._modules import assemble, squeeze
from course_code.explorers._static import EXPLORERS
from tests.explorers.driver import node
from tests.js import make_vectors
from tests.site import ROOT

IMPORT = re.compile(r'import\s*\{[^}]*\}\s*from\s*"\./(kit-[0-9a-f]{8}\.js)";')
DEFAULT = "export default explorer(rules, build);"


def exports(text):
    return re.findall(r"^export\b.*", text, re.MULTILINE)


def assert_node_reads(path):
    """As a browser would: a name defined in two files is a syntax error."""
    ran = node("--input-type=module", "--eval", f"await import({json.dumps(path.as_uri())})")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
def test_a_page_loads_a_small_module_beside_the_kit(explorer, tmp_path):
    write_static(tmp_path)
    path = tmp_path / f"{explorer.module}.js"
    text = path.read_text(encoding="utf-8")
    [kit] = IMPORT.findall(text)
    assert not re.search(r"\bimport\b", IMPORT.sub("", text))
    assert exports(text) == [DEFAULT]
    for part in (text, (tmp_path / kit).read_text(encoding="utf-8")):
        # No request, and no comment at the end of a line, which would swallow the rest.
        assert "//" not in part.replace("http://www.w3.org/2000/svg", "")
        assert len(gzip.compress(part.encode())) < 10.5 * 1024
    assert_node_reads(path)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
def test_a_notebook_loads_one_file_that_stands_alone(explorer, tmp_path):
    text = explorer._esm
    assert not re.search(r"\bimport\b", text)
    assert exports(text) == [DEFAULT]
    assert "//" not in text.replace("http://www.w3.org/2000/svg", "")
    path = tmp_path / f"{explorer.module}.mjs"
    path.write_text(text, encoding="utf-8")
    assert_node_reads(path)


def test_the_kit_has_what_its_users_import_and_a_name_of_its_own(tmp_path):
    files = write_static(tmp_path)
    [kit] = [path for path in files if path.name.startswith("kit-")]
    [offered] = exports(kit.read_text(encoding="utf-8"))
    names = set(re.findall(r"\w+", offered)) - {"export"}
    taken = set()
    for explorer in EXPLORERS:
        text = (tmp_path / f"{explorer.module}.js").read_text(encoding="utf-8")
        taken |= set(re.findall(r"\w+", text[text.index("{") : text.index("}")]))
    assert taken == names
    assert_node_reads(kit)


def test_white_space_goes_where_it_says_nothing():
    text = 'const a = "b  c";\nconst d = `e  ${f + `g  ${h}`}  i`;\nreturn a in b - -c;\n'
    assert squeeze(text) == 'const a="b  c";const d=`e  ${f + `g  ${h}`}  i`;return a in b- -c;'
    assert squeeze("const SVG = /a  b/;\n") == "const SVG=/a  b/;"
    assert squeeze("a + ++b") == "a+ ++b"


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
    [kit] = [path.name for path in files if path.name.startswith("kit-")]
    assert [path.name for path in files] == sorted(["explorers.css", "host.js", kit, *modules])
    (folder / "kit-00000000.js").write_text("of an earlier build", encoding="utf-8")
    assert write_static(folder) == files
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
