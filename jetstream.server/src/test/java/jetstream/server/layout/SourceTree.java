package jetstream.server.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reactor as it lies on disk: modules, what they say they provide, and which of their packages imports which.
 * Sources are read, not classes, so that a module that this build has not compiled is looked at too.
 */
record SourceTree(Path root) {
    private static final Pattern PROVIDES = Pattern.compile("\\bprovides\\s+([\\w.]+)\\s+with\\s+([\\w.,\\s]+);");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern PACKAGE = Pattern.compile("^package\\s+([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern IMPORT = Pattern.compile("^import\\s+(?:static\\s+)?([a-z][\\w.]*?)\\.[A-Z][\\w.]*;",
            Pattern.MULTILINE);

    /** The tree that the working directory lies in. */
    static SourceTree ofWorkingDirectory() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve("jetstream.api"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("not inside the reactor: " + Path.of("").toAbsolutePath());
        }
        return new SourceTree(directory);
    }

    /** Directories with a module declaration of their own. */
    List<Path> modules() {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.isRegularFile(declaration(entry))).sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Service to providers, as {@code module-info.java} says. */
    static Map<String, Set<String>> declaredProviders(final Path module) {
        final Map<String, Set<String>> providers = new TreeMap<>();
        final Matcher matcher = PROVIDES.matcher(COMMENT.matcher(read(declaration(module))).replaceAll(" "));
        while (matcher.find()) {
            providers.put(matcher.group(1), Stream.of(matcher.group(2).split(",")).map(String::strip)
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
        return providers;
    }

    /** Service to providers, as the files under {@code META-INF/services} say; those are what the class path uses. */
    static Map<String, Set<String>> listedProviders(final Path module) {
        final Path services = module.resolve("src/main/resources/META-INF/services");
        final Map<String, Set<String>> providers = new TreeMap<>();
        if (Files.isDirectory(services)) {
            for (final Path file : filesBelow(services, "")) {
                providers.put(file.getFileName().toString(), read(file).lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        return providers;
    }

    /** True if the module has a source file of that class. */
    static boolean hasSource(final Path module, final String className) {
        return Files.isRegularFile(module.resolve("src/main/java/" + className.replace('.', '/') + ".java"));
    }

    /** Package to the packages of the same module that its main sources import. */
    static Map<String, Set<String>> packageImports(final Path module) {
        final Map<String, Set<String>> imports = new TreeMap<>();
        for (final Path file : filesBelow(module.resolve("src/main/java"), ".java")) {
            final String text = read(file);
            final Matcher name = PACKAGE.matcher(text);
            if (name.find()) {
                final Set<String> targets = imports.computeIfAbsent(name.group(1), _ -> new TreeSet<>());
                IMPORT.matcher(text).results().map(result -> result.group(1)).forEach(targets::add);
            }
        }
        imports.forEach((source, targets) -> {
            targets.retainAll(imports.keySet());
            targets.remove(source);
        });
        return imports;
    }

    private static Path declaration(final Path module) {
        return module.resolve("src/main/java/module-info.java");
    }

    private static List<Path> filesBelow(final Path directory, final String suffix) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
