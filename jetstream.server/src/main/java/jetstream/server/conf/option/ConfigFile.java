package jetstream.server.conf.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jetstream.server.conf.ConfigSource;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.syntax.ConfDigest;
import jetstream.server.conf.syntax.ConfParser;
import jetstream.server.conf.syntax.ConfSyntaxException;
import jetstream.server.conf.syntax.ConfValue;

/**
 * A configuration file, read and bound.
 *
 * @param config   its settings over the defaults, not yet checked against each other ({@link StartChecks})
 * @param warnings what a start tells and {@code -t} refuses
 */
public record ConfigFile(ServerConfig config, List<String> warnings) {

    /** Copies the list. */
    public ConfigFile {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a file with the variables of the process environment.
     *
     * @throws ConfigException naming every error with file, line and column
     */
    public static ConfigFile load(final Path path) {
        try {
            return bind(path, ConfParser.parse(path, System::getenv));
        } catch (final ConfSyntaxException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }

    /** The settings of a server process that was given no file: the defaults, and what JVM options say of plug-ins. */
    public static ServerConfig none() {
        return ServerConfig.builder()
                .source(new ConfigSource(Optional.empty(), "", TreeBuilder.withoutFile()))
                .build();
    }

    /**
     * Like {@link #load}, and warnings are errors too: {@code -t}.
     *
     * @throws ConfigException naming every warning and error
     */
    public static ConfigFile loadStrictly(final Path path) {
        final ConfigFile file = load(path);
        if (!file.warnings.isEmpty()) {
            throw new ConfigException(file.warnings);
        }
        return file;
    }

    private static ConfigFile bind(final Path path, final ConfValue.Block block) {
        final Problems problems = new Problems();
        final ServerConfigBuilder builder = ServerConfig.builder();
        if (block.fields().isEmpty()) {
            problems.warning(path + ": config has no values or is empty");
        }
        new ServerBinder(new BlockReader("", block, problems)).bind(builder);
        final ConfigSource source =
                new ConfigSource(Optional.of(path), ConfDigest.of(block), TreeBuilder.build(block, problems));
        if (!problems.errors().isEmpty()) {
            final List<String> all = new ArrayList<>(problems.warnings());
            all.addAll(problems.errors());
            throw new ConfigException(all);
        }
        return new ConfigFile(builder.source(source).build(), problems.warnings());
    }
}
