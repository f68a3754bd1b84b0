package jetstream.server.conf;

import java.util.List;
import java.util.Map;

/**
 * What the server is called.
 *
 * @param name     {@code server_name}; empty if the generated server id is to be used
 * @param tags     {@code server_tags}, as written
 * @param metadata {@code server_metadata}
 */
public record ServerIdentity(String name, List<String> tags, Map<String, String> metadata) {

    /** Copies the collections. */
    public ServerIdentity {
        tags = List.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }
}
