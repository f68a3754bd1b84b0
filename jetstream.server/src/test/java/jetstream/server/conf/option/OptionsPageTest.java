package jetstream.server.conf.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** OPTIONS.md is the table of options in print. {@code -Doptions.write=true} writes it. */
final class OptionsPageTest {

    private static final Path PAGE = Path.of("OPTIONS.md");

    @Test
    void pageSaysWhatTheTableSays() throws IOException {
        final String wanted = page();
        if (Boolean.getBoolean("options.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertEquals(wanted, Files.readString(PAGE), "run this test with -Doptions.write=true");
    }

    private static String page() {
        final StringBuilder text = new StringBuilder("""
                # Options

                Keys of the configuration file, made from `OptionTable` by `OptionsPageTest`. Other names of a key \
                stand after
                it. A key marked *reload* follows SIGHUP; the others are fixed at start. What is not supported is \
                refused by
                name; it may be set to "off". `jetstream { transport {…} raft {…} store {…} }` holds the settings \
                of plug-ins,
                whose keys are those of their `reference.conf`.
                """);
        for (final String block : OptionRegistry.blocks()) {
            text.append("\n## ").append(block.isEmpty() ? "Top level" : block);
            text.append("\n\n| key | value | default | |\n|---|---|---|---|\n");
            final StringBuilder refused = new StringBuilder();
            for (final Option option : OptionRegistry.rows(block).byKey().values()) {
                if (option.status() == Option.Status.REFUSED) {
                    refused.append(refused.isEmpty() ? "" : ", ").append('`').append(option.key()).append('`');
                } else {
                    append(option, text);
                }
            }
            text.append(refused.isEmpty() ? "" : "\nNot supported yet: " + refused + ".\n");
        }
        return text.toString();
    }

    private static void append(final Option option, final StringBuilder text) {
        text.append("| `").append(option.key()).append('`');
        option.aliases().forEach(alias -> text.append(" `").append(alias).append('`'));
        text.append(" | ").append(option.kind().description());
        text.append(" | ").append(option.fallback());
        text.append(" | ").append(option.sentence());
        text.append(option.status() == Option.Status.RELOADABLE ? " *reload*" : "").append(" |\n");
    }
}
