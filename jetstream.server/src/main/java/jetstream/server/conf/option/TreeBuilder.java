package jetstream.server.conf.option;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jetstream.server.conf.syntax.ConfValue;
import jetstream.server.conf.syntax.Origin;

/**
 * Lays a parsed file over the {@code reference.conf} of every module: the tree that plug-ins read. Known keys have
 * their canonical names in it, and every value's origin is {@code file:line:column}.
 */
final class TreeBuilder {

    private static final List<String> PLUG_IN_BLOCKS = List.of("transport", "raft", "store");

    private static final String ROOT = "jetstream";

    private final Config reference = ConfigFactory.defaultReference();
    private final Problems problems;

    private TreeBuilder(final Problems problems) {
        this.problems = problems;
    }

    static Config build(final ConfValue.Block file, final Problems problems) {
        return new TreeBuilder(problems).overReference(file);
    }

    private Config overReference(final ConfValue.Block file) {
        final Map<String, ConfigValue> all = new LinkedHashMap<>();
        for (final ConfValue.Field field : file.all()) {
            final String key = canonical("", field.key());
            all.put(key, "jetstream".equals(key) ? jetStream(field) : value(field.value(), field.origin()));
        }
        return systemProperties()
                .withFallback(ConfigValueFactory.fromMap(all).toConfig())
                .withFallback(reference);
    }

    /** JVM options win: {@code -Djetstream.raft.x=y} changes a setting of a plug-in for one run. */
    private static Config systemProperties() {
        final Config all = ConfigFactory.systemProperties();
        return all.hasPath(ROOT) ? all.withOnlyPath(ROOT) : ConfigFactory.empty();
    }

    /** The tree of a server that has no file. */
    static Config withoutFile() {
        return systemProperties().withFallback(ConfigFactory.defaultReference());
    }

    private static String canonical(final String block, final String key) {
        final Option option = OptionRegistry.rows(block).byName().get(key.toLowerCase(Locale.ROOT));
        return option == null ? key : option.key();
    }

    /** Always a map, so that it does not hide the settings of plug-ins, which live below the same key. */
    private ConfigValue jetStream(final ConfValue.Field jetStream) {
        final Map<String, ConfigValue> all = new LinkedHashMap<>();
        if (jetStream.value() instanceof final ConfValue.Block block) {
            for (final ConfValue.Field field : block.all()) {
                final String key = canonical("jetstream", field.key());
                final boolean isDirectory = "store".equals(key)
                        && field.value() instanceof final ConfValue.Text text
                        && !JetStreamBinder.STORES.contains(text.text());
                all.put(isDirectory ? "store_dir" : key, jetStreamField(isDirectory ? "store_dir" : key, field));
            }
        } else {
            all.put("enabled", value(jetStream.value(), jetStream.origin()));
        }
        return ConfigValueFactory.fromMap(all);
    }

    private ConfigValue jetStreamField(final String key, final ConfValue.Field field) {
        if (PLUG_IN_BLOCKS.contains(key) && field.value() instanceof final ConfValue.Block block) {
            checkPlugIns("jetstream." + key, block);
        }
        // A store that is only named must not hide the settings of all stores.
        final ConfigValue value = value(field.value(), field.origin());
        return "store".equals(key) && field.value() instanceof ConfValue.Text
                ? ConfigValueFactory.fromMap(Map.of("name", value))
                : value;
    }

    /** A plug-in that is chosen by name and has no reference.conf knows its settings itself, and refuses others. */
    private void checkPlugIns(final String path, final ConfValue.Block block) {
        final String chosen = block.fields().get("name") instanceof final ConfValue.Field name
                && name.value() instanceof final ConfValue.Text text ? text.text() : "";
        block.all().stream()
                .filter(field -> !field.key().equals(chosen) || isKnown(path, field))
                .forEach(field -> checkKnown(path, field));
    }

    private void checkKnown(final String path, final ConfValue.Field field) {
        if (!isKnown(path, field)) {
            problems.error(field.origin(), "unknown field \"" + field.key() + "\"");
        } else if (field.value() instanceof final ConfValue.Block map) {
            map.all().forEach(nested -> checkKnown(inner(path, field), nested));
        }
    }

    private boolean isKnown(final String path, final ConfValue.Field field) {
        return reference.hasPathOrNull(inner(path, field));
    }

    private static String inner(final String path, final ConfValue.Field field) {
        return path + "." + ConfigUtil.quoteString(field.key());
    }

    /** A value under the place of its key, which is what an error about it should name. */
    private static ConfigValue value(final ConfValue value, final Origin place) {
        final String origin = place.toString();
        return switch (value) {
            case ConfValue.Text text -> ConfigValueFactory.fromAnyRef(text.text(), origin);
            case ConfValue.Date date -> ConfigValueFactory.fromAnyRef(date.text(), origin);
            case ConfValue.Whole whole -> ConfigValueFactory.fromAnyRef(whole.number(), origin);
            case ConfValue.Real real -> ConfigValueFactory.fromAnyRef(real.number(), origin);
            case ConfValue.Flag flag -> ConfigValueFactory.fromAnyRef(flag.isSet(), origin);
            case ConfValue.Items items ->
                ConfigValueFactory.fromIterable(
                        items.items().stream().map(item -> value(item, item.origin())).toList(), origin);
            case ConfValue.Block block -> block(block, origin);
        };
    }

    private static ConfigValue block(final ConfValue.Block block, final String origin) {
        final Map<String, ConfigValue> all = new LinkedHashMap<>();
        for (final ConfValue.Field field : block.all()) {
            all.put(field.key(), value(field.value(), field.origin()));
        }
        return ConfigValueFactory.fromMap(all, origin);
    }
}
