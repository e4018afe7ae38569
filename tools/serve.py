"""``python -m tools.serve FOLDER [--port 8000]``: read a built site on this machine.

Serves on the loopback address only, compressed as a web host would. Ctrl-C ends it.
"""

import argparse
import functools
import gzip
import http.server
import sys
from pathlib import Path

START = "book/index.html"
COMPRESSED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, text compressed, nothing cached, no line per request."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".ipynb": "application/x-ipynb+json",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not accepted or path.suffix not in COMPRESSED or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), compresslevel=6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format, *args):
        """Stay silent: the address is what matters on the screen."""


class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = sys.platform != "win32"  # there it would share a busy port

    def handle_error(self, request, client_address):
        """A browser that leaves early is no error worth a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder, port):
    """A server of `folder` on 127.0.0.1, listening; port 0 takes any free one.

    Raises
    ------
    OSError
        When the port is in use.
    """
    return Server(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args(argv)
    if not arguments.folder.is_dir():
        print(f"{arguments.folder} is not there; build the site first: make site", file=sys.stderr)
        return 2
    if not 0 <= arguments.port <= 65535:
        print(f"port {arguments.port} is none; choose from 1 to 65535", file=sys.stderr)
        return 2
    try:
        site = server(arguments.folder, arguments.port)
    except OSError as error:
        reason = "may not be used" if isinstance(error, PermissionError) else "is in use"
        other = arguments.port + 1 if 1023 < arguments.port < 65535 else 8001
        print(
            f"port {arguments.port} {reason}; choose another: make book PORT={other}",
            file=sys.stderr,
        )
        return 2
    address = f"http://127.0.0.1:{site.server_port}/{START}"
    try:
        print(f"The course is at {address} (Ctrl-C ends)", flush=True)
        site.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        site.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
