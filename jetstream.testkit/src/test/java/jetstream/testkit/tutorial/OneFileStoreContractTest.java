package jetstream.testkit.tutorial;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.testkit.contract.Fault;
import jetstream.testkit.contract.StoreContract;
import org.junit.jupiter.api.io.TempDir;

final class OneFileStoreContractTest extends StoreContract {
    @TempDir private Path directory;

    @Override
    protected StoreProvider provider() {
        return new OneFileProvider();
    }

    @Override
    protected StoreContext context() {
        return new StoreContext(directory, "n1", Map.of(), this::report);
    }

    @Override
    protected boolean tellsTornFromDamaged() {
        return false;
    }

    @Override
    protected Set<Fault> faults() {
        return EnumSet.of(Fault.TORN_WRITE, Fault.LOST_UNFORCED, Fault.BIT_FLIP);
    }
}
