package jetstream.server.monitor;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.engine.json.JsonText;

/** What the process says of itself (spec/monitoring.md, stacksz and debug/vars). Any thread. */
final class ProcessPages {
    private ProcessPages() {
    }

    /** All threads and where they are. */
    static String stacks() {
        final StringBuilder text = new StringBuilder(1 << 14);
        final Map<String, StackTraceElement[]> byName = new TreeMap<>();
        Thread.getAllStackTraces().forEach((thread, trace) -> byName
                .put(thread.getName() + " " + thread.threadId() + " [" + thread.getState() + "]", trace));
        byName.forEach((name, trace) -> {
            text.append("thread ").append(name).append(":\n");
            for (final StackTraceElement element : trace) {
                text.append('\t').append(element).append('\n');
            }
            text.append('\n');
        });
        return text.toString();
    }

    /** The names that tools look for; the figures are the JVM's. */
    static void variables(final JsonText t) {
        final ProcessHandle.Info info = ProcessHandle.current().info();
        final MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        final MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        t.strings("cmdline", info.commandLine().map(line -> List.of(line.split(" "))).orElse(List.of()));
        t.object("memstats", m -> m.put("Alloc", heap.getUsed()).put("Sys", heap.getCommitted() + other.getCommitted())
                .put("HeapAlloc", heap.getUsed()).put("HeapSys", heap.getCommitted()).put("HeapInuse", heap.getUsed())
                .put("HeapIdle", heap.getCommitted() - heap.getUsed())
                .put("NumGC", ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount).filter(count -> count > 0).sum())
                .put("PauseTotalNs", ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime).filter(ms -> ms > 0).sum() * 1_000_000L));
    }
}
