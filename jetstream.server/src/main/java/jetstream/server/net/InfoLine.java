package jetstream.server.net;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import jetstream.server.conf.ServerConfig;
import jetstream.server.launch.LaunchLines;
import jetstream.server.launch.ServerInfo;
import jetstream.server.route.Account;
import jetstream.server.tls.TlsContext;

/** Makes INFO lines for clients of one port. Node thread. */
final class InfoLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PROTOCOL = 1;

    private final ServerConfig config;
    private final ServerInfo info;
    private final Door door;
    private final boolean isAuthRequired;

    /**
     * What the line says of the port.
     *
     * @param host            address for clients
     * @param port            port for clients; 0 for that of the client port
     * @param tls             keys of the port; null without TLS
     * @param allowsNonTls    whether clients may do without it
     * @param tellsOtherUrls  whether URLs of the cluster's client ports are of use here
     */
    record Door(String host, int port, TlsContext tls, boolean allowsNonTls, boolean tellsOtherUrls) {
    }

    InfoLine(final ServerConfig config, final ServerInfo info, final Door door, final boolean isAuthRequired) {
        this.config = config;
        this.info = info;
        this.door = door;
        this.isAuthRequired = isAuthRequired;
    }

    /**
     * Makes a line.
     *
     * @param to    who gets it
     * @param bound the account, for the INFO behind the first PONG; null for every other INFO
     * @return bytes with the space before CR LF that the reference has
     */
    byte[] line(final ClientConnection to, final Account bound) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        bytes.writeBytes("INFO ".getBytes(StandardCharsets.US_ASCII));
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            writeServer(json, to.maxPayload());
            json.writeNumberField("client_id", to.cid());
            json.writeStringField("client_ip", to.remoteHost());
            if (!to.nonce().isEmpty()) {
                json.writeStringField("nonce", to.nonce());
            }
            writeCluster(json);
            if (bound != null) {
                json.writeBooleanField("connect_info", true);
                json.writeStringField("remote_account", bound.name());
                writeIf(json, "acc_is_sys", bound.isSystem());
            }
            json.writeNumberField("api_lvl", ServerInfo.API_LEVEL);
            json.writeStringField("xkey", info.curveKey());
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("INFO could not be written to memory", e);
        }
        bytes.writeBytes(" \r\n".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private void writeServer(final JsonGenerator json, final int maxPayload) throws IOException {
        json.writeStringField("server_id", info.id());
        json.writeStringField("server_name", info.name());
        json.writeStringField("version", LaunchLines.VERSION);
        json.writeNumberField("proto", PROTOCOL);
        json.writeStringField("go", info.runtime());
        json.writeStringField("host", door.host);
        json.writeNumberField("port", door.port > 0 ? door.port : info.port());
        json.writeBooleanField("headers", config.client().headersSupported());
        writeIf(json, "auth_required", isAuthRequired);
        writeIf(json, "tls_required", door.tls != null && !door.allowsNonTls);
        writeIf(json, "tls_verify", door.tls != null && door.tls.config().clients().verify());
        writeIf(json, "tls_available", door.tls != null && door.allowsNonTls);
        json.writeNumberField("max_payload", maxPayload);
        writeIf(json, "jetstream", info.hasJetStream());
    }

    private void writeCluster(final JsonGenerator json) throws IOException {
        if (!info.clusterName().isEmpty()) {
            json.writeStringField("cluster", info.clusterName());
            writeIf(json, "cluster_dynamic", info.isClusterDynamic());
        }
        if (!info.domain().isEmpty()) {
            json.writeStringField("domain", info.domain());
        }
        if (door.tellsOtherUrls && !info.connectUrls().isEmpty()) {
            json.writeArrayFieldStart("connect_urls");
            for (final String url : info.connectUrls()) {
                json.writeString(url);
            }
            json.writeEndArray();
        }
        writeIf(json, "ldm", info.isLameDuck());
    }

    private static void writeIf(final JsonGenerator json, final String name, final boolean value) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }
}
