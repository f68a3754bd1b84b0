package jetstream.server.conf.option;

import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.syntax.ConfValue;

/** Binds a {@code tls} block. */
final class TlsBinder {

    private static final long AUTO_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String SHA_256_HEX = "[0-9a-f]{64}";

    private final BlockReader block;

    private TlsBinder(final BlockReader block) {
        this.block = block;
    }

    /** Reads the block; empty if it is absent, or so wrong that nothing can be made of it. */
    static Optional<TlsConfig> read(final BlockReader owner, final String key) {
        return owner.block(key, "tls").flatMap(block -> new TlsBinder(block).bind(owner, key));
    }

    private Optional<TlsConfig> bind(final BlockReader owner, final String key) {
        final String cert = block.text("cert_file", "");
        final String privateKey = block.text("key_file", "");
        if (cert.isEmpty() || privateKey.isEmpty()) {
            final String missing = cert.isEmpty() ? "cert_file" : "key_file";
            owner.error(key, "missing '" + missing + "' in TLS configuration: the server must show a certificate");
            return Optional.empty();
        }
        final String ca = block.text("ca_file", "");
        return Optional.of(new TlsConfig(
                Path.of(cert),
                Path.of(privateKey),
                ca.isEmpty() ? Optional.empty() : Optional.of(Path.of(ca)),
                clients(),
                handshake(),
                new TlsConfig.Offer(minVersion(), cipherSuites())));
    }

    private TlsConfig.Clients clients() {
        final Set<String> pinned = new TreeSet<>();
        for (final String text : block.texts("pinned_certs")) {
            final String hash = text.toLowerCase(Locale.ROOT);
            if (!hash.matches(SHA_256_HEX)) {
                block.error("pinned_certs", "error parsing 'pinned_certs' key \"" + text
                        + "\": it must be the SHA-256 of a public key, 64 hexadecimal digits");
            }
            pinned.add(hash);
        }
        final boolean maps = block.flag("verify_and_map", false);
        return new TlsConfig.Clients(maps || block.flag("verify", false), maps, pinned);
    }

    private TlsConfig.Handshake handshake() {
        final long timeoutNs = block.secondsNs("timeout", TlsConfig.TIMEOUT_NS);
        return switch (block.field("handshake_first").map(ConfValue.Field::value).orElse(null)) {
            case null -> new TlsConfig.Handshake(TlsConfig.Start.AFTER_INFO, 0, timeoutNs);
            case ConfValue.Flag flag -> new TlsConfig.Handshake(
                    flag.isSet() ? TlsConfig.Start.FIRST : TlsConfig.Start.AFTER_INFO, 0, timeoutNs);
            case ConfValue.Text text -> handshake(text.text().toLowerCase(Locale.ROOT), timeoutNs);
            default -> {
                block.error("handshake_first",
                        "handshake_first must be true, false, auto or a duration such as \"300ms\"");
                yield TlsConfig.Handshake.DEFAULT;
            }
        };
    }

    private TlsConfig.Handshake handshake(final String text, final long timeoutNs) {
        return switch (text) {
            case "on", "true" -> new TlsConfig.Handshake(TlsConfig.Start.FIRST, 0, timeoutNs);
            case "off", "false" -> new TlsConfig.Handshake(TlsConfig.Start.AFTER_INFO, 0, timeoutNs);
            case "auto", "auto_fallback" ->
                new TlsConfig.Handshake(TlsConfig.Start.FIRST_IF_CLIENT_BEGINS, AUTO_WAIT_NS, timeoutNs);
            default -> new TlsConfig.Handshake(TlsConfig.Start.FIRST_IF_CLIENT_BEGINS,
                    block.durationNs("handshake_first", AUTO_WAIT_NS), timeoutNs);
        };
    }

    private String minVersion() {
        final String version = block.text("min_version", "1.2");
        if ("1.2".equals(version) || "1.3".equals(version)) {
            return "TLSv" + version;
        }
        block.error("min_version", "error parsing tls config, min_version \"" + version + "\" must be 1.2 or 1.3");
        return TlsConfig.Offer.DEFAULT.minVersion();
    }

    /** Names are IANA's but for two that the reference shortens. */
    private List<String> cipherSuites() {
        if (!block.has("cipher_suites")) {
            return List.of();
        }
        final List<String> all = new ArrayList<>();
        final Set<String> supported = supportedSuites();
        for (final String name : block.texts("cipher_suites")) {
            final String suite = name.endsWith("_WITH_CHACHA20_POLY1305") ? name + "_SHA256" : name;
            if (!supported.contains(suite)) {
                block.error("cipher_suites", "unrecognized cipher \"" + name + "\"; supported: " + supported);
            }
            all.add(suite);
        }
        if (all.isEmpty()) {
            block.error("cipher_suites", "error parsing tls config, 'cipher_suites' cannot be empty");
        }
        return all;
    }

    private static Set<String> supportedSuites() {
        try {
            return new TreeSet<>(List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites()));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }
}
