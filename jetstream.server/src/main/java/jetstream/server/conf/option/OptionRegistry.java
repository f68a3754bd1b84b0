package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table of all options, one row each; parser, {@code -t} and documentation read it. Thread-safe.
 *
 * <p>Rows are text, made into {@link Option}s per block on first use: most servers need few blocks, and a start should
 * not pay for the rest.
 */
final class OptionRegistry {

    private static final int COLUMNS = 5;
    private static final Map<String, Rows> CACHE = new ConcurrentHashMap<>();

    private OptionRegistry() {
    }

    /** Rows of one block, by canonical key in the order of the table, and by every name in lower case. */
    record Rows(Map<String, Option> byKey, Map<String, Option> byName) {
    }

    /** Names of all blocks. */
    static List<String> blocks() {
        return List.copyOf(OptionTable.BLOCKS.keySet());
    }

    /** Rows of the block; the top level is the block {@code ""}. */
    static Rows rows(final String block) {
        return CACHE.computeIfAbsent(block, OptionRegistry::read);
    }

    private static Rows read(final String block) {
        final Map<String, Option> byKey = new LinkedHashMap<>();
        final Map<String, Option> byName = new HashMap<>();
        for (final String line : OptionTable.BLOCKS.get(block).split("\n")) {
            final Option option = option(line);
            final List<String> names = new ArrayList<>(option.aliases());
            names.add(option.key());
            byKey.put(option.key(), option);
            for (final String name : names) {
                if (byName.put(name, option) != null) {
                    throw new IllegalStateException("two rows of block \"" + block + "\" are named " + name);
                }
            }
        }
        return new Rows(byKey, byName);
    }

    private static Option option(final String line) {
        final String[] cells = line.split("\\|", COLUMNS);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("not " + COLUMNS + " columns: " + line);
        }
        final List<String> names = Arrays.asList(cells[0].strip().split(" +"));
        return new Option(
                names.getFirst(),
                List.copyOf(names.subList(1, names.size())),
                Option.Kind.valueOf(cells[1].strip()),
                cells[2].strip(),
                status(cells[3].strip()),
                cells[4].strip());
    }

    private static Option.Status status(final String cell) {
        return switch (cell) {
            case "R" -> Option.Status.RELOADABLE;
            case "F" -> Option.Status.FIXED;
            case "X" -> Option.Status.REFUSED;
            default -> throw new IllegalStateException("status is R, F or X, not " + cell);
        };
    }
}
