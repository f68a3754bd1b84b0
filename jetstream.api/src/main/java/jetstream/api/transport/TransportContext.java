package jetstream.api.transport;

import java.net.URI;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Map;

/**
 * What a transport is opened with.
 *
 * @param clusterName handshakes of another cluster name are refused on both sides
 * @param serverName this server's name
 * @param bootId random number of this process
 * @param host address to listen on
 * @param port port to listen on; -1 or 0 picks one
 * @param advertise {@code host[:port]} that peers shall use to reach this server; empty: the address seen
 * @param routes configured peers; may name this server itself
 * @param settings the plug-in's own settings by dotted name below {@code jetstream.transport.<name>}, all as text
 * @param credentials {@code user:password} that peers must present and that this server presents; empty: none
 * @param attributes first attributes of this server
 * @param channels where channels go whose readability must end the owner's blocking select
 * @param log one line per event worth an operator's eye
 */
public record TransportContext(String clusterName, String serverName, long bootId, String host, int port,
        String advertise,
        List<URI> routes, Map<String, String> settings, String credentials, Map<String, String> attributes,
        ChannelRegistrar channels, TransportLog log) {

    /** Puts a non-blocking channel into the selector in which the polling thread blocks. */
    @FunctionalInterface
    public interface ChannelRegistrar {
        /** Registers for reading; close the result to deregister. Polling thread. */
        AutoCloseable register(SelectableChannel channel);
    }

    /** Receives one line per event. */
    @FunctionalInterface
    public interface TransportLog {
        /** Takes a line; {@code warning} false is informational. */
        void line(boolean warning, String text);
    }
}
