package jetstream.server.admin;

import java.util.EnumMap;
import java.util.Map;
import jetstream.api.consensus.Condition;
import jetstream.engine.json.JsonText;

/** How often the data of replicas on this server was in trouble, by kind, for monitoring. Owner: the node thread. */
public final class ReplicaTroubles {
    private final Map<Condition, Integer> counts = new EnumMap<>(Condition.class);

    /** No trouble yet. */
    public ReplicaTroubles() {
    }

    void count(final Condition condition) {
        counts.merge(condition, 1, Integer::sum);
    }

    /** Number of troubles of that kind since the start. */
    public int counted(final Condition condition) {
        return counts.getOrDefault(condition, 0);
    }

    /** Adds {@code replica_troubles} if there was any. */
    public void write(final JsonText t) {
        if (counts.keySet().stream().anyMatch(condition -> condition != Condition.CURRENT)) {
            t.object("replica_troubles", o -> o.put("resyncs", counted(Condition.RESYNCING))
                    .put("repairs", counted(Condition.REPAIRING)).put("disputes", counted(Condition.DISPUTED))
                    .put("stopped", counted(Condition.STOPPED)).put("healed", counted(Condition.CURRENT)));
        }
    }
}
