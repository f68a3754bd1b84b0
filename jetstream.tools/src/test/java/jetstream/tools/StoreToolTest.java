package jetstream.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreIdentity;
import jetstream.api.store.StoreProvider;
import jetstream.testkit.contract.StoreScript;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program, from its arguments to its exit code, on directories of the stores that the server ships with. */
final class StoreToolTest {
    private static final String NODE = "n1-c1";
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final List<String> DURABLE = List.of("file", "mapdb");

    @TempDir private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Each durable store with each other one. */
    static Stream<List<String>> pairs() {
        return DURABLE.stream().flatMap(from -> DURABLE.stream().filter(to -> !to.equals(from))
                .map(to -> List.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everythingIsTheSameInTheOtherStore(final List<String> pair) throws IOException {
        final StoreScript script = fill(pair.getFirst());
        Files.writeString(directory.resolve("cluster.txt"), "incarnation=x\n");

        assertEquals(0, run("convert", "--from", pair.get(0), "--to", pair.get(1), directory.toString()), err());

        try (Store store = open(pair.get(1))) {
            script.checkRecovered(store);
            script.run(store, 30);
            script.checkNow(store);
        }
        assertEquals("incarnation=x\n", Files.readString(directory.resolve("cluster.txt")));
        assertTrue(Files.isDirectory(directory.resolve("converted-from-" + pair.getFirst())), err());
        assertFalse(Files.exists(directory.resolve("converting")));
        assertTrue(out().contains("now of store \"" + pair.get(1) + "\""), out());
        assertTrue(err().contains("copying: 100 %") && err().contains("comparing: 100 %"), err());
    }

    @Test
    void whatWasConvertedCanBeConvertedBack() {
        final StoreScript script = fill("file");

        assertEquals(0, run("convert", "--from", "file", "--to", "mapdb", directory.toString()), err());
        assertEquals(0, run("convert", "--from", "mapdb", "--to", "file", directory.toString()), err());
        assertEquals(0, run("convert", "--from", "file", "--to", "mapdb", directory.toString()), err());

        try (Store store = open("mapdb")) {
            script.checkRecovered(store);
        }
        assertTrue(Files.isDirectory(directory.resolve("converted-from-file-2")), "each time a folder of its own");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void serverRefusesTheDirectoryOfAnotherStoreNamingBoth(final List<String> pair) {
        fill(pair.getFirst());

        final StoreException refusal = assertThrows(StoreException.Refused.class, () -> open(pair.get(1)));

        assertTrue(refusal.getMessage().contains('"' + pair.get(0) + '"'), refusal.getMessage());
        assertTrue(refusal.getMessage().contains('"' + pair.get(1) + '"'), refusal.getMessage());
    }

    @Test
    void runningServerIsNotConverted() {
        fill("file");
        try (Store running = open("file")) {
            assertEquals(1, run("convert", "--from", "file", "--to", "mapdb", directory.toString()));
            assertTrue(err().contains("in use") && err().contains("stop the server"), err());
            assertFalse(running.groups().isEmpty());
        }
    }

    @Test
    void unknownStoresAreNamedWithThoseThatWereFound() {
        fill("file");

        assertEquals(2, run("convert", "--from", "file", "--to", "rocks", directory.toString()));

        assertTrue(err().contains("no store \"rocks\"; found: file, mapdb, memory"), err());
    }

    @Test
    void storeThatKeepsNothingIsNoTarget() {
        final StoreScript script = fill("file");

        assertEquals(2, run("convert", "--from", "file", "--to", "memory", directory.toString()));

        assertTrue(err().contains("\"memory\" keeps nothing on disk"), err());
        try (Store store = open("file")) {
            script.checkRecovered(store);
        }
    }

    @Test
    void wrongSourceIsNamed() {
        fill("file");

        assertEquals(1, run("convert", "--from", "mapdb", "--to", "file", directory.toString()));

        assertTrue(err().contains("written by store \"file\", not by \"mapdb\""), err());
    }

    @Test
    void directoryOfNobodyIsRefused() {
        assertEquals(1, run("info", directory.toString()));
        assertTrue(err().contains("IDENTITY"), err());
    }

    @Test
    void storeDirOfTheConfigurationMayBeGiven() {
        final StoreContext context =
                new StoreContext(directory.resolve("jetstream"), NODE, Map.of(), (warning, text) -> {});
        try (Store store = provider("file").open(context)) {
            store.open(GROUP).append(TestEntries.batch(GROUP, 1, 3, 1));
        }

        assertEquals(0, run("info", directory.toString()), err());

        assertTrue(out().contains("store \"file\"") && out().contains("server \"n1-c1\"")
                && out().contains("1 groups"), out());
    }

    @Test
    void damagedSourceIsNotConvertedAndNotTouched() throws IOException {
        try (Store store = open("file")) {
            for (int i = 1; i <= 40; i++) {
                store.open(GROUP).append(TestEntries.ofLength(GROUP, i, 1, 3_000));
                store.force(store.ticket());
            }
        }
        final Path segment;
        try (Stream<Path> files = Files.list(directory)) {
            segment = files.filter(file -> file.toString().endsWith(".seg")).sorted().findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(segment);
        bytes[30_000] ^= 1;
        Files.write(segment, bytes);

        assertEquals(1, run("verify", directory.toString()));
        assertTrue(out().contains("DAMAGED"), out());
        assertEquals(1, run("convert", "--from", "file", "--to", "mapdb", directory.toString()));

        assertTrue(err().contains("let it"), err());
        assertEquals("file", StoreIdentity.of(directory).orElseThrow().store());
        assertFalse(Files.exists(directory.resolve("converting")), "nothing is left behind");
    }

    @Test
    void fullDiskLeavesTheSourceAsItWas() {
        final StoreScript script = fill("file");

        assertEquals(1, run("convert", "--from", "file", "--to", "mapdb", "--set", "mapdb.max_bytes=2000",
                directory.toString()));

        assertTrue(err().contains("no room"), err());
        try (Store store = open("file")) {
            script.checkRecovered(store);
        }
    }

    @Test
    void leftoversOfAKilledToolAreDropped() throws IOException {
        final StoreScript script = fill("file");
        Files.createDirectories(directory.resolve("converting"));
        Files.writeString(directory.resolve("converting").resolve("store.db"), "half a store");

        assertEquals(0, run("convert", "--from", "file", "--to", "mapdb", directory.toString()), err());

        try (Store store = open("mapdb")) {
            script.checkRecovered(store);
        }
    }

    @Test
    void comparisonSeesEveryKindOfDifference() {
        fill("file");
        final TreeMap<String, String> seen = new TreeMap<>();
        try (Store source = open("file"); Store target = memory()) {
            final Progress none = new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), false, "x", 1);
            new StoreCopy(source, target).copy(none);
            assertEquals(List.of(), new StoreCopy(source, target).differences(none));
            final GroupId group = source.groups().stream().filter(id -> source.open(id).lastIndex() > 0).findFirst()
                    .orElseThrow();
            target.ballots().save(group, new Ballot(99, 99));
            seen.put("ballot", new StoreCopy(source, target).differences(none).toString());
            target.ballots().save(group, source.ballots().load(group));
            target.open(group).append(TestEntries.batch(group, target.open(group).lastIndex() + 1, 1, 9));
            seen.put("history", new StoreCopy(source, target).differences(none).toString());
            target.delete(group);
            seen.put("groups", new StoreCopy(source, target).differences(none).toString());
        }
        seen.forEach((what, text) -> assertTrue(text.contains(what), what + ": " + text));
    }

    @Test
    void argumentsThatAreNotUnderstoodAreNamed() {
        assertEquals(2, run());
        assertEquals(0, run("--help"));
        assertTrue(out().contains("convert --from S --to S DIR"), out());
        assertEquals(2, run("mend", "x"));
        assertEquals(2, run("verify"));
        assertEquals(2, run("verify", "--from", "file", "x"));
        assertEquals(2, run("convert", "x"));
        assertEquals(2, run("convert", "--from"));
        assertEquals(2, run("info", "--set", "nonsense", "x"));
        for (final String part : List.of("\"mend\"", "needs a directory", "unknown option --from", "needs --from",
                "--from needs a value", "STORE.KEY=VALUE")) {
            assertTrue(err().contains(part), part + " in " + err());
        }
    }

    private StoreScript fill(final String store) {
        final StoreScript script = new StoreScript(17);
        try (Store filled = open(store)) {
            script.run(filled, 200);
        }
        return script;
    }

    private Store open(final String store) {
        return provider(store).open(new StoreContext(directory, NODE, Map.of(), (warning, text) -> {}));
    }

    private static Store memory() {
        return provider("memory").open(new StoreContext(null, NODE, Map.of(), (warning, text) -> {}));
    }

    private static StoreProvider provider(final String name) {
        return ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name)).findFirst().orElseThrow();
    }

    private int run(final String... arguments) {
        return new StoreTool(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false).run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
