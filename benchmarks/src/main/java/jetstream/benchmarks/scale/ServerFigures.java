package jetstream.benchmarks.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel, and the JVM if it is one, say of a running server. Linux only: reads {@code /proc}. */
final class ServerFigures {
    private static final double TICKS_PER_SECOND = 100;

    private ServerFigures() {
    }

    /** CPU time of the process since its start, user and system, in seconds; resolution 10 ms. */
    static double cpuSeconds(final long pid) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    static long residentBytes(final long pid) throws IOException {
        return status(pid, "VmRSS:") * 1024;
    }

    static long threads(final long pid) throws IOException {
        return status(pid, "Threads:");
    }

    static long descriptors(final long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        }
    }

    private static long status(final long pid, final String key) throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
            }
        }
        return 0;
    }

    /**
     * Bytes of live objects, after a full collection that this asks for. -1 if the process is no JVM, or there is no
     * {@code jcmd} to ask with.
     */
    static long liveHeapBytes(final long pid) throws IOException, InterruptedException {
        final Path executable = Path.of("/proc/" + pid + "/exe").toRealPath();
        final Path jcmd = executable.resolveSibling("jcmd");
        if (!executable.endsWith("java") || !Files.isExecutable(jcmd)) {
            return -1;
        }
        final Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        for (final String line : text.split("\n")) {
            if (line.startsWith("Total")) {
                return Long.parseLong(line.strip().split("\\s+")[2]);
            }
        }
        throw new IOException("jcmd says " + text);
    }

    /**
     * Files below a directory, and what they take.
     *
     * @param bytes sum of their lengths
     */
    record Disk(long files, long bytes) {

        static Disk of(final Path directory) throws IOException {
            try (Stream<Path> all = Files.walk(directory)) {
                return all.filter(Files::isRegularFile).map(Disk::ofFile).reduce(new Disk(0, 0), Disk::plus);
            } catch (final UncheckedIOException e) {
                throw e.getCause();
            }
        }

        Disk plus(final Disk other) {
            return new Disk(files + other.files, bytes + other.bytes);
        }

        private static Disk ofFile(final Path file) {
            try {
                return new Disk(1, Files.size(file));
            } catch (final IOException e) {
                return new Disk(0, 0);                  // deleted meanwhile
            }
        }
    }
}
