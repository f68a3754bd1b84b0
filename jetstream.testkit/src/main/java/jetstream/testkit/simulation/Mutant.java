package jetstream.testkit.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.util.function.Consumer;

/**
 * Classes with one method broken, for tests of a simulator: copies of everything below a package in a loader of their
 * own, in which that method has another body. So the shipped code needs no switches.
 */
public final class Mutant extends ClassLoader {
    private final String prefix;
    private final String brokenClass;
    private final String brokenMethod;
    private final Consumer<CodeBuilder> body;

    /**
     * A loader whose classes below that package are its own.
     *
     * @param packageName package whose classes, and those of all packages below it, are copied
     * @param brokenClass full name of the class that gets the broken method
     * @param brokenMethod its name; all methods of that name are broken
     * @param body what the method does instead
     */
    public Mutant(final String packageName, final String brokenClass, final String brokenMethod,
            final Consumer<CodeBuilder> body) {
        super(Mutant.class.getClassLoader());
        prefix = packageName + ".";
        this.brokenClass = brokenClass;
        this.brokenMethod = brokenMethod;
        this.body = body;
    }

    /** The mutated class of that name. */
    public Class<?> mutated(final String name) {
        try {
            return loadClass(name);
        } catch (final ClassNotFoundException e) {
            throw new IllegalStateException("mutant of " + brokenClass + "." + brokenMethod, e);
        }
    }

    /** An object of the mutated class of that name, which has a constructor without parameters. */
    public Object instance(final String name) {
        try {
            return mutated(name).getConstructor().newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("mutant of " + brokenClass + "." + brokenMethod, e);
        }
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(prefix)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            final byte[] original = in.readAllBytes();
            final byte[] bytes = name.equals(brokenClass) ? broken(original) : original;
            return defineClass(name, bytes, 0, bytes.length);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] broken(final byte[] original) {
        final ClassFile classFile = ClassFile.of();
        final boolean[] found = new boolean[1];
        final ClassTransform transform = (builder, element) -> {
            if (element instanceof final MethodModel method && method.methodName().equalsString(brokenMethod)) {
                found[0] = true;
                builder.withMethodBody(method.methodName(), method.methodType(), method.flags().flagsMask(),
                        body::accept);
            } else {
                builder.with(element);
            }
        };
        final byte[] bytes = classFile.transformClass(classFile.parse(original), transform);
        if (!found[0]) {
            throw new AssertionError(brokenClass + " has no method " + brokenMethod);
        }
        return bytes;
    }
}
