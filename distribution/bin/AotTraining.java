import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The training run behind {@code make-aot-cache}: a cluster of three servers on loopback, the first of which records.
 * It is used as clients would use it (core publish, fan-out, requests; replicated streams, pull consumers, direct
 * reads), because the cache keeps not only what was loaded but also what was hot. A part of the load that the servers
 * do not answer is left out with one line.
 *
 * <p>A single-file program: {@code java AotTraining.java HOME OUTPUT}. Needs nothing but the JDK.
 */
public final class AotTraining {

    private static final int SERVERS = 3;
    private static final int CORE_MESSAGES = 40_000;
    private static final int CORE_REQUESTS = 3_000;
    private static final int STREAMS = 6;
    private static final int STREAM_MESSAGES = 6_000;
    private static final int WINDOW = 256;
    private static final int FETCH = 100;
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PHASE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int ANSWER_MS = 10_000;
    private static final int END_SECONDS = 60;
    private static final int TLS_CLIENTS = 20;
    private static final String PASSWORD = "training";
    private static final byte[] PAYLOAD = "x".repeat(256).getBytes(StandardCharsets.US_ASCII);

    private final Path home;
    private final Path output;
    private final Path work;
    private final List<Process> servers = new ArrayList<>();

    private AotTraining(final Path home, final Path output, final Path work) {
        this.home = home;
        this.output = output;
        this.work = work;
    }

