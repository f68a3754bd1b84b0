package jetstream.store.memory;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.testkit.contract.Fault;
import jetstream.testkit.contract.StoreContract;

final class MemoryStoreContractTest extends StoreContract {
    @Override
    protected StoreProvider provider() {
        return new MemoryStoreProvider();
    }

    @Override
    protected StoreContext context() {
        return new StoreContext(null, "n1", Map.of(), this::report);
    }

    @Override
    protected boolean isDurable() {
        return false;
    }

    @Override
    protected Set<Fault> faults() {
        return EnumSet.of(Fault.DISK_FULL);
    }

    @Override
    protected StoreContext contextWithRoom(final long bytes) {
        return new StoreContext(null, "n1", Map.of(MemoryStoreProvider.MAX_BYTES, Long.toString(bytes)), this::report);
    }
}
