package jetstream.server.conf.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.option.ConfigException;

/**
 * A parsed command line. Flags follow Go's rules: one or two dashes are the same, values follow as {@code -flag value}
 * or {@code -flag=value}, switches only take the second form, the first word without a dash or {@code --} ends them.
 */
public final class CommandLine {

    private final Map<String, String> values;
    private final List<String> words;

    private CommandLine(final Map<String, String> values, final List<String> words) {
        this.values = values;
        this.words = words;
    }

    /**
     * Reads the arguments of the process.
     *
     * @throws UsageException  if a flag is unknown or its value has the wrong form
     * @throws ConfigException if a flag is known but not supported, or a word is no command
     */
    public static CommandLine parse(final String... arguments) {
        final Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        while (at < arguments.length && arguments[at].length() > 1 && arguments[at].charAt(0) == '-') {
            final String argument = arguments[at++];
            if ("--".equals(argument)) {
                break;
            }
            final String bare = argument.substring(argument.startsWith("--") ? 2 : 1);
            final int equals = bare.indexOf('=');
            final String name = equals < 0 ? bare : bare.substring(0, equals);
            final Flag flag = find(name, argument);
            final boolean takesNext = equals < 0 && !flag.isSwitch();
            if (takesNext && at == arguments.length) {
                throw new UsageException("flag needs an argument: -" + name);
            }
            final String written = equals < 0 ? "true" : bare.substring(equals + 1);
            accept(flag, name, takesNext ? arguments[at++] : written, values);
        }
        final CommandLine parsed = new CommandLine(values, List.of(arguments).subList(at, arguments.length));
        parsed.checkWords();
        return parsed;
    }

    private static Flag find(final String name, final String argument) {
        if (name.isEmpty() || name.charAt(0) == '-') {
            throw new UsageException("bad flag syntax: " + argument);
        }
        final Flag flag = FlagTable.find(name);
        if (flag == null) {
            throw new UsageException("flag provided but not defined: -" + name);
        }
        return flag;
    }

    private static void accept(
            final Flag flag, final String name, final String value, final Map<String, String> values) {
        if (flag.isRefused()) {
            throw new ConfigException(
                    "flag -" + name + " is not supported by this server: it has no " + flag.help() + " yet");
        }
        switch (flag.kind()) {
            case SWITCH -> values.put(flag.name(), String.valueOf(isTrue(name, value)));
            case COUNT -> values.put(flag.name(), String.valueOf(number(name, value, Integer.MAX_VALUE)));
            case LONG -> values.put(flag.name(), String.valueOf(number(name, value, Long.MAX_VALUE)));
            default -> values.put(flag.name(), value);
        }
    }

    private static boolean isTrue(final String name, final String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new UsageException("invalid boolean value \"" + value + "\" for -" + name + ": parse error");
        };
    }

    private static long number(final String name, final String value, final long max) {
        try {
            final long number = Long.parseLong(value);
            if (number <= max && number >= -max) {
                return number;
            }
        } catch (final NumberFormatException e) {
            throw invalid(name, value, "parse error", e);
        }
        throw invalid(name, value, "value out of range", null);
    }

    private static UsageException invalid(
            final String name, final String value, final String why, final NumberFormatException cause) {
        final UsageException error =
                new UsageException("invalid value \"" + value + "\" for flag -" + name + ": " + why);
        error.initCause(cause);
        return error;
    }

    private void checkWords() {
        if (!words.isEmpty() && !isWord("help") && !isWord("version")) {
            throw new ConfigException("unrecognized command: \"" + words.getFirst() + "\"");
        }
    }

    private boolean isWord(final String word) {
        return !words.isEmpty() && word.equalsIgnoreCase(words.getFirst());
    }

    /** Usage text; starts with an empty line. */
    public static String usage() {
        return FlagTable.usage();
    }

    /** Whether the usage is asked for. */
    public boolean isHelp() {
        return isOn("help") || isWord("help");
    }

    /** Whether the version is asked for. */
    public boolean isVersion() {
        return isOn("version") || isWord("version");
    }

    /** Whether help about TLS is asked for. */
    public boolean isTlsHelp() {
        return isOn("help_tls");
    }

    /** Whether the configuration file is only to be checked. */
    public boolean isTest() {
        return isOn("t");
    }

    /** The configuration file. */
    public Optional<Path> configFile() {
        return text("config").filter(value -> !value.isEmpty()).map(Path::of);
    }

    /** {@code command[=pid]} of {@code --signal}. */
    public Optional<String> signal() {
        return text("signal");
    }

    /**
     * Lays the flags over the settings of a file.
     *
     * @throws ConfigException if a flag's value is impossible
     */
    public ServerConfig over(final ServerConfig file) {
        return new FlagOverrides(this).over(file);
    }

    boolean has(final String flag) {
        return values.containsKey(flag);
    }

    boolean isOn(final String flag) {
        return Boolean.parseBoolean(values.get(flag));
    }

    Optional<String> text(final String flag) {
        return Optional.ofNullable(values.get(flag));
    }

    String text(final String flag, final String fallback) {
        return values.getOrDefault(flag, fallback);
    }

    int count(final String flag, final int fallback) {
        return has(flag) ? Integer.parseInt(values.get(flag)) : fallback;
    }

    long number(final String flag, final long fallback) {
        return has(flag) ? Long.parseLong(values.get(flag)) : fallback;
    }

    /** The arguments with every password and token replaced, for monitoring pages. */
    public static List<String> redacted(final String... arguments) {
        final List<String> safe = new ArrayList<>();
        boolean isSecret = false;
        for (final String argument : arguments) {
            safe.add(isSecret ? "[REDACTED]" : withoutSecret(argument));
            isSecret = argument.matches("--?(user|pass|auth|routes|cluster|cluster_listen)");
        }
        return safe;
    }

    private static String withoutSecret(final String argument) {
        return argument.matches("--?(user|pass|auth|routes|cluster|cluster_listen)=.*")
                ? argument.substring(0, argument.indexOf('=') + 1) + "[REDACTED]"
                : argument;
    }
}
