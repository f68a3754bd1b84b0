package jetstream.store.file;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The blocks and units that were unpacked last, by position. Owner: the shard thread. */
final class WindowCache {
    private static final int BYTES_MAX = 8 << 20;

    private final Map<Long, Window> windows = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    Window get(final long position) {
        return windows.get(position);
    }

    void put(final long position, final Window window) {
        windows.put(position, window);
        bytes += window.bytes().capacity();
        final Iterator<Window> eldest = windows.values().iterator();
        while (bytes > BYTES_MAX && windows.size() > 1) {
            bytes -= eldest.next().bytes().capacity();
            eldest.remove();
        }
    }
}