    public static void main(final String... arguments) throws IOException, InterruptedException {
        final Path work = Files.createTempDirectory("jetstream-training");
        final AotTraining training = new AotTraining(Path.of(arguments[0]), Path.of(arguments[1]), work);
        try {
            training.run();
        } finally {
            training.servers.forEach(Process::destroyForcibly);
            delete(work);
        }
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        final int[] clusterPorts = freePorts();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(start(i, clusterPorts));
        }
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            ports.add(awaitPort(i));
        }
        phase("core messages", () -> coreMessages(ports));
        phase("requests", () -> requests(ports));
        phase("streams", () -> streams(ports));
        phase("TLS", () -> secured(ports.get(0)));
        phase("WebSocket", this::webSocket);
        phase("monitoring pages", () -> pages(work.resolve("s0")));
        for (int i = SERVERS - 1; i >= 0; i--) {
            servers.get(i).destroy();
            if (!servers.get(i).waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("server " + i + " does not stop; " + log(i));
            }
        }
        if (!Files.exists(output)) {
            throw new IOException("the server wrote no cache; " + log(0));
        }
    }

    private static void pages(final Path directory) throws IOException {
        final String json = portsFile(directory);
        final int at = json.indexOf("http://");
        if (at < 0) {
            throw new IOException("there is no monitoring port");
        }
        final String base = json.substring(at, json.indexOf('"', at));
        for (final String page : List.of("/healthz", "/varz", "/connz", "/subsz", "/routez", "/jsz", "/healthz")) {
            final HttpURLConnection connection = (HttpURLConnection) URI.create(base + page).toURL().openConnection();
            if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                try (InputStream in = connection.getInputStream()) {
                    in.readAllBytes();
                }
            }
        }
    }

    private interface Phase {
        void run() throws IOException;
    }

    private static void phase(final String name, final Phase phase) {
        try {
            phase.run();
        } catch (final IOException e) {
            System.err.println("training: no " + name + ": " + e.getMessage());
        }
    }

    private static int[] freePorts() throws IOException {
        final int[] ports = new int[SERVERS];
        final List<DatagramSocket> held = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports[i] = socket.getLocalPort();
        }
        held.forEach(DatagramSocket::close);
        return ports;
    }

    /** Configured by a file like those of real clusters, so that reading one is in the cache, too. */
    private Process start(final int index, final int[] clusterPorts) throws IOException {
        final StringBuilder routes = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            if (i != index) {
                routes.append("    nats://127.0.0.1:").append(clusterPorts[i]).append('\n');
            }
        }
        final Path directory = Files.createDirectories(work.resolve("s" + index));
        final Path conf = Files.writeString(directory.resolve("server.conf"), """
                server_name: training-%1$d
                listen: "127.0.0.1:-1"
                http: "127.0.0.1:-1"
                ports_file_dir: "%2$s"
                accounts { $SYS { users: [ { user: admin, password: admin } ] } }
                # A machine that builds something else at the same time must not lose its leaders meanwhile.
                jetstream {
                  store_dir: "%2$s/store"
                  raft { election_timeout_min: 5s, election_timeout_max: 7s }
                }
                websocket { listen: "127.0.0.1:-1", no_tls: true }
                %5$s
                cluster {
                  name: training
                  listen: "127.0.0.1:%3$d"
                  routes: [
                %4$s
                  ]
                }
                """.formatted(index, directory, clusterPorts[index], routes, tls(directory)));
        final ProcessBuilder builder =
                new ProcessBuilder(home.resolve("bin/jetstream-server").toString(), "-c", conf.toString());
        if (index == 0) {
            builder.environment().put("JETSTREAM_AOT_OUTPUT", output.toString());
        }
        return builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    }

    /** The TLS block, with a key made for it; empty, with one line, if none can be made. */
    private static String tls(final Path directory) {
        try {
            final Path store = directory.resolve("key.p12");
            final Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
            final Process keytool = new ProcessBuilder(program.toString(), "-genkeypair",
                    "-alias", "k", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1",
                    "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
                    .redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
            if (keytool.waitFor() != 0) {
                throw new IOException(Files.readString(directory.resolve("keytool.log")).strip());
            }
            final KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            final Path certificate = pem(directory, "CERTIFICATE", keys.getCertificate("k").getEncoded());
            final Path key = pem(directory, "PRIVATE KEY", keys.getKey("k", PASSWORD.toCharArray()).getEncoded());
            return "tls { cert_file: \"" + certificate + "\", key_file: \"" + key + "\" }\nallow_non_tls: true";
        } catch (final IOException | GeneralSecurityException e) {
            System.err.println("training: no TLS: " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    private static Path pem(final Path directory, final String type, final byte[] encoded) throws IOException {
        return Files.writeString(directory.resolve(type.replace(' ', '-') + ".pem"), "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END " + type + "-----\n");
    }

    private String log(final int index) throws IOException {
        return "its log:\n" + Files.readString(work.resolve("s" + index).resolve("log"));
    }

    /** Waits for the ports file and gives the client port in it. */
    private int awaitPort(final int index) throws IOException, InterruptedException {
        final long deadlineNs = System.nanoTime() + READY_NS;
        while (true) {
            final String json = portsFile(work.resolve("s" + index));
            if (!json.isEmpty()) {
                final int at = json.indexOf("127.0.0.1:") + "127.0.0.1:".length();
                return Integer.parseInt(json.substring(at, json.indexOf('"', at)));
            }
            if (!servers.get(index).isAlive() || System.nanoTime() - deadlineNs > 0) {
                throw new IOException("server " + index + " did not become ready; " + log(index));
            }
            Thread.sleep(50);
        }
    }

    /** What the ports file says; empty as long as there is none. */
    private static String portsFile(final Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            final List<Path> found = files.filter(path -> path.toString().endsWith(".ports")).toList();
            return found.isEmpty() ? "" : Files.readString(found.getFirst());
        }
    }

    private static void coreMessages(final List<Integer> ports) throws IOException {
        try (Client near = new Client(ports.get(0)); Client far = new Client(ports.get(1))) {
            near.send("SUB t.* 1\r\nSUB t.> workers 2\r\nSUB u.a 3\r\n");
            far.send("SUB t.x 1\r\nSUB w.> 2\r\n");
            near.roundTrip();
            far.roundTrip();
            final long endNs = System.nanoTime() + PHASE_NS;
            for (int i = 0; i < CORE_MESSAGES && System.nanoTime() - endNs < 0; i += WINDOW) {
                for (int j = 0; j < WINDOW; j++) {
                    near.publish(j % 4 == 0 ? "t.x" : "u.a", "", PAYLOAD, j % 8 == 0);
                    far.publish("t.y", "", PAYLOAD, false);
                }
                near.roundTrip();
                far.roundTrip();
            }
        }
    }

    private static void requests(final List<Integer> ports) throws IOException {
        try (Client asker = new Client(ports.get(0)); Client answerer = new Client(ports.get(0))) {
            answerer.send("SUB q 1\r\n");
            answerer.roundTrip();
            asker.send("SUB _INBOX.t.* 1\r\n");
            asker.roundTrip();
            final long endNs = System.nanoTime() + PHASE_NS;
            for (int i = 0; i < CORE_REQUESTS && System.nanoTime() - endNs < 0; i++) {
                asker.publish("q", "_INBOX.t." + i, PAYLOAD, false);
                asker.flush();
                answerer.publish(answerer.next().reply, "", PAYLOAD, false);
                answerer.flush();
                asker.next();
            }
        }
    }

    private static void streams(final List<Integer> ports) throws IOException {
        try (Client client = new Client(ports.get(0))) {
            client.send("SUB _INBOX.a.* 1\r\n");
            awaitJetStream(client);
            final long endNs = System.nanoTime() + PHASE_NS;
            for (int s = 0; s < STREAMS && System.nanoTime() - endNs < 0; s++) {
                stream(client, "T" + s, s % 3 == 2 ? 1 : SERVERS, s % 2 == 0 ? "file" : "memory", endNs);
            }
        }
    }

    /** Clients that upgrade to TLS, each with a handshake of its own. */
    private static void secured(final int port) throws IOException {
        try {
            for (int i = 0; i < TLS_CLIENTS; i++) {
                final SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAll()}, null);
                try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    plain.setSoTimeout(ANSWER_MS);
                    line(plain.getInputStream()); // byte by byte: what follows belongs to the handshake
                    final Socket socket = context.getSocketFactory().createSocket(plain, "localhost", port, true);
                    for (int j = 0; j < WINDOW; j++) {
                        socket.getOutputStream().write("PUB t.tls 2\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().read();
                }
            }
        } catch (final GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Trusts the key that was made a moment ago. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type, final Socket socket) { }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type, final Socket socket) { }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine) { }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine) { }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type) { }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type) { }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void webSocket() throws IOException {
        final String json = portsFile(work.resolve("s0"));
        final int at = json.indexOf("ws://");
        if (at < 0) {
            throw new IOException("there is no WebSocket port");
        }
        final URI uri = URI.create(json.substring(at, json.indexOf('"', at)));
        try (HttpClient http = HttpClient.newHttpClient()) {
            final CompletableFuture<String> pong = new CompletableFuture<>();
            final WebSocket socket = http.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onBinary(final WebSocket from, final ByteBuffer bytes, final boolean isLast) {
                    final String text = StandardCharsets.US_ASCII.decode(bytes).toString();
                    if (text.contains("PONG")) {
                        pong.complete(text);
                    }
                    from.request(1);
                    return null;
                }
            }).join();
            final String text = "CONNECT {\"verbose\":false,\"lang\":\"java\",\"version\":\"1\"}\r\nPING\r\n";
            socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), true).join();
            pong.get(ANSWER_MS, TimeUnit.MILLISECONDS);
            socket.abort();
        } catch (final ExecutionException | TimeoutException | CompletionException e) {
            throw new IOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitJetStream(final Client client) throws IOException {
        final long deadlineNs = System.nanoTime() + PHASE_NS;
        while (!client.request("$JS.API.INFO", "").text().contains("\"streams\"")) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("JetStream does not answer");
            }
        }
    }

    private static void stream(
            final Client client, final String name, final int replicas, final String storage, final long endNs)
            throws IOException {
        insist(client, "$JS.API.STREAM.CREATE." + name, "{\"name\":\"" + name + "\",\"subjects\":[\"" + name
                + ".>\"],\"storage\":\"" + storage + "\",\"num_replicas\":" + replicas + ",\"allow_direct\":true}");
        for (int i = 0; i < STREAM_MESSAGES && System.nanoTime() - endNs < 0; i += WINDOW) {
            for (int j = 0; j < WINDOW; j++) {
                client.publish(name + ".k" + j % 50, "_INBOX.a.p", PAYLOAD, j % 16 == 0);
            }
            for (int j = 0; j < WINDOW; j++) {
                client.next();
            }
        }
        for (int i = 0; i < WINDOW && System.nanoTime() - endNs < 0; i++) {
            client.request(name + ".one", "single");
        }
        insist(client, "$JS.API.CONSUMER.DURABLE.CREATE." + name + ".C", "{\"stream_name\":\"" + name
                + "\",\"config\":{\"durable_name\":\"C\",\"ack_policy\":\"explicit\",\"max_ack_pending\":10000}}");
        for (int i = 0; i < STREAM_MESSAGES / 2 && System.nanoTime() - endNs < 0; i += FETCH) {
            client.publish(
                    "$JS.API.CONSUMER.MSG.NEXT." + name + ".C", "_INBOX.a.f",
                    ("{\"batch\":" + FETCH + ",\"no_wait\":true}").getBytes(StandardCharsets.US_ASCII), false);
            for (int j = 0; j < FETCH; j++) {
                final String ack = client.next().reply;
                if (ack.isEmpty()) {
                    break;
                }
                client.publish(ack, "", new byte[0], false);
            }
        }
        for (int i = 0; i < WINDOW && System.nanoTime() - endNs < 0; i++) {
            client.request("$JS.API.DIRECT.GET." + name + "." + name + ".k" + i % 50, "");
        }
        client.request("$JS.API.STREAM.INFO." + name, "");
        client.request("$JS.API.CONSUMER.INFO." + name + ".C", "");
        client.request("$JS.API.STREAM.PURGE." + name, "");
        client.request("$JS.API.STREAM.DELETE." + name, "");
    }

    /** Asks until the answer is not an error: a busy machine's cluster may be between two leaders. */
    private static void insist(final Client client, final String subject, final String body) throws IOException {
        final long deadlineNs = System.nanoTime() + PHASE_NS;
        while (true) {
            final String answer = client.request(subject, body).text();
            if (!answer.isEmpty() && !answer.contains("\"error\"")) {
                return;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(subject + " is answered with '" + answer + "'");
            }
        }
    }

    private static String line(final InputStream in) throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server has closed the connection");
            }
            text.write(c);
        }
        return text.toString(StandardCharsets.US_ASCII).strip();
    }

    private record Message(String reply, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** A client as small as it can be: one thread, one socket, messages in the order in which they come. */
    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream(1 << 16);

        Client(final int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MS);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            out = socket.getOutputStream();
            line(in);
            send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1,"
                    + "\"lang\":\"java\",\"version\":\"1\",\"echo\":true}\r\n");
            roundTrip();
        }

        void send(final String text) throws IOException {
            pending.write(text.getBytes(StandardCharsets.US_ASCII));
        }

        void publish(final String subject, final String reply, final byte[] body, final boolean hasHeader)
                throws IOException {
            final String header = hasHeader ? "NATS/1.0\r\nTrace: 1\r\n\r\n" : "";
            send((hasHeader ? "HPUB " : "PUB ") + subject + (reply.isEmpty() ? "" : " " + reply)
                    + (hasHeader ? " " + header.length() : "") + " " + (header.length() + body.length)
                    + "\r\n" + header);
            pending.write(body);
            send("\r\n");
        }

        void flush() throws IOException {
            pending.writeTo(out);
            pending.reset();
        }

        /** Sends everything, passes over all messages that were on their way. */
        void roundTrip() throws IOException {
            send("PING\r\n");
            flush();
            while (true) {
                final String line = line(in);
                if (line.startsWith("PONG")) {
                    return;
                }
                handle(line);
            }
        }

        Message request(final String subject, final String body) throws IOException {
            publish(subject, "_INBOX.a.r", body.getBytes(StandardCharsets.UTF_8), false);
            try {
                return next();
            } catch (final SocketTimeoutException e) {
                throw new IOException("no answer from " + subject, e);
            }
        }

        /** The next message. */
        Message next() throws IOException {
            flush();
            while (true) {
                final Message message = handle(line(in));
                if (message != null) {
                    return message;
                }
            }
        }

        private Message handle(final String line) throws IOException {
            final String[] words = line.split(" ");
            switch (words[0]) {
                case "PING" -> {
                    send("PONG\r\n");
                    flush();
                }
                case "-ERR" -> throw new IOException(line);
                case "MSG" -> {
                    return message(words.length == 5 ? words[3] : "", 0, Integer.parseInt(words[words.length - 1]));
                }
                case "HMSG" -> {
                    final int headerLength = Integer.parseInt(words[words.length - 2]);
                    return message(
                            words.length == 6 ? words[3] : "", headerLength, Integer.parseInt(words[words.length - 1]));
                }
                default -> { }
            }
            return null;
        }

        private Message message(final String reply, final int headerLength, final int length) throws IOException {
            final byte[] all = in.readNBytes(length + 2);
            final byte[] body = new byte[length - headerLength];
            System.arraycopy(all, headerLength, body, 0, body.length);
            return new Message(reply, body);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
