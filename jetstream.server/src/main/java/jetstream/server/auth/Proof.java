package jetstream.server.auth;

import jetstream.server.protocol.ConnectOptions;
import jetstream.server.tls.CertificateNames;

/**
 * All that speaks for a client that wants to log in.
 *
 * @param options        what it said in CONNECT
 * @param nonce          what it had to sign
 * @param connectionType kind of its connection, for instance {@code STANDARD}
 * @param certificate    names in its certificate, where that names the user; else null
 * @param remoteHost     its address
 */
public record Proof(ConnectOptions options, String nonce, String connectionType, CertificateNames certificate,
        String remoteHost) {

    boolean isWebSocket() {
        return "WEBSOCKET".equals(connectionType);
    }
}
