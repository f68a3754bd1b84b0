package jetstream.transport.aeron;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jetstream.api.NodeId;
import jetstream.api.transport.TransportContext;
import jetstream.wire.LinkFrame;

/** This server, as its hellos tell. Owner: the polling thread. */
final class Self {
    private static final String INCARNATION = "incarnation";

    final NodeId node;
    final String clusterName;
    final String serverName;
    final long bootId;
    final String credentials;
    private final LinkFrame.Reach reach;
    private Map<String, String> attributes;
    private int revision = 1;

    Self(final TransportContext context, final LinkFrame.Reach reach) {
        this.node = NodeId.of(context.serverName());
        this.clusterName = context.clusterName();
        this.serverName = context.serverName();
        this.bootId = context.bootId();
        this.credentials = context.credentials() == null ? "" : context.credentials();
        this.reach = reach;
        this.attributes = Map.copyOf(context.attributes());
    }

    LinkFrame.Reach reach() {
        return reach;
    }

    Map<String, String> attributes() {
        return attributes;
    }

    int revision() {
        return revision;
    }

    void attributes(final Map<String, String> newAttributes) {
        attributes = Map.copyOf(newAttributes);
        revision++;
    }

    /** What the hellos say has changed, apart from the attributes. */
    void revise() {
        revision++;
    }

    /** Who we are, with a proof of the password in {@code user:password}. */
    LinkFrame.Identity identity(final String userAndPassword) {
        final int colon = userAndPassword.indexOf(':');
        final String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
        final String password = colon < 0 ? "" : userAndPassword.substring(colon + 1);
        final String proof = userAndPassword.isEmpty() ? "" : proof(password, clusterName, node, bootId);
        return new LinkFrame.Identity(clusterName, serverName, node, bootId, user, proof);
    }

    /**
     * Why a hello is not acceptable, or null.
     *
     * <p>Nothing about addresses: two servers of one name are told apart by {@link Links}.
     */
    Objection objection(final LinkFrame.Hello hello) {
        final LinkFrame.Identity identity = hello.identity();
        if (hello.protocolVersion() != LinkFrame.PROTOCOL_VERSION) {
            return new Objection(LinkFrame.RefusalReason.PROTOCOL, "it speaks version " + hello.protocolVersion()
                    + " of the cluster protocol, " + serverName + " speaks " + LinkFrame.PROTOCOL_VERSION);
        }
        if (!identity.clusterName().equals(clusterName)) {
            return new Objection(LinkFrame.RefusalReason.CLUSTER_NAME, "it belongs to cluster '"
                    + identity.clusterName() + "', " + serverName + " to '" + clusterName + "'");
        }
        if (!isProven(identity)) {
            return new Objection(LinkFrame.RefusalReason.CREDENTIALS, "its route credentials are wrong or missing");
        }
        if (identity.node().equals(node)) {
            return new Objection(LinkFrame.RefusalReason.DUPLICATE_NAME, "the name '" + serverName
                    + "' belongs to another running server");
        }
        final String theirs = hello.attributes().getOrDefault(INCARNATION, "");
        final String ours = attributes.getOrDefault(INCARNATION, "");
        if (!theirs.isEmpty() && !ours.isEmpty() && !theirs.equals(ours)) {
            return new Objection(LinkFrame.RefusalReason.INCARNATION, "its data is of cluster incarnation " + theirs
                    + ", that of " + serverName + " of " + ours);
        }
        return null;
    }

    private boolean isProven(final LinkFrame.Identity identity) {
        if (credentials.isEmpty()) {
            return true;
        }
        final int colon = credentials.indexOf(':');
        final String user = colon < 0 ? credentials : credentials.substring(0, colon);
        final String password = colon < 0 ? "" : credentials.substring(colon + 1);
        final String proof = proof(password, identity.clusterName(), identity.node(), identity.bootId());
        return user.equals(identity.user()) && MessageDigest.isEqual(proof.getBytes(StandardCharsets.US_ASCII),
                identity.proof().getBytes(StandardCharsets.US_ASCII));
    }

    /** Keyed hash of who speaks: the password itself does not go to whoever answers at a route's address. */
    private static String proof(final String password, final String clusterName, final NodeId node, final long bootId) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(("jetstream:" + password).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            final String text = clusterName + '\n' + node.value() + '\n' + bootId;
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /**
     * Why a hello is refused.
     *
     * @param reason the kind
     * @param detail the end of the sentence "refused …: "
     */
    record Objection(LinkFrame.RefusalReason reason, String detail) {
    }
}
