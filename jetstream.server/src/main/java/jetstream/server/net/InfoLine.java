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

/** Makes INFO lines for clients. Node thread. */
final class InfoLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PROTOCOL = 1;

    private final ServerConfig config;
    private final ServerInfo info;
    private final boolean isAuthRequired;
    private final String host;
    private final int advertisedPort;

    InfoLine(final ServerConfig config, final ServerInfo info, final boolean isAuthRequired) {
        this.config = config;
        this.info = info;
        this.isAuthRequired = isAuthRequired;
        final String advertise = config.client().advertise();
        final int colon = advertise.lastIndexOf(':');
        final boolean hasPort = colon > advertise.lastIndexOf(']');
        final String advertisedHost = hasPort ? advertise.substring(0, colon) : advertise;
        this.host = advertise.isEmpty() ? info.host() : advertisedHost;
        this.advertisedPort = hasPort ? Integer.parseInt(advertise.substring(colon + 1)) : 0;
    }

    /**
     * Makes a line.
     *
     * @param cid        id of the connection
     * @param clientIp   address of the client
     * @param maxPayload what holds for this client
     * @param bound      the account, for the INFO behind the first PONG; null for every other INFO
     * @return bytes with the space before CR LF that the reference has
     */
    byte[] line(final long cid, final String clientIp, final int maxPayload, final Account bound) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        bytes.writeBytes("INFO ".getBytes(StandardCharsets.US_ASCII));
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            writeServer(json, maxPayload);
            json.writeNumberField("client_id", cid);
            json.writeStringField("client_ip", clientIp);
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
        json.writeStringField("host", host);
        json.writeNumberField("port", advertisedPort > 0 ? advertisedPort : info.port());
        json.writeBooleanField("headers", config.client().headersSupported());
        writeIf(json, "auth_required", isAuthRequired);
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
        if (!info.connectUrls().isEmpty()) {
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
