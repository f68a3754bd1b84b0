import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** Started by ModulePathLaunchTest in a JVM of its own: the libraries must be complete without surefire's help. */
final class InMemoryMap {
    private InMemoryMap() {}

    public static void main(final String[] arguments) {
        try (DB db = DBMaker.memoryDB().make()) {
            final var map = db.treeMap("entries", Serializer.LONG, Serializer.BYTE_ARRAY).createOrOpen();
            map.put(1L, new byte[] {42});
            System.out.println("read " + map.get(1L)[0]);
        }
    }
}
