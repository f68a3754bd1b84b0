package jetstream.server.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from searching for XML files in a server process, which would cost start-up time. In any other process
 * it steps aside.
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {

    /** Made by Logback's ServiceLoader. */
    public LogbackSetup() {
    }

    @Override
    public ExecutionStatus configure(final LoggerContext context) {
        if (!ServerLog.isOpen()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        ServerLog.setUp(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
