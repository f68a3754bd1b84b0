package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.syntax.ConfValue;
import jetstream.server.conf.syntax.GoDuration;

/**
 * The values of one block by canonical key, checked against its rows. A value of the wrong type is reported and reads
 * as absent, so that the remaining errors of the file are found in the same run.
 */
final class BlockReader {

    private static final int NO_PORT = -2;

    private final Problems problems;
    private final Map<String, Option> rows;
    private final Map<String, ConfValue.Field> fields = new LinkedHashMap<>();

    BlockReader(final String name, final ConfValue.Block block, final Problems problems) {
        this.problems = problems;
        final OptionRegistry.Rows known = OptionRegistry.rows(name);
        this.rows = known.byKey();
        for (final ConfValue.Field field : block.all()) {
            accept(name, field, known.byName().get(field.key().toLowerCase(Locale.ROOT)));
        }
    }

    private void accept(final String name, final ConfValue.Field field, final Option option) {
        if (option == null) {
            if (!field.usedAsVariable()) {
                // The reference words it so for these blocks.
                final String text = name.startsWith("account ")
                        ? "Unknown field \"" + field.key() + "\" parsing " + name
                        : "unknown field \"" + field.key() + "\"";
                problems.error(field.origin(), text);
            }
        } else if (option.status() != Option.Status.REFUSED) {
            fields.put(option.key(), field);
        } else if (!isOff(field.value())) {
            problems.error(
                    field.origin(),
                    "field \"" + field.key() + "\" is not supported by this server: it has no " + option.sentence()
                            + " yet");
        }
    }

    /** What a feature that does not exist may be set to without being refused. */
    private static boolean isOff(final ConfValue value) {
        return switch (value) {
            case ConfValue.Flag flag -> !flag.isSet();
            case ConfValue.Whole whole -> whole.number() == 0;
            case ConfValue.Items items -> items.items().isEmpty();
            case ConfValue.Text text -> switch (text.text().toLowerCase(Locale.ROOT)) {
                case "", "off", "accept", "disabled", "not_supported" -> true;
                default -> false;
            };
            default -> false;
        };
    }

    Problems problems() {
        return problems;
    }

    Optional<ConfValue.Field> field(final String key) {
        if (!rows.containsKey(key)) {
            throw new IllegalArgumentException("no row for " + key);
        }
        return Optional.ofNullable(fields.get(key));
    }

    boolean has(final String key) {
        return field(key).isPresent();
    }

    void error(final String key, final String text) {
        problems.error(fields.get(key).origin(), text);
    }

    private void wrongType(final String key) {
        final ConfValue.Field field = fields.get(key);
        problems.error(
                field.origin(),
                "\"" + field.key() + "\" must be " + rows.get(key).kind().description() + ", not "
                        + field.value().kind());
    }

    boolean flag(final String key, final boolean fallback) {
        return switch (value(key)) {
            case null -> fallback;
            case ConfValue.Flag flag -> flag.isSet();
            default -> reported(key, fallback);
        };
    }

