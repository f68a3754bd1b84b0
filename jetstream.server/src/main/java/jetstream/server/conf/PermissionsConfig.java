package jetstream.server.conf;

import java.util.Optional;

/**
 * What a user may do. An absent side is unrestricted.
 *
 * @param publish   subjects that may be published to
 * @param subscribe subjects that may be subscribed to
 * @param responses replies that become publishable by receiving a request; present implies that
 *                  {@code publish} has an allow list, an empty one if none was written
 */
public record PermissionsConfig(
        SubjectRules publish, SubjectRules subscribe, Optional<ResponsePermission> responses) {

    /** Everything is allowed. */
    public static final PermissionsConfig ALL =
            new PermissionsConfig(SubjectRules.ANY, SubjectRules.ANY, Optional.empty());
}
