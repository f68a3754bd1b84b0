package jetstream.server.conf.syntax;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An included file whose name ends in {@code .hocon}: read by Typesafe Config, so that settings of plug-ins can be
 * written in the form of their {@code reference.conf}. Its units and substitutions are HOCON's.
 */
final class HoconFile {

    private final String file;

    private HoconFile(final String file) {
        this.file = file;
    }

    static boolean isOne(final String name) {
        return name.endsWith(".hocon");
    }

    static ConfValue.Block parse(final Path path) {
        try {
            final ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
            final ConfigObject root = ConfigFactory.parseFile(path.toFile(), options)
                    .resolve(ConfigResolveOptions.defaults())
                    .root();
            return new HoconFile(path.toString()).block(root);
        } catch (final ConfigException e) {
            final ConfSyntaxException error = new ConfSyntaxException(e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    private ConfValue.Block block(final ConfigObject object) {
        final Map<String, ConfValue.Field> fields = new LinkedHashMap<>();
        // Sorted, because Typesafe Config keeps no order and errors should not change theirs from run to run.
        new TreeMap<>(object).forEach(
                (key, value) -> fields.put(key, new ConfValue.Field(key, value(value), origin(value.origin()), false)));
        return new ConfValue.Block(fields, origin(object.origin()));
    }

    private Origin origin(final ConfigOrigin origin) {
        return new Origin(file, Math.max(origin.lineNumber(), 1), 1);
    }

    private ConfValue value(final com.typesafe.config.ConfigValue value) {
        final Origin origin = origin(value.origin());
        return switch (value) {
            case ConfigObject object -> block(object);
            case ConfigList list -> new ConfValue.Items(list.stream().map(this::value).toList(), origin);
            default -> scalar(value, origin);
        };
    }

    private static ConfValue scalar(final com.typesafe.config.ConfigValue value, final Origin origin) {
        if (value.valueType() == ConfigValueType.NULL) {
            return new ConfValue.Text("null", origin);
        }
        return switch (value.unwrapped()) {
            case Boolean flag -> new ConfValue.Flag(flag, origin);
            case Integer number -> new ConfValue.Whole(number, origin);
            case Long number -> new ConfValue.Whole(number, origin);
            case Number number -> new ConfValue.Real(number.doubleValue(), origin);
            default -> new ConfValue.Text(value.unwrapped().toString(), origin);
        };
    }
}
