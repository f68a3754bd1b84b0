"""The mission's walk, shortened, with the unmodified nats-py client. Arguments: --directory DIR -- SERVER [ARGUMENT ...]."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import nats
import nats.errors
import nats.js.api
import nats.js.errors

from servers import ADMIN_PASSWORD, DEADLINE_S, STEP_S, Cluster, until
from steps import Steps

PUBLISHED = 1_000
FETCHED = 100
LONELY_S = 4
REFUSALS = (nats.errors.Error, nats.js.errors.Error, asyncio.TimeoutError, OSError)


async def connect(servers, **options):
    """A connection that stays with these servers and comes back to them quickly."""
    async def quiet(_):
        pass
    return await nats.connect([server.url for server in servers], dont_randomize=True, max_reconnect_attempts=-1,
                              reconnect_time_wait=0.05, connect_timeout=5, error_cb=quiet, **options)


async def repeated(what, attempt, deadline_s=DEADLINE_S):
    """Repeats an attempt that may be refused while the cluster finds itself; the last refusal if it stays so."""
    end = time.monotonic() + deadline_s
    while True:
        try:
            return await attempt()
        except REFUSALS as refusal:
            if time.monotonic() >= end:
                raise AssertionError(f"not within {deadline_s} s: {what}: {refusal!r}") from refusal
            await asyncio.sleep(STEP_S)


class Walk:
    """The steps, in the mission's order, and what they hand to each other."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.all = cluster.servers
        self.acked = {}

    async def two_servers(self, _):
        early = self.all[:2]
        for server in early:
            server.start()
        for server in early:
            server.await_ready()
        client = await connect(early)
        config = nats.js.api.StreamConfig(name="EARLY", subjects=["early.>"], num_replicas=2)
        await repeated("EARLY is added", lambda: client.jetstream().add_stream(config))
        ack = await client.jetstream().publish("early.1", b"hello")
        assert ack.seq == 1, ack
        await client.close()

    async def third_joins(self, _):
        self.all[2].start()
        self.all[2].await_ready()
        try:
            await connect(self.all, user="admin", password="wrong", allow_reconnect=False)
            raise AssertionError("a wrong administrator's password was taken")
        except nats.errors.Error as refusal:
            assert "authorization violation" in str(refusal).lower(), refusal
        admin = await connect(self.all, user="admin", password=ADMIN_PASSWORD)
        inbox = admin.new_inbox()
        answers = await admin.subscribe(inbox)
        await admin.publish("$SYS.REQ.SERVER.PING", b"", reply=inbox)
        seen = [await answers.next_msg(timeout=10) for _ in self.all]
        assert len({answer.data for answer in seen}) == 3, seen
        await admin.close()

    async def publishes_and_consumer(self, _):
        client = await connect(self.all)
        js = client.jetstream()
        config = nats.js.api.StreamConfig(name="ORDERS", subjects=["orders.>"], num_replicas=3, duplicate_window=3600)
        await repeated("ORDERS is added", lambda: js.add_stream(config))
        for number in range(PUBLISHED):
            await self.publish(js, f"order-{number}")
        assert (await js.stream_info("ORDERS")).state.messages == PUBLISHED
        await js.add_consumer("ORDERS", nats.js.api.ConsumerConfig(
            durable_name="WORK", ack_policy=nats.js.api.AckPolicy.EXPLICIT))
        work = await js.pull_subscribe_bind("WORK", "ORDERS")
        sequences = []
        while len(sequences) < FETCHED:
            for message in await work.fetch(FETCHED - len(sequences), timeout=10):
                await message.ack_sync(timeout=5)
                sequences.append(message.metadata.sequence.stream)
        assert sequences == list(range(1, FETCHED + 1)), sequences
        await client.close()

    async def publish(self, js, text):
        """Until acknowledged, as a careful client does: the same id in each attempt."""
        ack = await repeated(f"{text} is acknowledged", lambda: js.publish(
            "orders.new", text.encode(), timeout=0.25, headers={"Nats-Msg-Id": text}))
        assert text not in self.acked
        self.acked[text] = ack.seq

    async def leader(self):
        client = await connect(self.all)

        async def ask():
            info = await client.jetstream().stream_info("ORDERS")
            if not info.cluster.leader:
                raise nats.errors.TimeoutError
            return self.cluster.named(info.cluster.leader)
        found = await repeated("ORDERS has a leader", ask)
        await client.close()
        return found

    async def leader_kill(self, note):
        victim = await self.leader()
        client = await connect(self.cluster.others(victim))
        begin = time.monotonic()
        victim.kill()
        await self.publish(client.jetstream(), "after the kill")
        note(f"acknowledged again after {(time.monotonic() - begin) * 1000:.0f} ms")
        work = await client.jetstream().pull_subscribe_bind("WORK", "ORDERS")
        message = (await repeated("the consumer goes on", lambda: work.fetch(1, timeout=2)))[0]
        assert message.metadata.sequence.stream == FETCHED + 1, message.metadata
        await message.ack_sync(timeout=5)
        await client.close()
        victim.start()
        victim.await_ready()
        until(f"{victim.name} has caught up", lambda: self.cluster.is_level("ORDERS"))

    async def majority_down(self, _):
        left = self.cluster.others(await self.leader())[0]
        for server in self.cluster.others(left):
            server.kill()
        client = await connect([left])
        try:
            ack = await client.jetstream().publish("orders.new", b"lonely", timeout=LONELY_S,
                                                   headers={"Nats-Msg-Id": "lonely"})
            raise AssertionError(f"one of three acknowledged: {ack}")
        except REFUSALS:
            pass
        await client.close()

    async def all_back(self, note):
        for server in self.all:
            if not server.is_running():
                server.start()
        for server in self.all:
            server.await_ready()
        client = await connect(self.all)
        js = client.jetstream()
        await self.publish(js, "at the end")
        count = (await js.stream_info("ORDERS")).state.messages
        everything = await js.subscribe("orders.>", ordered_consumer=True)
        stored = {}
        for _ in range(count):
            message = await everything.next_msg(timeout=20)
            text = message.data.decode()
            assert text not in stored, f"{text} is stored twice"
            stored[text] = message.metadata.sequence.stream
        # What nobody was told of may be there or not.
        stored.pop("lonely", None)
        assert stored == self.acked, f"{len(stored)} stored, {len(self.acked)} acknowledged"
        await client.close()
        until("the replicas are level", lambda: self.cluster.is_level("ORDERS"))
        note(f"{len(self.acked)} acknowledged, each at its sequence")

    async def run(self, steps):
        for sentence, step in (
                ("two servers up: a stream is usable", self.two_servers),
                ("a third joins; a wrong administrator's password is refused; the right one sees three", self.third_joins),
                ("R3 stream, 1,000 acknowledged publishes, 100 fetched and acked", self.publishes_and_consumer),
                ("kill -9 of the leader: acknowledged again, the consumer goes on at 101, the killed one catches up",
                 self.leader_kill),
                ("two of three down: nothing is acknowledged", self.majority_down),
                ("all back: everything acknowledged is there", self.all_back)):
            with steps.step(sentence) as note:
                await step(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", required=True, type=Path, help="empty directory for stores and logs")
    parser.add_argument("server", nargs="+", help="program to start as server, and its first arguments")
    options = parser.parse_args()
    steps = Steps(f"nats-py {nats.__version__ if hasattr(nats, '__version__') else ''}".strip())
    with Cluster(options.directory, options.server) as cluster:
        asyncio.run(Walk(cluster).run(steps))
    return steps.conclude()


if __name__ == "__main__":
    sys.exit(main())
