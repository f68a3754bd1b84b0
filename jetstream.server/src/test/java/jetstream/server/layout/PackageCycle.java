package jetstream.server.layout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for a cycle in a graph of packages, depth first. */
final class PackageCycle {
    private final Map<String, Set<String>> imports;
    private final Deque<String> path = new ArrayDeque<>();
    private final Set<String> finished = new HashSet<>();

    private PackageCycle(final Map<String, Set<String>> imports) {
        this.imports = imports;
    }

    /** One cycle, its first package repeated at the end; empty if there is none. */
    static Optional<List<String>> find(final Map<String, Set<String>> imports) {
        final PackageCycle search = new PackageCycle(imports);
        return imports.keySet().stream().sorted().map(search::from).flatMap(Optional::stream).findFirst();
    }

    private Optional<List<String>> from(final String name) {
        if (path.contains(name)) {
            final List<String> cycle = new ArrayList<>(path);
            cycle.add(name);
            return Optional.of(List.copyOf(cycle.subList(cycle.indexOf(name), cycle.size())));
        }
        if (finished.contains(name)) {
            return Optional.empty();
        }
        path.addLast(name);
        for (final String target : imports.getOrDefault(name, Set.of())) {
            final Optional<List<String>> cycle = from(target);
            if (cycle.isPresent()) {
                return cycle;
            }
        }
        path.removeLast();
        finished.add(name);
        return Optional.empty();
    }
}
