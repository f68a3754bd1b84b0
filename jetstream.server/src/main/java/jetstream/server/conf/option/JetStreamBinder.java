package jetstream.server.conf.option;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jetstream.server.conf.JetStreamConfig;
import jetstream.server.conf.JetStreamLimits;
import jetstream.server.conf.JetStreamStorage;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.syntax.ConfValue;
import jetstream.server.conf.syntax.GoDuration;

/** Binds {@code jetstream} in all its shapes, and the top-level {@code store_dir}. */
final class JetStreamBinder {

    /**
     * Names that {@code store: x} reads as a plug-in; any other text is a directory, which is what the reference reads
     * {@code store} as.
     */
    static final Set<String> STORES = Set.of("file", "mapdb", "memory");

    private final BlockReader top;
    private final JetStreamConfig old = ServerConfig.defaults().jetStream();

    JetStreamBinder(final BlockReader top) {
        this.top = top;
    }

    void bind(final ServerConfigBuilder builder) {
        switch (top.field("jetstream").map(ConfValue.Field::value).orElse(null)) {
            case null -> builder.jetStream(plain(false));
            case ConfValue.Flag flag -> builder.jetStream(plain(flag.isSet()));
            case ConfValue.Text text -> builder.jetStream(plain(isEnabled(top, "jetstream", text.text())));
            case ConfValue.Block block ->
                builder.jetStream(jetStream(new BlockReader("jetstream", block, top.problems())));
            default -> top.error("jetstream", "jetstream must be true, false, enabled, disabled or a map");
        }
    }

    static boolean isEnabled(final BlockReader reader, final String key, final String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "enable", "enabled" -> true;
            case "disable", "disabled" -> false;
            default -> {
                reader.error(key, key + " must be enabled or disabled, not \"" + word + "\"");
                yield false;
            }
        };
    }

    private JetStreamConfig plain(final boolean isEnabled) {
        final JetStreamStorage storage = old.storage();
        return new JetStreamConfig(
                isEnabled,
                new JetStreamStorage(
                        topStoreDir().orElse(storage.storeDir()), -1, -1, storage.syncIntervalNs(), storage.store()),
                "",
                "",
                true,
                JetStreamLimits.DEFAULT);
    }

    private Optional<Path> topStoreDir() {
        return top.has("store_dir") ? Optional.of(Path.of(top.text("store_dir", ""))) : Optional.empty();
    }

    private JetStreamConfig jetStream(final BlockReader block) {
        return new JetStreamConfig(
                block.flag("enabled", true),
                new JetStreamStorage(
                        storeDir(block),
                        block.storageSize("max_memory_store", -1),
                        block.storageSize("max_file_store", -1),
                        syncIntervalNs(block),
                        storeName(block)),
                block.text("domain", ""),
                block.text("unique_tag", ""),
                block.flag("strict", true),
                limits(block));
    }

    private Path storeDir(final BlockReader block) {
        final Optional<String> store = storeText(block).filter(text -> !STORES.contains(text));
        final Optional<Path> outer = topStoreDir();
        final long written = Stream.of(store.isPresent(), outer.isPresent(), block.has("store_dir"))
                .filter(isWritten -> isWritten)
                .count();
        if (written > 1) {
            top.error("jetstream", "store_dir is configured twice");
        }
        return store.or(() -> Optional.of(block.text("store_dir", "")).filter(text -> !text.isEmpty()))
                .map(Path::of)
                .or(() -> outer)
                .orElse(old.storage().storeDir());
    }

    private static Optional<String> storeText(final BlockReader block) {
        return block.field("store").map(ConfValue.Field::value).map(value -> switch (value) {
            case ConfValue.Text text -> text.text();
            case ConfValue.Block map -> map.fields().containsKey("name") ? name(block, map) : null;
            default -> wrongStore(block);
        });
    }

    private static String name(final BlockReader block, final ConfValue.Block map) {
        return map.fields().get("name").value() instanceof final ConfValue.Text text ? text.text() : wrongStore(block);
    }

    private static String wrongStore(final BlockReader block) {
        block.error("store", "store must be the name of a store plug-in, a directory or a map with a name");
        return null;
    }

    private String storeName(final BlockReader block) {
        final boolean isMap = block.field("store").map(field -> field.value() instanceof ConfValue.Block).orElse(false);
        return storeText(block)
                .filter(text -> isMap || STORES.contains(text))
                .orElse(old.storage().store());
    }

    private static long syncIntervalNs(final BlockReader block) {
        return switch (block.field("sync_interval").map(ConfValue.Field::value).orElse(null)) {
            case null -> 0;
            case ConfValue.Whole whole -> TimeUnit.SECONDS.toNanos(whole.number());
            case ConfValue.Text text when "always".equalsIgnoreCase(text.text()) -> 0;
            case ConfValue.Text text -> intervalNs(block, GoDuration.parse(text.text()));
            default -> intervalNs(block, OptionalLong.empty());
        };
    }

    private static long intervalNs(final BlockReader block, final OptionalLong parsed) {
        if (parsed.isEmpty() || parsed.getAsLong() < 0) {
            block.error("sync_interval", "sync_interval must be \"always\" or a duration such as \"2m\"");
        }
        return parsed.orElse(0);
    }

    private static JetStreamLimits limits(final BlockReader block) {
        final JetStreamLimits old = JetStreamLimits.DEFAULT;
        final int queue = block.count("request_queue_limit", old.requestQueueLimit());
        return block.block("limits", "jetstream limits")
                .map(limits -> new JetStreamLimits(
                        limits.count("max_ack_pending", old.maxAckPending()),
                        limits.count("max_ha_assets", old.maxHaAssets()),
                        limits.count("max_request_batch", old.maxRequestBatch()),
                        limits.durationNs("duplicate_window", old.duplicateWindowNs()),
                        limits.count("default_max_consumers", old.defaultMaxConsumers()),
                        queue))
                .orElseGet(() -> new JetStreamLimits(
                        old.maxAckPending(),
                        old.maxHaAssets(),
                        old.maxRequestBatch(),
                        old.duplicateWindowNs(),
                        old.defaultMaxConsumers(),
                        queue));
    }
}
