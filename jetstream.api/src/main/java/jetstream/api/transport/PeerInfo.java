package jetstream.api.transport;

import java.util.Map;
import jetstream.api.NodeId;

/**
 * A peer as its handshake tells.
 *
 * @param node its identity
 * @param serverName its configured name
 * @param bootId random number of its process
 * @param host address of its cluster endpoint as reached from here
 * @param port port of its cluster endpoint
 * @param configured whether a configured route led to it; false: learned by gossip
 * @param solicited whether this side made contact first
 * @param attributes what its upper layers published about themselves (client URLs, {@code jetstream} = {@code true} …)
 */
public record PeerInfo(NodeId node, String serverName, long bootId, String host, int port, boolean configured,
        boolean solicited, Map<String, String> attributes) {
}
