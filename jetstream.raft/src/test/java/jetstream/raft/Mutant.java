package jetstream.raft;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.util.function.Consumer;
import jetstream.api.consensus.ConsensusProvider;

/**
 * The consensus with one method broken, for tests of the simulator: a copy of the plug-in's classes in a loader of
 * its own, in which that method has another body. So the shipped code needs no switches.
 */
final class Mutant extends ClassLoader {
    private final String brokenClass;
    private final String brokenMethod;
    private final Consumer<CodeBuilder> body;

    private Mutant(final String brokenClass, final String brokenMethod, final Consumer<CodeBuilder> body) {
        super(Mutant.class.getClassLoader());
        this.brokenClass = "jetstream.raft." + brokenClass;
        this.brokenMethod = brokenMethod;
        this.body = body;
    }

    /** The consensus in which that method of that class (below {@code jetstream.raft}) does something else. */
    static ConsensusProvider of(final String brokenClass, final String brokenMethod, final Consumer<CodeBuilder> body) {
        try {
            return (ConsensusProvider) new Mutant(brokenClass, brokenMethod, body)
                    .loadClass(RaftConsensusProvider.class.getName()).getConstructor().newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("mutant of " + brokenClass + "." + brokenMethod, e);
        }
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("jetstream.raft.")) {
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
            throw new IllegalStateException(brokenClass + " has no method " + brokenMethod);
        }
        return bytes;
    }
}
