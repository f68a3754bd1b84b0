"""The mission's walk with the unmodified nats command line. Arguments: --nats FILE --server FILE --directory DIR."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from servers import ADMIN_PASSWORD, Cluster, until
from steps import Steps

PUBLISHED = 1_000
FETCHED = 100
KILLS = 5
GAP_MAX_S = 1.5
ADMIN = ("--user", "admin", "--password", ADMIN_PASSWORD)


class Cli:
    """Calls the nats program with nothing of the user's own settings."""

    def __init__(self, program, home):
        self._program = program
        home.mkdir(parents=True, exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("NATS_")}
        self._environment = kept | {"HOME": str(home), "XDG_CONFIG_HOME": str(home)}

    def run(self, servers, *arguments, limit_s=60):
        """The finished process; its exit code is the caller's to judge."""
        urls = ",".join(server.url for server in servers)
        return subprocess.run([self._program, "--no-context", "-s", urls, *arguments], env=self._environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit_s)

    def must(self, servers, *arguments, limit_s=60):
        """What the program printed; AssertionError if it did not end with 0."""
        done = self.run(servers, *arguments, limit_s=limit_s)
        if done.returncode != 0:
            raise AssertionError(f"nats {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, servers, *arguments):
        return json.loads(self.must(servers, *arguments))


class Walk:
    """The steps, in the mission's order, and what they hand to each other."""

    def __init__(self, cluster, cli):
        self.cluster = cluster
        self.all = cluster.servers
        self.cli = cli
        self.acked = set()
        self.count = 0

    def two_servers(self, _):
        early = self.all[:2]
        for server in early:
            server.start()
        for server in early:
            server.await_ready()
        self.cli.must(early, "stream", "add", "EARLY", "--subjects", "early.>", "--storage", "file",
                      "--replicas", "2", "--defaults")
        self.cli.must(early, "pub", "-J", "early.1", "hello")
        got = self.cli.must(early, "stream", "get", "EARLY", "1")
        assert "hello" in got, got

    def third_joins(self, _):
        self.all[2].start()
        self.all[2].await_ready()
        until("the meta leader names three peers, all current", self._has_three_peers)

    def _has_three_peers(self):
        done = self.cli.run(self.all, *ADMIN, "server", "request", "jetstream", "--leader")
        if done.returncode != 0 or not done.stdout.strip():
            return False
        meta = json.loads(done.stdout.splitlines()[0])["data"]["meta_cluster"]
        replicas = meta.get("replicas", [])
        return meta["cluster_size"] == 3 and len(replicas) == 2 and all(peer["current"] for peer in replicas)

    def wrong_password(self, note):
        done = self.cli.run(self.all, "--user", "admin", "--password", "wrong", "server", "list", "3")
        assert done.returncode != 0, done.stdout
        text = (done.stdout + done.stderr).strip()
        assert "authorization violation" in text.lower(), text
        note(text.splitlines()[-1].strip())

    def server_list(self, _):
        self._names_all(self.cli.must(self.all, *ADMIN, "server", "list", "3"))

    def report_jetstream(self, _):
        report = self.cli.must(self.all, *ADMIN, "server", "report", "jetstream", "3")
        self._names_all(report)
        assert "RAFT Meta Group Information" in report, report

    def request_jetstream(self, _):
        answers = self.cli.must(self.all, *ADMIN, "server", "request", "jetstream", "3", "--all")
        self._names_all(" ".join(json.loads(line)["server"]["name"] for line in answers.splitlines()))

    def _names_all(self, text):
        for server in self.all:
            assert server.name in text, f"{server.name} is missing in:\n{text}"

    def replicated_stream(self, _):
        self.cli.must(self.all, "stream", "add", "ORDERS", "--subjects", "orders.>", "--storage", "file",
                      "--replicas", "3", "--dupe-window", "1h", "--defaults")
        until("ORDERS has a leader and two current replicas", self._has_current_replicas)

    def _info(self, servers):
        done = self.cli.run(servers, "stream", "info", "ORDERS", "--json")
        return json.loads(done.stdout) if done.returncode == 0 else None

    def _has_current_replicas(self):
        cluster = (self._info(self.all) or {}).get("cluster", {})
        replicas = cluster.get("replicas", [])
        return (cluster.get("leader") and len(replicas) == 2
                and all(peer.get("current") and not peer.get("lag") for peer in replicas))

    def thousand_publishes(self, _):
        self.cli.must(self.all, "pub", "-J", "orders.new", "order {{Count}}", "--count", str(PUBLISHED))
        assert self._info(self.all)["state"]["messages"] == PUBLISHED
        self.acked.update(f"order {number}" for number in range(1, PUBLISHED + 1))

    def consumer(self, _):
        self.cli.must(self.all, "consumer", "add", "ORDERS", "WORK", "--pull", "--defaults")
        got = self.cli.must(self.all, "consumer", "next", "ORDERS", "WORK", "--count", str(FETCHED))
        sequences = [int(number) for number in re.findall(r"str seq: (\d+)", got)]
        assert sequences == list(range(1, FETCHED + 1)), sequences
        until("all acks have arrived", lambda: self._ack_floor() == FETCHED)

    def _ack_floor(self):
        info = self.cli.json(self.all, "consumer", "info", "ORDERS", "WORK", "--json")
        return info["ack_floor"]["stream_seq"]

    def leader_kills(self, note):
        gaps = []
        for number in range(KILLS):
            victim = self._leader()
            others = self.cluster.others(victim)
            begin = time.monotonic()
            victim.kill()
            self._publish_until_acked(others)
            gaps.append(time.monotonic() - begin)
            if number == 0:
                self._consumer_goes_on(others)
            victim.start()
            victim.await_ready()
            until(f"{victim.name} has caught up", lambda: self.cluster.is_level("ORDERS"))
            until("all replicas are current", self._has_current_replicas)
        median = statistics.median(gaps)
        note("ms: " + " ".join(f"{gap * 1000:.0f}" for gap in gaps) + f", median {median * 1000:.0f}")
        assert median < GAP_MAX_S, f"median {median:.2f} s, wanted less than {GAP_MAX_S} s"

    def _leader(self):
        return self.cluster.named(until("ORDERS has a leader", self._leader_name))

    def _leader_name(self):
        return ((self._info(self.all) or {}).get("cluster", {})).get("leader")

    def _publish_until_acked(self, servers):
        self.count += 1
        body = f"after {self.count}"
        arguments = ("--timeout", "250ms", "pub", "-J", "orders.new", body, "-H", f"Nats-Msg-Id:{body}")
        until(f"{body} is acknowledged", lambda: self.cli.run(servers, *arguments).returncode == 0)
        self.acked.add(body)

    def _consumer_goes_on(self, servers):
        got = until("the consumer goes on", lambda: self._next(servers))
        assert int(got) == FETCHED + 1, f"goes on at {got}"

    def _next(self, servers):
        done = self.cli.run(servers, "consumer", "next", "ORDERS", "WORK", "--count", "1")
        found = re.search(r"str seq: (\d+)", done.stdout)
        return found and found.group(1)

    def majority_down(self, note):
        left = self.cluster.others(self._leader())[0]
        down = self.cluster.others(left)
        for server in down:
            server.kill()
        done = self.cli.run([left], "--timeout", "4s", "pub", "-J", "orders.new", "lonely", "-H", "Nats-Msg-Id:lonely")
        assert done.returncode != 0, done.stdout
        note((done.stdout + done.stderr).strip().splitlines()[-1])

    def all_back(self, note):
        for server in self.all:
            if not server.is_running():
                server.start()
        for server in self.all:
            server.await_ready()
        self._publish_until_acked(self.all)
        count = until("the stream's leader answers", lambda: self._info(self.all))["state"]["messages"]
        stored = self.cli.must(self.all, "sub", "--stream", "ORDERS", "--all", "--count", str(count), "--raw")
        lines = [line for line in stored.splitlines() if line]
        assert len(lines) == len(set(lines)) == count, f"{count} messages, {len(lines)} read, {len(set(lines))} different"
        missing = self.acked - set(lines)
        assert not missing, f"acknowledged and lost: {sorted(missing)}"
        assert set(lines) - self.acked <= {"lonely"}, sorted(set(lines) - self.acked)
        until("the replicas are level", lambda: self.cluster.is_level("ORDERS"))
        note(f"{len(self.acked)} acknowledged, {count} stored")

    def step_downs(self, note):
        before = self._leader_name()
        self.cli.must(self.all, "stream", "cluster", "step-down", "ORDERS")
        until("ORDERS is led by another server", lambda: self._leader_name() not in (None, before))
        self.cli.must(self.all, "stream", "cluster", "balance")
        self.cli.must(self.all, *ADMIN, "server", "cluster", "step-down")
        note(f"{before}, then {self._leader_name()}")

    def scale(self, _):
        self.cli.must(self.all, "stream", "edit", "ORDERS", "--replicas", "1", "--force")
        until("ORDERS has one replica", lambda: self._replica_count() == 1)
        self._publish_until_acked(self.all)
        self.cli.must(self.all, "stream", "edit", "ORDERS", "--replicas", "3", "--force")
        until("ORDERS has a leader and two current replicas", self._has_current_replicas)
        until("the replicas are level", lambda: self.cluster.is_level("ORDERS"))

    def _replica_count(self):
        cluster = (self._info(self.all) or {}).get("cluster", {})
        return len(cluster.get("replicas", [])) + 1 if cluster.get("leader") else 0

    def peer_remove(self, note):
        alone = self.cli.run(self.all, "stream", "cluster", "peer-remove", "ORDERS", self.all[2].name, "--force")
        assert alone.returncode != 0, "there is no server to take its place"
        note((alone.stdout + alone.stderr).strip().splitlines()[-1])
        left = self.all[:2]
        self.cli.must(left, *ADMIN, "server", "cluster", "peer-remove", self.all[2].name, "--force")
        until("ORDERS lives on two servers", lambda: self._replica_count() == 2)
        self._publish_until_acked(left)

    def run(self, steps):
        for sentence, step in (
                ("two servers up: a stream is usable", self.two_servers),
                ("a third joins: three peers", self.third_joins),
                ("a wrong administrator's password is refused", self.wrong_password),
                ("nats server list", self.server_list),
                ("nats server report jetstream", self.report_jetstream),
                ("nats server request jetstream", self.request_jetstream),
                ("R3 stream on three servers", self.replicated_stream),
                ("1,000 acknowledged publishes", self.thousand_publishes),
                ("durable pull consumer, 100 fetched and acked", self.consumer),
                ("kill -9 of the stream's leader five times: acknowledged again in under 1.5 s (median); "
                 "the consumer goes on at 101; the killed one catches up", self.leader_kills),
                ("two of three down: nothing is acknowledged", self.majority_down),
                ("all back: everything acknowledged is there", self.all_back),
                ("nats stream cluster step-down, balance; nats server cluster step-down", self.step_downs),
                ("nats stream edit: one replica, and three again", self.scale),
                ("nats stream cluster peer-remove is refused without a fourth server; "
                 "nats server cluster peer-remove leaves two", self.peer_remove)):
            with steps.step(sentence) as note:
                step(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nats", required=True, help="the nats command line")
    parser.add_argument("--server", required=True, help="program to start as server")
    parser.add_argument("--directory", required=True, type=Path, help="empty directory for stores and logs")
    options = parser.parse_args()
    steps = Steps("nats command line")
    with Cluster(options.directory, [options.server]) as cluster:
        Walk(cluster, Cli(options.nats, options.directory / "home")).run(steps)
    return steps.conclude()


if __name__ == "__main__":
    sys.exit(main())
