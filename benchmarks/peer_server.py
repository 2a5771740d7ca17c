"""A peer for the web server: the least that answers /search?q= from FTS5 over our words.

    python -m benchmarks.peer_server WORDS_FILE

No template, no snippet, no visibility: twenty texts as JSON. Prints its address when it serves.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.peers import WordPeer
from soso.text.analyzers import load_analyzers


def build(file: Path) -> Starlette:
    """Return the application."""
    peer = WordPeer(file, load_analyzers().words)

    async def search(request: Request) -> JSONResponse:
        return JSONResponse(peer.search(request.query_params.get("q", "")))

    return Starlette(routes=[Route("/search", search)])


def main() -> None:
    """Serve on a free port of this machine until it is ended."""
    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(build(Path(sys.argv[1])), log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
