package jetstream.server.faults;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * An Ethernet switch in this process: one TAP device per port, each moved into a server's network namespace. It
 * carries what the kernels send each other, UDP and TCP alike, under {@link LinkRules}. One thread per port reads,
 * one sends what is delayed.
 */
final class TapSwitch {
    /** {@code TUNSETIFF} of linux/if_tun.h. */
    private static final long SET_INTERFACE = 0x400454caL;
    /** {@code IFF_TAP | IFF_NO_PI}: whole Ethernet frames, nothing before them. */
    private static final short TAP_WITHOUT_HEADER = 0x1002;
    private static final int NAME_BYTES = 16;
    private static final int REQUEST_BYTES = 40;
    private static final Path DEVICE = Path.of("/dev/net/tun");
    private static final int FRAME_MAX = 65_600;
    private static final int HEADER_BYTES = 14;
    private static final int TYPE_OFFSET = 12;
    private static final int TARGET_END = 5;
    private static final int POLL_MS = 100;
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;

    private final List<Integer> ports = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DelayQueue<Late> late = new DelayQueue<>();
    private final LongAdder passed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile LinkRules rules;
    private volatile boolean isOpen = true;

    /** A frame on its way. */
    private record Late(int to, byte[] frame, long dueNs) implements Delayed {
        @Override
        public long getDelay(final TimeUnit unit) {
            return unit.convert(dueNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(final Delayed other) {
            return Long.signum(dueNs - ((Late) other).dueNs);
        }
    }

    /** Makes the devices; the caller moves them to where they belong, then calls {@link #start}. */
    TapSwitch(final List<String> names) throws IOException {
        rules = LinkRules.perfect(names.size());
        try (Arena arena = Arena.ofConfined()) {
            for (final String name : names) {
                final int fd = Native.open(DEVICE, Native.READ_WRITE);
                ports.add(fd);
                final MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
                request.setString(0, name);
                request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, TAP_WITHOUT_HEADER);
                Native.ioctl(fd, SET_INTERFACE, request);
            }
        }
    }

    /** The address that the device of a port must have: the switch knows ports by it. */
    static String mac(final int port) {
        return "02:00:00:00:00:0" + port;
    }

    void start(final long seed) {
        for (int i = 0; i < ports.size(); i++) {
            final int port = i;
            threads.add(
                    Thread.ofPlatform().daemon().name("switch-" + i).start(() -> read(port, new Random(seed + port))));
        }
        threads.add(Thread.ofPlatform().daemon().name("switch-late").start(this::sendLate));
    }

    void apply(final LinkRules next) {
        rules = next;
    }

    LinkRules rules() {
        return rules;
    }

    String counts() {
        return "frames passed " + passed.sum() + ", dropped " + dropped.sum();
    }

    private void read(final int port, final Random random) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment frame = arena.allocate(FRAME_MAX);
            while (isOpen) {
                if (Native.isReadable(ports.get(port), POLL_MS)) {
                    final long length = Native.read(ports.get(port), frame);
                    if (length >= HEADER_BYTES) {
                        forward(port, frame.asSlice(0, length), random);
                    }
                }
            }
        }
    }

    private void forward(final int from, final MemorySegment frame, final Random random) {
        final int type = Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, TYPE_OFFSET)) << Byte.SIZE
                | Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, TYPE_OFFSET + 1));
        if (type != IPV4 && type != ARP) {
            return;
        }
        final boolean isToAll = (frame.get(ValueLayout.JAVA_BYTE, 0) & 1) != 0;
        final int target = frame.get(ValueLayout.JAVA_BYTE, TARGET_END);
        for (int to = 0; to < ports.size(); to++) {
            if (to != from && (isToAll || to == target)) {
                pass(from, to, frame, random);
            }
        }
    }

    private void pass(final int from, final int to, final MemorySegment frame, final Random random) {
        final LinkRules now = rules;
        final int copies = now.isCut(from, to) ? 0 : now.copies(random);
        (copies == 0 ? dropped : passed).increment();
        for (int copy = 0; copy < copies; copy++) {
            final int delayMs = now.delayMs(random);
            if (delayMs == 0) {
                Native.write(ports.get(to), frame, frame.byteSize());
            } else {
                late.add(new Late(to, frame.toArray(ValueLayout.JAVA_BYTE),
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs)));
            }
        }
    }

    private void sendLate() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment buffer = arena.allocate(FRAME_MAX);
            while (isOpen) {
                final Late due = late.poll(POLL_MS, TimeUnit.MILLISECONDS);
                if (due != null) {
                    MemorySegment.copy(due.frame(), 0, buffer, ValueLayout.JAVA_BYTE, 0, due.frame().length);
                    Native.write(ports.get(due.to()), buffer, due.frame().length);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The devices vanish with their descriptors. */
    void close() throws InterruptedException {
        isOpen = false;
        for (final Thread thread : threads) {
            thread.join();
        }
        ports.forEach(Native::close);
    }
}
