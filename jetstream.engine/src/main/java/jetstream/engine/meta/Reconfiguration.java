package jetstream.engine.meta;

import java.util.List;
import jetstream.api.NodeId;
import jetstream.api.config.StreamConfig;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.StreamConfigJson;

/**
 * A change of a stream's members that is under way, and what was before: to show it, and to go back.
 *
 * @param sinceEpochNs when it was decided
 * @param origin the configuration before
 * @param originPeers the nodes before
 */
public record Reconfiguration(long sinceEpochNs, StreamConfig origin, List<NodeId> originPeers) {
    /** Copies the list. */
    public Reconfiguration {
        originPeers = List.copyOf(originPeers);
    }

    /** Reads one; null stays null. */
    static Reconfiguration read(final JsonObject o) {
        return o == null ? null : new Reconfiguration(o.integer("since", 0), StreamConfigJson.read(o.object("config")),
                GroupPeers.nodes(o, "peers"));
    }

    void write(final JsonText t) {
        t.put("since", sinceEpochNs).object("config", c -> StreamConfigJson.write(c, origin)).integers("peers",
                originPeers.stream().map(NodeId::value).toList());
    }
}
