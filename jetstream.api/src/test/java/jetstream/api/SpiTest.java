package jetstream.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.StoreProvider;
import org.junit.jupiter.api.Test;

/**
 * The three SPIs stay small enough to be implemented in an afternoon, and every method of their interfaces says what an
 * implementer has to know. What each method's Javadoc must hold is the table {@link #wanted}.
 */
final class SpiTest {
    private static final int METHODS_MAX = 12;
    private static final List<String> PACKAGES = List.of("store", "transport", "consensus");
    private static final Pattern METHOD =
            Pattern.compile("/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*(?:@Override\\s+)?(?:default\\s+)?"
                    + "(?!public|record|interface|enum)[\\w<>.]+\\s+(\\w+)\\(");
    private static final Set<Class<?>> BUFFERS =
            Set.of(ByteBuffer.class, EntryBatch.class, EntryView.class, Checkpoint.class);

    @Test
    void noInterfaceHasMoreThanTwelveMethods() {
        for (final Class<?> type : interfaces(PACKAGES)) {
            final long methods = Arrays.stream(type.getMethods()).filter(SpiTest::isOfTheSpi).count();
            assertTrue(methods <= METHODS_MAX, type.getName() + " has " + methods + " methods");
        }
    }

    @Test
    void everyMethodStatesThreadBlockingDurabilityBuffersAndErrors() {
        final List<String> gaps = new ArrayList<>();
        for (final Class<?> type : interfaces(PACKAGES)) {
            final String source = read(sourceOf(type));
            for (final Method method : type.getDeclaredMethods()) {
                if (isOfTheSpi(method)) {
                    final String javadoc = javadoc(source, method.getName());
                    wanted(type, method).stream().filter(word -> !javadoc.contains(word))
                            .forEach(word -> gaps.add(type.getSimpleName() + "." + method.getName() + ": " + word));
                }
            }
        }
        assertEquals(List.of(), gaps);
    }

    @Test
    void theTestSeesTheInterfaces() {
        final Set<String> names = new TreeSet<>();
        interfaces(PACKAGES).forEach(type -> names.add(type.getSimpleName()));
        assertTrue(names.containsAll(List.of("Store", "GroupLog", "Transport", "PeerLink", "Consensus",
                "ConsensusGroup", "Applier")), names.toString());
        assertTrue(javadoc(read(sourceOf(StoreProvider.class)), "open").contains("recovering what is there"));
    }

    private static List<String> wanted(final Class<?> type, final Method method) {
        final List<String> words = new ArrayList<>(List.of("Thread:", "Blocks:", "Errors:"));
        if (changes(type, method)) {
            words.add("Durable:");
        }
        final boolean hasBuffer = BUFFERS.contains(method.getReturnType())
                || method.getGenericReturnType().getTypeName().contains("Checkpoint>")
                || Arrays.stream(method.getParameterTypes()).anyMatch(BUFFERS::contains);
        if (hasBuffer) {
            words.add("Buffers:");
        }
        return words;
    }

    /** In a store, what gives nothing back or a ticket changes something. */
    private static boolean changes(final Class<?> type, final Method method) {
        return type.getPackageName().endsWith(".store")
                && (method.getReturnType() == void.class || method.getName().equals("ticket"));
    }

    private static boolean isOfTheSpi(final Method method) {
        return !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic();
    }

    private static String javadoc(final String source, final String method) {
        final StringBuilder found = new StringBuilder();
        final Matcher matcher = METHOD.matcher(source);
        while (matcher.find()) {
            if (matcher.group(2).equals(method)) {
                found.append(matcher.group(1));
            }
        }
        return found.toString();
    }

    private static List<Class<?>> interfaces(final List<String> packages) {
        final List<Class<?>> found = new ArrayList<>();
        for (final String name : packages) {
            try (Stream<Path> files = Files.list(Path.of("src/main/java/jetstream/api", name))) {
                for (final Path file : files.sorted().toList()) {
                    final String simple = file.getFileName().toString().replace(".java", "");
                    final Class<?> type = Class.forName("jetstream.api." + name + "." + simple);
                    if (type.isInterface()) {
                        found.add(type);
                    }
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            } catch (final ClassNotFoundException e) {
                throw new AssertionError("a source without a class", e);
            }
        }
        return found;
    }

    private static Path sourceOf(final Class<?> type) {
        return Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
