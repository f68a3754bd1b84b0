package jetstream.server.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system, run to their end. */
final class Shell {
    private static final long LIMIT_SECONDS = 60;

    private Shell() {
    }

    /** What the program printed. */
    static String must(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", List.of(command)) + ": " + printed.strip());
        }
        return printed;
    }

    /** True if it ended with 0; false also where there is no such program. */
    static boolean succeeds(final String... command) throws InterruptedException {
        try {
            must(command);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }
}
