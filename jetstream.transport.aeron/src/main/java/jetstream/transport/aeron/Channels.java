package jetstream.transport.aeron;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import jetstream.api.transport.Lane;

/** Writes Aeron channel URIs. */
final class Channels {
    private static final int WINDOW_LENGTH_MIN = 64 << 10;

    private final AeronTransportConfig config;
    private final int receiveBufferLength;

    Channels(final AeronTransportConfig config, final int receiveBufferLength) {
        this.config = config;
        this.receiveBufferLength = receiveBufferLength;
    }

    /** To a peer's endpoint. */
    String publication(final InetSocketAddress address, final Lane lane) {
        return "aeron:udp?endpoint=" + Addresses.text(address) + "|term-length=" + config.termLength(lane)
                + "|mtu=" + mtuLength(address.getAddress());
    }

    /** To a peer that shares our media driver. */
    String ipcPublication(final Lane lane) {
        return "aeron:ipc?term-length=" + config.termLength(lane) + "|mtu="
                + (config.mtuLength() == 0 ? AeronTransportConfig.LOCAL_MTU : config.mtuLength());
    }

    /**
     * Our own endpoint. The window is what a sender may have in flight: half a term, and no more than a quarter of the
     * socket buffer, which all lanes and peers share and which must hold it while this thread does something else.
     */
    String subscription(final InetAddress host, final int port, final Lane lane) {
        final int window = Math.max(WINDOW_LENGTH_MIN, Math.min(config.termLength(lane) / 2, receiveBufferLength / 4));
        return "aeron:udp?endpoint=" + Addresses.text(host, port) + "|rcv-wnd=" + Math.min(window, receiveBufferLength);
    }

    private int mtuLength(final InetAddress address) {
        if (config.mtuLength() != 0) {
            return config.mtuLength();
        }
        return Addresses.isLocal(address) ? AeronTransportConfig.LOCAL_MTU : AeronTransportConfig.NETWORK_MTU;
    }
}
