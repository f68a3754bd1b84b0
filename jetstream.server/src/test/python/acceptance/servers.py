"""Three server processes from the mission's configurations, on loopback. Standard library only."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "resources" / "seeds"
ADMIN_PASSWORD = "a password of this walk alone"
# The seeds hold a hash whose password is not known here; this one, of ADMIN_PASSWORD, takes its place.
ADMIN_HASH = "$2a$06$abcdefghijklmnopqrstuufINXh.J2Ivp3mRzdk8GaijK4D2jPeAC"
DEADLINE_S = 90
STEP_S = 0.02


def free_ports(count):
    """Ports below the range of outgoing connections, so that a killed server finds its port free when it returns."""
    ports, candidate = [], 20_000 + (os.getpid() * 37) % 10_000
    while len(ports) < count:
        candidate += 1
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", candidate))
                udp.bind(("127.0.0.1", candidate))
                ports.append(candidate)
            except OSError:
                pass
    return ports


def until(what, condition, deadline_s=DEADLINE_S):
    """Waits for a condition and returns what it gave; AssertionError with the last answer after the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        time.sleep(STEP_S)


class Server:
    """One process: its configuration, where it listens, its life."""

    def __init__(self, name, program, configuration, client_port, monitor_port):
        self.name = name
        self.url = f"nats://127.0.0.1:{client_port}"
        self.monitor = f"http://127.0.0.1:{monitor_port}"
        self._command = [*program, "-c", str(configuration)]
        self._log = configuration.with_suffix(".log")
        self._process = None

    def start(self):
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def await_ready(self):
        until(f"{self.name} is ready; see {self._log}", self._is_healthy)

    def _is_healthy(self):
        if self._process.poll() is not None:
            raise AssertionError(f"{self.name} has ended with {self._process.returncode}; see {self._log}")
        try:
            return self.page("/healthz")
        except (urllib.error.URLError, OSError):
            return None

    def page(self, path):
        with urllib.request.urlopen(self.monitor + path, timeout=2) as answer:
            return json.load(answer)

    def stream_state(self, stream):
        """Messages, first and last sequence that this server holds; None while it does not answer."""
        try:
            page = self.page("/jsz?acc=$G&streams=true")
        except (urllib.error.URLError, OSError):
            return None
        for account in page.get("account_details", []):
            for detail in account.get("stream_detail", []):
                if detail["name"] == stream:
                    state = detail["state"]
                    return state["messages"], state["bytes"], state["first_seq"], state["last_seq"]
        return None

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        if not self.is_running():
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()


class Cluster:
    """The three servers of the seeds. To be used in a with statement, which stops what still runs."""

    def __init__(self, directory, program):
        ports = free_ports(9)
        self.servers = [self._server(directory, program, i, ports) for i in range(3)]

    @staticmethod
    def _server(directory, program, index, ports):
        name = f"n{index + 1}-c1"
        text = (SEEDS / f"{name}.conf").read_text()
        for other in range(3):
            text = text.replace(f"host_{'abc'[other]}:6222", f"127.0.0.1:{ports[other]}")
        text = text.replace("0.0.0.0:6222", f"127.0.0.1:{ports[index]}")
        text = text.replace("listen=4222", f'listen="127.0.0.1:{ports[3 + index]}"')
        text = text.replace("/nats/storage", f'"{directory / name}"')
        text = re.sub(r"\$2a\$11\$[^\"]+", lambda _: ADMIN_HASH, text)
        configuration = directory / f"{name}.conf"
        configuration.write_text(f'{text}\nhttp: "127.0.0.1:{ports[6 + index]}"\n')
        return Server(name, program, configuration, ports[3 + index], ports[6 + index])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()

    def named(self, name):
        return next(server for server in self.servers if server.name == name)

    def others(self, left):
        return [server for server in self.servers if server is not left]

    def is_level(self, stream):
        states = [server.stream_state(stream) for server in self.servers]
        return None not in states and len(set(states)) == 1
