package jetstream.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.raft.core.Membership;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One batch through a group of three: proposed, appended by the leader, sent, appended by both followers, answered,
 * committed by the leader. All three members in one thread with logs in memory, so this is the CPU of the whole group.
 */
public class RaftBenchmark extends LayerBenchmark {
    private static final int BODY_LENGTH = 256;
    private static final int STEPS_MAX = 100;

    /** Entries of a batch. */
    @Param({"1", "64"}) public int entries;

    private final RaftMember[] members = new RaftMember[3];
    private final EntryBatch batch = new EntryBatch(1 << 16);
    private RaftMember leader;
    private long nowNs = 1;

    /** Three members with a leader. */
    @Setup
    public void elect() {
        final GroupId group = GroupId.ofAssignment(1, true);
        final Membership membership = Membership.ofVoters(Stream.of(1L, 2L, 3L).map(NodeId::new).toList());
        final StoreProvider stores = ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> "memory".equals(provider.name())).findFirst().orElseThrow();
        for (int i = 0; i < members.length; i++) {
            members[i] = new RaftMember(members, i + 1, group.value(), stores.open(
                    new StoreContext(Path.of(""), "n" + i, Map.of(), (_, _) -> {})).open(group), membership);
        }
        leader = members[0];
        for (final RaftMember member : members) {
            member.core().start(nowNs, false, member == leader);
        }
        for (final RaftMember member : members) {
            for (final long peer : List.of(1L, 2L, 3L)) {
                member.core().onPeer(peer, true, false, nowNs);
            }
        }
        for (int i = 0; i < STEPS_MAX && !leader.core().isEstablished(); i++) {
            stepAll();
        }
        if (!leader.core().isEstablished()) {
            throw new IllegalStateException("no leader");
        }
    }

    /** Until the leader has committed the batch. */
    @Benchmark
    public long replicate() {
        batch.clear();
        for (int i = 0; i < entries; i++) {
            batch.begin(EntryType.APPLICATION, (byte) 0, nowNs, BODY_LENGTH);
            batch.end(BODY_LENGTH);
        }
        nowNs += 1_000;
        final long firstIndex = leader.core().propose(batch, nowNs);
        if (firstIndex < 0) {
            throw new IllegalStateException("not proposed");
        }
        while (leader.committed() < firstIndex + entries - 1) {
            stepAll();
        }
        return firstIndex;
    }

    private void stepAll() {
        for (final RaftMember member : members) {
            member.step(nowNs);
        }
    }
}
