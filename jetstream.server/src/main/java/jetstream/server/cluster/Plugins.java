package jetstream.server.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/** Finds plug-ins by name, and their settings. */
final class Plugins {
    private Plugins() {
    }

    /**
     * The provider of that name.
     *
     * @throws IllegalStateException if there is none, or more than one: says what was found and where
     */
    static <P> P find(final Class<P> type, final Function<P, String> nameOf, final String name) {
        final List<P> found = new ArrayList<>();
        final List<String> seen = new ArrayList<>();
        for (final P provider : ServiceLoader.load(type)) {
            seen.add(nameOf.apply(provider) + " (" + where(provider.getClass()) + ")");
            if (nameOf.apply(provider).equals(name)) {
                found.add(provider);
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException(
                    (found.isEmpty() ? "no " : "more than one ") + type.getSimpleName() + " named \""
                            + name + "\"; found: " + (seen.isEmpty() ? "none" : String.join(", ", seen)));
        }
        return found.getFirst();
    }

    private static String where(final Class<?> provider) {
        final String module = provider.getModule().getName();
        return module == null ? provider.getProtectionDomain().getCodeSource().getLocation().toString() : module;
    }

    /** Settings below a path, by dotted name, as text; empty if there are none. */
    static Map<String, String> settings(final Config tree, final String path) {
        final Map<String, String> settings = new HashMap<>();
        if (tree.hasPath(path)) {
            for (final Map.Entry<String, ConfigValue> entry : tree.getConfig(path).entrySet()) {
                settings.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
            }
        }
        return settings;
    }
}
