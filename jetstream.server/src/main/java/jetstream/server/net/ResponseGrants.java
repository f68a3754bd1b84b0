package jetstream.server.net;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import jetstream.server.conf.ResponsePermission;

/** Reply subjects that a client may publish to because it was sent a request ({@code allow_responses}). Node thread. */
final class ResponseGrants {
    private static final int PRUNE_AT = 64;

    private final ResponsePermission permission;
    private final Map<String, Grant> grants = new HashMap<>();
    private int pruneAt = PRUNE_AT;

    ResponseGrants(final ResponsePermission permission) {
        this.permission = permission;
    }

    /** A request was delivered. */
    void grant(final byte[] reply, final int length, final long nowNs) {
        if (grants.size() >= pruneAt) {
            grants.values().removeIf(grant -> !isValid(grant, nowNs));
            pruneAt = Math.max(PRUNE_AT, grants.size() * 2);
        }
        grants.put(key(reply, length), new Grant(nowNs));
    }

    /** Uses up one answer. */
    boolean use(final byte[] subject, final int length, final long nowNs) {
        final String key = key(subject, length);
        final Grant grant = grants.get(key);
        if (grant == null) {
            return false;
        }
        final boolean isValid = isValid(grant, nowNs);
        grant.used++;
        if (!isValid || permission.maxMessages() >= 0 && grant.used >= permission.maxMessages()) {
            grants.remove(key);
        }
        return isValid;
    }

    private boolean isValid(final Grant grant, final long nowNs) {
        return permission.expiresNs() < 0 || nowNs - grant.grantedNs < permission.expiresNs();
    }

    private static String key(final byte[] subject, final int length) {
        return new String(subject, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** One reply subject. */
    private static final class Grant {
        private final long grantedNs;
        private int used;

        Grant(final long grantedNs) {
            this.grantedNs = grantedNs;
        }
    }
}
