"""The server that shows the site: compressed text, one line for whatever is wrong."""

import gzip
import http.client
import signal
import socket
import subprocess
import sys
import threading

import pytest

from tools import serve


@pytest.fixture
def site(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "index.html").write_text("start")
    (tmp_path / "book" / "index.html").write_text("a page " * 500)
    (tmp_path / "dot.png").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.fixture
def get(site):
    server = serve.server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    yield ask
    server.shutdown()
    server.server_close()


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.serve", *map(str, arguments)], capture_output=True, text=True
    )


def test_text_is_compressed_for_who_accepts_it(get):
    answer, body = get("/book/index.html", **{"Accept-Encoding": "gzip"})
    assert answer.getheader("Content-Encoding") == "gzip"
    assert answer.getheader("Content-Type").startswith("text/html")
    assert len(body) < 200
    assert gzip.decompress(body) == get("/book/index.html")[1] == b"a page " * 500


def test_pictures_are_not(get):
    answer, body = get("/dot.png", **{"Accept-Encoding": "gzip"})
    assert answer.getheader("Content-Encoding") is None
    assert body == b"\x89PNG"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_folder_shows_its_first_page_and_a_stranger_is_refused(get, encoding):
    assert get("/", **{"Accept-Encoding": encoding})[0].status == 200
    assert get("/nowhere.html", **{"Accept-Encoding": encoding})[0].status == 404
    assert get("/../../etc/passwd", **{"Accept-Encoding": encoding})[0].status == 404


def test_nothing_but_loopback_is_listened_to(site):
    server = serve.server(site, 0)
    assert server.server_address[0] == "127.0.0.1"
    server.server_close()


def test_a_busy_port_is_one_line(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run(site, "--port", port)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"port {port} is in use; choose another: make book PORT=")
    assert ran.stderr.count("\n") == 1


def test_a_missing_site_is_one_line(tmp_path):
    ran = run(tmp_path / "none")
    assert ran.returncode == 2
    assert ran.stderr == f"{tmp_path / 'none'} is not there; build the site first: make site\n"


def test_ctrl_c_ends_it_quietly(site):
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.serve", str(site), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell in the background hides Ctrl-C from its children; undo that here.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert "http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert errors == ""
