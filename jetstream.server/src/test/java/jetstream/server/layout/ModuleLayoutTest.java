package jetstream.server.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every module of the reactor, whoever wrote it. */
final class ModuleLayoutTest {
    private static final SourceTree TREE = SourceTree.ofWorkingDirectory();

    static List<Path> modules() {
        return TREE.modules();
    }

    @Test
    void reactorHasItsModules() {
        assertTrue(modules().size() >= 10, () -> "only " + modules());
    }

    /** An embedder on the class path must find the same plug-ins as the module path does. */
    @ParameterizedTest
    @MethodSource("modules")
    void servicesFilesSayWhatModuleInfoProvides(final Path module) {
        final Map<String, Set<String>> declared = SourceTree.declaredProviders(module);
        assertEquals(declared, SourceTree.listedProviders(module),
                () -> module.getFileName() + ": module-info (expected) and META-INF/services differ");
        declared.values().forEach(providers -> providers.forEach(
                provider -> assertTrue(SourceTree.hasSource(module, provider),
                        () -> module.getFileName() + ": no source for provider " + provider)));
    }

    @ParameterizedTest
    @MethodSource("modules")
    @EnabledIfSystemProperty(named = "law.fail", matches = "true")
    void packagesOfAModuleHaveNoCycle(final Path module) {
        final Optional<List<String>> cycle = PackageCycle.find(SourceTree.packageImports(module));
        assertTrue(cycle.isEmpty(), () -> module.getFileName() + ": " + String.join(" -> ", cycle.orElseThrow()));
    }

    @Test
    void cycleIsFoundWhereThereIsOne() {
        final Map<String, Set<String>> imports = Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"));
        assertEquals(Optional.of(List.of("b", "c", "b")), PackageCycle.find(imports));
    }
}
