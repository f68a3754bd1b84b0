package jetstream.transport.aeron;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jetstream.api.transport.Lane;

/**
 * The plug-in's settings, checked and frozen; the README lists them.
 *
 * @param sharedDirectory directory of a media driver that several servers share, or null: a driver of our own
 * @param memoryDirectory where our own driver's directory goes
 * @param diskDirectory where it goes if there is no room
 * @param mtuLength largest datagram in bytes; 0: 8 KiB to addresses of this machine, {@value #NETWORK_MTU} to others
 * @param controlTermLength term buffer of a control lane in bytes
 * @param dataTermLength of a data lane
 * @param bulkTermLength of a bulk lane
 * @param routeTermLength of a route lane
 * @param socketBufferLength wanted length of socket buffers in bytes; the kernel may allow less
 * @param livenessTimeoutNs silence after which a peer counts as gone
 * @param idleIntervalNs longest time between two polls of an idle transport
 */
record AeronTransportConfig(Path sharedDirectory, Path memoryDirectory, Path diskDirectory, int mtuLength,
        int controlTermLength, int dataTermLength, int bulkTermLength, int routeTermLength, int socketBufferLength,
        long livenessTimeoutNs, long idleIntervalNs) {
    // Default terms: two links and the driver's own files fit into the 64 MiB of shared memory that containers have.

    /** Datagrams to the same machine: loopback carries them whole, and four times the bytes per system call. */
    static final int LOCAL_MTU = 8192;
    /** Datagrams to other machines: fits into an Ethernet frame with IP, UDP and a tunnel's header. */
    static final int NETWORK_MTU = 1408;
    /** Largest frame, head and payload, in bytes. */
    static final int FRAME_LENGTH_MAX = (64 << 20) + 4096;

    static AeronTransportConfig of(final Map<String, String> settings) {
        final SettingsReader reader = new SettingsReader(settings);
        final String shared = reader.text("dir", "");
        final AeronTransportConfig config = new AeronTransportConfig(
                shared.isEmpty() ? null : Path.of(shared),
                Path.of(reader.text("memory_dir", "/dev/shm")),
                Path.of(reader.text("disk_dir", System.getProperty("java.io.tmpdir"))),
                mtu(reader.bytes("mtu", 0, 256, 65_504)),
                reader.termLength("term_length.control", 256 << 10),
                reader.termLength("term_length.data", 2 << 20),
                reader.termLength("term_length.bulk", 512 << 10),
                reader.termLength("term_length.route", 512 << 10),
                reader.bytes("socket_buffer", 4 << 20, 64 << 10, 64 << 20),
                reader.durationNs("liveness_timeout", TimeUnit.SECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(100),
                        TimeUnit.MINUTES.toNanos(1)),
                reader.durationNs("idle_interval", TimeUnit.MILLISECONDS.toNanos(50),
                        TimeUnit.MICROSECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(100)));
        reader.conclude();
        return config;
    }

    int termLength(final Lane lane) {
        return switch (lane) {
            case CONTROL -> controlTermLength;
            case DATA -> dataTermLength;
            case BULK -> bulkTermLength;
            case ROUTE -> routeTermLength;
        };
    }

    /** Bytes that the term buffers of one link take in both directions; Aeron keeps three terms per stream. */
    long linkLength() {
        long length = 0;
        for (final Lane lane : Lane.values()) {
            length += 2L * 3 * termLength(lane);
        }
        return length;
    }

    /** Aeron wants multiples of its frame alignment. */
    private static int mtu(final int length) {
        return length & -32;
    }
}
