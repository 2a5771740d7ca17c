"""A real OpenSearch cluster of three nodes on this machine: `python -m tests.servers.opensearch`.

Each node is a process of its own, so that one can be killed. `make servers` fetches what they need. Run as
root they drop to the user nobody, since OpenSearch refuses to be root.
"""

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

from tests.servers.user import as_nobody, readable

ROOT: Final = Path(__file__).parents[2]
JARS: Final = ROOT / ".servers/opensearch/lib"
KNN: Final = ROOT / ".servers/opensearch/knn"
KNN_CLASS: Final = "org.opensearch.knn.plugin.KNNPlugin"
NODE: Final = Path(__file__).parent / "node/Node.java"
COMMAND: Final = "make servers"
NODES: Final = 3
HEAP: Final = "512m"
START_S: Final = 240.0
_SEEN_EVERY_S: Final = 0.2
_KEEPERS: Final[list[subprocess.Popen[bytes]]] = []  # left running; Python warns of who lets one go


def why_absent() -> str | None:
    """Return what is missing to start a cluster, None when nothing is."""
    if shutil.which("java") is None:
        return "needs Java 17 for OpenSearch"
    if not JARS.is_dir() or not KNN.is_dir():
        return f"needs the artifacts of OpenSearch: {COMMAND}"
    return None


class Cluster:
    """Nodes in a temporary folder, ended by stop(), and their files with them.

    knn: with the plugin for vectors.
    """

    def __init__(self, *, nodes: int = NODES, heap: str = HEAP, knn: bool = True) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="soso-opensearch-"))
        self._folder.chmod(0o777)
        self._heap = heap
        self._knn = knn
        self._ports = [free_port() for _ in range(2 * nodes)]
        self._running: list[subprocess.Popen[bytes] | None] = [None] * nodes
        self.urls = [f"http://127.0.0.1:{port}" for port in self._ports[:nodes]]

    def start(self) -> "Cluster":
        """Start all nodes; returns when every one of them has joined."""
        try:
            for number in range(len(self.urls)):
                self.launch(number)
            self.wait_for(nodes=len(self.urls))
        except BaseException:
            self.stop()
            raise
        return self

    def launch(self, number: int) -> None:
        """Start one node, with the files it had."""
        home = self._folder / f"node{number}"
        home.mkdir(exist_ok=True)
        home.chmod(0o777)
        seeds = ",".join(f"127.0.0.1:{port}" for port in self._ports[len(self.urls) :])
        told = {
            "cluster.name": self._folder.name,
            "node.name": f"node{number}",
            "network.host": "127.0.0.1",
            "http.port": self._ports[number],
            "transport.port": self._ports[len(self.urls) + number],
            "discovery.seed_hosts": seeds,
            "cluster.initial_cluster_manager_nodes": ",".join(
                f"node{place}" for place in range(len(self.urls))
            ),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "path.repo": str(self._folder / "snapshots"),
        }
        java = ["java", f"-Xms{self._heap}", f"-Xmx{self._heap}", f"-Djava.io.tmpdir={home}"]
        jars, source = readable(JARS, self._folder), readable(NODE.parent, self._folder) / NODE.name
        path = f"{jars}/*"
        if self._knn:
            path += f":{readable(KNN, self._folder)}/*"
            java.append(f"-Dplugins={KNN_CLASS}")
        command = [*java, "-cp", path, str(source), str(home)]
        with (self._folder / f"node{number}.log").open("ab") as log:
            self._running[number] = subprocess.Popen(
                [*command, *(f"{name}={value}" for name, value in told.items())],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(home)},
                start_new_session=True,  # Ctrl-C is the tests' alone
                **as_nobody(),
            )

    def kill(self, number: int) -> None:
        """End one node as a power cut would."""
        node = self._running[number]
        if node is not None:
            node.kill()
            node.wait()
            self._running[number] = None

    def wait_for(self, *, nodes: int, status: str = "yellow", seconds: float = START_S) -> None:
        """Wait until so many nodes are there and all primaries, or with green all shards, answer."""
        end = time.monotonic() + seconds
        asked = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=2s"
        while time.monotonic() < end:
            for number, node in enumerate(self._running):
                if node is None:
                    continue
                if node.poll() is not None:
                    raise RuntimeError(f"node {number} ended: {self.tail(number)}")
                try:
                    if not self.ask(number, asked)["timed_out"]:
                        return
                except (OSError, urllib.error.URLError):
                    time.sleep(_SEEN_EVERY_S)
        raise RuntimeError(f"the cluster did not come up: {self.tail(0)}")

    def ask(self, number: int, path: str) -> dict[str, Any]:
        """Return what a node answers to a GET."""
        with urllib.request.urlopen(self.urls[number] + path, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def tail(self, number: int) -> str:
        """Return the end of a node's log."""
        log = self._folder / f"node{number}.log"
        return log.read_text(errors="replace")[-2000:] if log.is_file() else "no log"

    def stop(self) -> None:
        """End all nodes and remove their files."""
        for node in self._running:
            if node is not None:
                node.kill()
        for node in self._running:
            if node is not None:
                node.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def share(folder: Path, parent: int) -> str:
    """Return the nodes' addresses, with commas between, of the cluster of a whole test run.

    folder: of the run, the same for all its processes. The first to ask starts it, in a process that
    outlives it and ends with the parent, however that ends. Raises RuntimeError.
    """
    told = folder / "opensearch.json"
    with (folder / "opensearch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.is_file():
            command = [sys.executable, "-m", "tests.servers.opensearch", "--parent", str(parent)]
            with (folder / "opensearch.log").open("wb") as log:
                keeper = subprocess.Popen(
                    [*command, "--tell", str(told)],
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            _KEEPERS.append(keeper)
            end = time.monotonic() + START_S
            while not told.is_file():
                if keeper.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((folder / "opensearch.log").read_text(errors="replace"))
                time.sleep(_SEEN_EVERY_S)
    return ",".join(json.loads(told.read_text()))


def main() -> None:
    """Run a cluster until Ctrl-C, or until the parent is gone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    parser.add_argument("--plain", action="store_true", help="without the plugin for vectors")
    parser.add_argument("--parent", type=int, help="end with this process")
    parser.add_argument("--tell", type=Path, help="write the addresses into this file")
    asked = parser.parse_args()
    missing = why_absent()
    if missing is not None:
        sys.exit(missing)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cluster = Cluster(nodes=asked.nodes, knn=not asked.plain).start()
    try:
        if asked.tell is not None:
            fresh = asked.tell.with_suffix(".new")
            fresh.write_text(json.dumps(cluster.urls))
            fresh.replace(asked.tell)
        print(",".join(cluster.urls), flush=True)
        while asked.parent is None or Path(f"/proc/{asked.parent}").exists():
            time.sleep(1)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
