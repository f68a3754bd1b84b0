package jetstream.transport.aeron;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;

/**
 * Two or three processes on this machine: round trips, throughput, idle CPU. Not a test; run by hand:
 *
 * <pre>
 *   LoopbackMeasurement echo 7001                      answers appends with append replies, counts what has no answer
 *   LoopbackMeasurement ping 7002 64 20000 7001        that many round trips of that payload
 *   LoopbackMeasurement flood 7002 65536 3 7001        as much as goes, for three seconds
 *   LoopbackMeasurement link 7002 0 20 7001            links anew that many times
 *   LoopbackMeasurement idle 7003 20 7001 7002         links, then prints its CPU use
 * </pre>
 *
 * Settings of the plug-in follow as {@code key=value}.
 */
final class LoopbackMeasurement {
    private final SelectorNode node;
    private final int length;
    private final ByteBuffer payload;
    private long replies;
    private long appends;
    private long bytes;

    private LoopbackMeasurement(final SelectorNode node, final int length) {
        this.node = node;
        this.length = length;
        this.payload = ByteBuffer.allocateDirect(Math.max(1, length));
    }

    public static void main(final String[] args) throws IOException {
        final String role = args[0];
        final int port = Integer.parseInt(args[1]);
        final boolean isEcho = role.equals("echo");
        final int length = isEcho || role.equals("idle") ? 0 : Integer.parseInt(args[2]);
        final long amount = isEcho ? 0 : Long.parseLong(args[role.equals("idle") ? 2 : 3]);
        final List<URI> routes = new ArrayList<>();
        final Map<String, String> settings = new TreeMap<>();
        for (final String arg : Arrays.asList(args).subList(isEcho ? 2 : role.equals("idle") ? 3 : 4, args.length)) {
            if (arg.indexOf('=') < 0) {
                routes.add(URI.create("nats://127.0.0.1:" + arg));
            } else {
                settings.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
            }
        }
        if (role.equals("link")) {
            for (int i = 0; i < amount; i++) {
                try (SelectorNode node = new SelectorNode("link", port, routes, settings)) {
                    new LoopbackMeasurement(node, length).link();
                }
            }
            return;
        }
        try (SelectorNode node = new SelectorNode(role + port, port, routes, settings)) {
            final LoopbackMeasurement measurement = new LoopbackMeasurement(node, length);
            switch (role) {
                case "echo" -> measurement.echo();
                case "ping" -> measurement.ping(amount);
                case "flood" -> measurement.flood(amount);
                default -> measurement.idle(amount, routes.size());
            }
        }
    }

    private void echo() throws IOException {
        while (true) {
            node.turn(this::onEcho);
        }
    }

    private void onEcho(final NodeId from, final Frame frame, final ByteBuffer buffer, final int offset,
            final int size) {
        if (frame instanceof final RaftFrame.Append append) {
            appends++;
            if (append.readContext() > 0) {
                node.transport().link(from, Lane.CONTROL).offer(new RaftFrame.AppendReply(1, 1, true,
                        append.prevIndex(), appends, append.readContext()));
            }
        }
    }

    private void onReply(final NodeId from, final Frame frame, final ByteBuffer buffer, final int offset,
            final int size) {
        if (frame instanceof final RaftFrame.AppendReply reply) {
            replies = reply.readContext();
            bytes = reply.lastIndex();
        }
    }

    private PeerLink link() throws IOException {
        final long startNs = System.nanoTime();
        while (node.transport().peers().isEmpty()) {
            node.turn(this::onReply);
        }
        System.out.printf("linked after %.1f ms%n", (System.nanoTime() - startNs) / 1e6);
        return node.transport().link(node.transport().peers().iterator().next().node(), Lane.DATA);
    }

    private void ping(final long rounds) throws IOException {
        final PeerLink link = link();
        for (int pass = 0; pass < 3; pass++) {
            final long[] times = new long[(int) rounds];
            for (int i = 0; i < rounds; i++) {
                final long startNs = System.nanoTime();
                final long context = pass * rounds + i + 1;
                while (!link.offer(new RaftFrame.Append(1, 1, i, 1, 1, 1, context), payload, 0, length)) {
                    node.turn(this::onReply);
                }
                while (replies != context) {
                    node.turn(this::onReply);
                }
                times[i] = System.nanoTime() - startNs;
            }
            Arrays.sort(times);
            System.out.printf("round trip %d B, pass %d: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, max %.1f us%n",
                    length,
                    pass, at(times, 0.5), at(times, 0.99), at(times, 0.999), at(times, 1));
        }
    }

    private void flood(final long seconds) throws IOException {
        final PeerLink link = link();
        for (int pass = 0; pass < 2; pass++) {
            final long startNs = System.nanoTime();
            final long endNs = startNs + TimeUnit.SECONDS.toNanos(seconds);
            long sent = 0;
            long refused = 0;
            while (System.nanoTime() - endNs < 0) {
                for (int i = 0; i < 16; i++) {
                    if (!link.offer(new RaftFrame.Append(1, 1, sent, 1, 1, 1, 0), payload, 0, length)) {
                        refused++;
                        break;
                    }
                    sent++;
                }
                node.turn(this::onReply);
            }
            final long context = 1_000_000L + pass;
            while (!link.offer(new RaftFrame.Append(1, 1, sent, 1, 1, 1, context), payload, 0, 0)) {
                node.turn(this::onReply);
            }
            while (replies != context) {
                node.turn(this::onReply);
            }
            final double elapsed = (System.nanoTime() - startNs) / 1e9;
            System.out.printf("flood %d B, pass %d: %.0f frames/s, %.0f MB/s, refused %d%n", length, pass,
                    sent / elapsed, sent * (double) length / elapsed / 1e6, refused);
        }
    }

    private void idle(final long seconds, final int peers) throws IOException {
        while (node.transport().peers().size() < peers) {
            node.turn(this::onReply);
        }
        turnFor(3);
        final long startNs = System.nanoTime();
        final long cpuNs = cpuNs();
        final long threadNs = threadNs();
        final long turns = turnFor(seconds);
        System.out.printf("idle with %d peers: process %.2f %% of a core, polling thread %.2f %%, %.0f turns/s%n",
                node.transport().peers().size(), 100.0 * (cpuNs() - cpuNs) / (System.nanoTime() - startNs),
                100.0 * (threadNs() - threadNs) / (System.nanoTime() - startNs), turns / (double) seconds);
    }

    private long turnFor(final long seconds) throws IOException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long turns = 0;
        while (System.nanoTime() - endNs < 0) {
            node.turn(this::onReply);
            turns++;
        }
        return turns;
    }

    private static long cpuNs() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Linux only. */
    private static long threadNs() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[0]);
    }

    private static double at(final long[] sorted, final double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e3;
    }
}