    int count(final String key, final int fallback) {
        final long number = switch (value(key)) {
            case null -> fallback;
            case ConfValue.Whole whole -> whole.number();
            default -> reported(key, (long) fallback);
        };
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            error(key, "\"" + key + "\" is " + number + ", which does not fit 32 bits");
            return fallback;
        }
        return (int) number;
    }

    long size(final String key, final long fallback) {
        return switch (value(key)) {
            case null -> fallback;
            case ConfValue.Whole whole -> whole.number();
            default -> reported(key, fallback);
        };
    }

    /** A size that may also be written as a string ending in K, M, G or T, which are powers of 1,024 there. */
    long storageSize(final String key, final long fallback) {
        if (!(value(key) instanceof final ConfValue.Text text)) {
            return size(key, fallback);
        }
        final OptionalLong size = StorageSize.parse(text.text());
        return size.isPresent() ? size.getAsLong() : reported(key, fallback);
    }

    String text(final String key, final String fallback) {
        return switch (value(key)) {
            case null -> fallback;
            case ConfValue.Text text -> text.text();
            default -> reported(key, fallback);
        };
    }

    List<String> texts(final String key) {
        return switch (value(key)) {
            case null -> List.of();
            case ConfValue.Text text -> List.of(text.text());
            case ConfValue.Items items -> texts(key, items);
            default -> reported(key, List.<String>of());
        };
    }

    private List<String> texts(final String key, final ConfValue.Items items) {
        final List<String> all = new ArrayList<>();
        for (final ConfValue item : items.items()) {
            if (item instanceof final ConfValue.Text text) {
                all.add(text.text());
            } else {
                problems.error(item.origin(), "\"" + key + "\" must hold strings, not " + item.kind());
            }
        }
        return all;
    }

    /** Nanoseconds; a bare integer means seconds, with a warning. */
    long durationNs(final String key, final long fallbackNs) {
        if (value(key) instanceof final ConfValue.Whole whole) {
            problems.warning(
                    fields.get(key).origin(),
                    "invalid use of field \"" + key + "\": " + key + " should be converted to a duration");
            return TimeUnit.SECONDS.toNanos(whole.number());
        }
        return textualDurationNs(key, fallbackNs);
    }

    /** Nanoseconds; numbers are seconds. */
    long secondsNs(final String key, final long fallbackNs) {
        return switch (value(key)) {
            case ConfValue.Whole whole -> TimeUnit.SECONDS.toNanos(whole.number());
            case ConfValue.Real real -> (long) (real.number() * TimeUnit.SECONDS.toNanos(1));
            case null, default -> textualDurationNs(key, fallbackNs);
        };
    }

    private long textualDurationNs(final String key, final long fallbackNs) {
        return switch (value(key)) {
            case null -> fallbackNs;
            case ConfValue.Text text -> {
                final OptionalLong parsed = GoDuration.parse(text.text());
                if (parsed.isEmpty()) {
                    error(key, "error parsing " + key + ": \"" + text.text() + "\" is no duration like \"2m\" or 10s");
                }
                yield parsed.orElse(fallbackNs);
            }
            default -> reported(key, fallbackNs);
        };
    }

    /** A listen address: a port alone keeps the fallback's host. */
    HostPort address(final String key, final HostPort fallback) {
        return switch (value(key)) {
            case null -> fallback;
            case ConfValue.Whole whole when whole.number() >= -1 && whole.number() <= 0xffff ->
                new HostPort(fallback.host(), (int) whole.number());
            case ConfValue.Text text -> address(key, text.text(), fallback);
            default -> reported(key, fallback);
        };
    }

    private HostPort address(final String key, final String text, final HostPort fallback) {
        try {
            final HostPort address = HostPort.parse(text, NO_PORT);
            if (address.port() == NO_PORT) {
                error(key, "could not parse address string \"" + text + "\": it has no port");
                return fallback;
            }
            return address.host().isEmpty() ? new HostPort(fallback.host(), address.port()) : address;
        } catch (final IllegalArgumentException e) {
            error(key, e.getMessage());
            return fallback;
        }
    }

    /** The block below {@code key}, read by the rows of block {@code name}. */
    Optional<BlockReader> block(final String key, final String name) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case ConfValue.Block block -> Optional.of(new BlockReader(name, block, problems));
            default -> reported(key, Optional.<BlockReader>empty());
        };
    }

    /** The blocks of an array below {@code key}. */
    List<BlockReader> blocks(final String key, final String name) {
        if (!(value(key) instanceof final ConfValue.Items items)) {
            return has(key) ? reported(key, List.<BlockReader>of()) : List.of();
        }
        final List<BlockReader> all = new ArrayList<>();
        for (final ConfValue item : items.items()) {
            if (item instanceof final ConfValue.Block block) {
                all.add(new BlockReader(name, block, problems));
            } else {
                problems.error(item.origin(), "\"" + key + "\" must hold maps, not " + item.kind());
            }
        }
        return all;
    }

    private ConfValue value(final String key) {
        return field(key).map(ConfValue.Field::value).orElse(null);
    }

    private <T> T reported(final String key, final T fallback) {
        wrongType(key);
        return fallback;
    }
}
