package jetstream.tools;

import java.io.PrintStream;

/** A bar on a terminal, a line per tenth elsewhere. Owner: one thread. */
final class Progress {
    private static final int WIDTH = 40;
    private static final int TERMINAL_STEPS = 200;
    private static final int LINES = 10;

    private final PrintStream out;
    private final boolean isTerminal;
    private final String what;
    private final long total;
    private long done;
    private long shownStep = -1;

    /** Nothing is done yet of {@code total} bytes. */
    Progress(final PrintStream out, final boolean isTerminal, final String what, final long total) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.what = what;
        this.total = Math.max(1, total);
        add(0);
    }

    /** So many bytes more are done. */
    void add(final long bytes) {
        done = Math.min(total, done + bytes);
        show();
    }

    /** All is done. */
    void end() {
        done = total;
        show();
        if (isTerminal) {
            out.println();
        }
    }

    private void show() {
        final long step = done * (isTerminal ? TERMINAL_STEPS : LINES) / total;
        if (step == shownStep) {
            return;
        }
        shownStep = step;
        final long percent = done * 100 / total;
        if (isTerminal) {
            final int filled = (int) (done * WIDTH / total);
            out.printf("\r%-10s [%s%s] %3d %% of %s", what, "#".repeat(filled), ".".repeat(WIDTH - filled), percent,
                    size(total));
            out.flush();
        } else {
            out.printf("%s: %d %% of %s%n", what, percent, size(total));
        }
    }

    /** A number of bytes for people. */
    static String size(final long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
