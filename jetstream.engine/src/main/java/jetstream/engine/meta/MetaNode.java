package jetstream.engine.meta;

import java.util.List;
import jetstream.api.NodeId;

/**
 * A JetStream server that the meta group knows.
 *
 * @param node its identity
 * @param name its server name
 * @param tags its server tags
 * @param life random name of its store: a server that comes back with an empty one is known by it
 */
public record MetaNode(NodeId node, String name, List<String> tags, String life) {
    /** Copies the list. */
    public MetaNode {
        tags = List.copyOf(tags);
    }
}
