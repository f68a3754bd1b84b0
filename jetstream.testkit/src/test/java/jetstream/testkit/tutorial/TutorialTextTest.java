package jetstream.testkit.tutorial;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the tutorial shows is what is compiled and run here. */
final class TutorialTextTest {
    private static final Path TEXT = Path.of("..", "docs", "tutorial-store.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "jetstream", "testkit", "tutorial");
    private static final Pattern SHOWN = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyPieceOfCodeIsInTheSources() throws IOException {
        final StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (final Path file : files.toList()) {
                sources.append(flat(Files.readString(file)));
            }
        }
        final Matcher shown = SHOWN.matcher(Files.readString(TEXT));
        int pieces = 0;
        while (shown.find()) {
            pieces++;
            for (final String part : shown.group(1).split("\\n *// \\.\\.\\.\\n")) {
                assertTrue(sources.indexOf(flat(part)) >= 0, "not in the sources:\n" + part);
            }
        }
        assertTrue(pieces >= 5, "pieces found: " + pieces);
    }

    private static String flat(final String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
