package jetstream.server;

import java.lang.reflect.Proxy;
import jetstream.server.launch.LaunchException;

/**
 * Signals of this process. The JDK has no supported way to catch them; its old one is reached by reflection because the
 * compiler warns of every mention of it, in a way that can not be switched off, and our warnings are errors.
 */
final class ProcessSignals {

    private ProcessSignals() {
    }

    /**
     * Runs {@code action} on a thread of the JVM whenever the signal arrives.
     *
     * @param name without SIG
     * @throws LaunchException if this JVM does not know the signal or keeps it for itself
     */
    static void handle(final String name, final Runnable action) {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (final ReflectiveOperationException e) {
            throw new LaunchException("can not handle signal " + name + ": " + e, e);
        }
    }
}
