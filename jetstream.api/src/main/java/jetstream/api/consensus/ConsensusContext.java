package jetstream.api.consensus;

import java.util.Map;
import java.util.function.BiFunction;
import jetstream.api.NodeId;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;

/**
 * What a node's consensus is made of. Everything that is not a function comes in here (DESIGN section 7).
 *
 * @param node this node
 * @param bootId random number of this process
 * @param links lane to a peer; the same object for the same arguments
 * @param seed seed of the random election timeouts
 * @param settings the plug-in's own settings by dotted name below {@code jetstream.<name>}, all as text
 * @param log one line per change worth an operator's eye
 * @param setAside where data goes that is about to be replaced
 */
public record ConsensusContext(NodeId node, long bootId, BiFunction<NodeId, Lane, PeerLink> links, long seed,
        Map<String, String> settings, ConsensusLog log, SetAside setAside) {
    /** Receives one line per event. */
    @FunctionalInterface
    public interface ConsensusLog {
        /** Takes a line; {@code warning} false is informational. */
        void line(boolean warning, String text);
    }
}
