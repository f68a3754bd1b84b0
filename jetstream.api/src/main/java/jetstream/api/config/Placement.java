package jetstream.api.config;

import java.util.List;

/**
 * Where a stream may live.
 *
 * @param cluster cluster name; empty for any
 * @param tags server tags that must be there, {@code !tag}: must not
 * @param preferred preferred leader, only in step-down requests; empty if none
 */
public record Placement(String cluster, List<String> tags, String preferred) {
    /** Copies the list. */
    public Placement {
        tags = List.copyOf(tags);
    }
}
