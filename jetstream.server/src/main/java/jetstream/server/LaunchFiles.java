package jetstream.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.WebSocketConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that launchers read: the pid file (digits only, mode 0600, kept at the end) and the ports file (removed at
 * the end). Used by the main thread.
 */
final class LaunchFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchFiles.class);
    private static final String PID_MODE = "rw-------";

    private final ServerConfig config;
    private final long pid = ProcessHandle.current().pid();

    LaunchFiles(final ServerConfig config) {
        this.config = config;
    }

    void writePid() throws IOException {
        if (config.operations().files().pidFile().isEmpty()) {
            return;
        }
        final Path path = config.operations().files().pidFile().get();
        try {
            // No line end: the reference's --signal can not read one.
            Files.writeString(path, String.valueOf(pid));
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PID_MODE));
            }
        } catch (final IOException e) {
            throw new IOException("could not write pidfile: open " + path + ": " + reason(e), e);
        }
    }

    private static String reason(final IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private Optional<Path> portsFile() {
        // The launcher tells by which name it was called: nats-server through a link, jetstream-server otherwise.
        final String name = System.getProperty("jetstream.executable", "nats-server");
        return config.operations()
                .files()
                .portsFileDir()
                .map(directory -> directory.resolve(name + "_" + pid + ".ports"));
    }

    void writePorts(final RunningServer server) throws IOException {
        final Optional<Path> file = portsFile();
        if (file.isEmpty()) {
            return;
        }
        final List<String> parts = new ArrayList<>();
        parts.add(part("nats", config.doors().tls().isPresent() ? "tls" : "nats", config.host(), server.clientPort()));
        if (server.monitorPort() > 0) {
            parts.add(part("monitoring", "http", config.monitor().host(), server.monitorPort()));
        }
        if (server.clusterPort() > 0) {
            final String host = config.cluster().listen().map(ClusterConfig.ClusterListen::host).orElse("");
            parts.add(part("cluster", "nats", host, server.clusterPort()));
        }
        if (server.webSocketPort() > 0) {
            final WebSocketConfig door = config.doors().webSocket().orElseThrow();
            parts.add(part("websocket", door.tls().isPresent() ? "wss" : "ws", door.listen().host(),
                    server.webSocketPort()));
        }
        // Readers poll for the file: they must not see half of it.
        final Path unfinished = file.get().resolveSibling(file.get().getFileName() + ".new");
        Files.writeString(unfinished, "{" + String.join(",", parts) + "}");
        Files.move(unfinished, file.get(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String part(final String name, final String scheme, final String host, final int port)
            throws IOException {
        return addresses(host).stream()
                .map(address -> '"' + scheme + "://" + new HostPort(address, port) + '"')
                .collect(Collectors.joining(",", '"' + name + "\":[", "]"));
    }

    /** The host itself, or for a wildcard the addresses of all interfaces but loopback. */
    private static List<String> addresses(final String host) throws IOException {
        if (!host.isEmpty() && !InetAddress.getByName(host).isAnyLocalAddress()) {
            return List.of(host);
        }
        final List<String> all = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .map(text -> text.indexOf('%') < 0 ? text : text.substring(0, text.indexOf('%')))
                .toList();
        return all.isEmpty() ? List.of("127.0.0.1") : all;
    }

    void removePorts() {
        try {
            if (portsFile().isPresent()) {
                Files.deleteIfExists(portsFile().get());
            }
        } catch (final IOException e) {
            LOG.warn("ports file stays behind: {}", e.getMessage());
        }
    }
}
