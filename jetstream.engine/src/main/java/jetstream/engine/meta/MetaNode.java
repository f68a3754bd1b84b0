package jetstream.engine.meta;

import java.util.List;
import jetstream.api.NodeId;

/**
 * A JetStream server that the meta group knows.
 *
 * @param node its identity
 * @param name its server name
 * @param tags its server tags
 */
public record MetaNode(NodeId node, String name, List<String> tags) {
    /** Copies the list. */
    public MetaNode {
        tags = List.copyOf(tags);
    }
}
