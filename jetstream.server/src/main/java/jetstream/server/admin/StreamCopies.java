package jetstream.server.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.config.StreamConfig;
import jetstream.api.config.StreamSource;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.StreamReplica;

/** What the mirrors and sourced streams that this server leads fetch from their origins. Owner: the node thread. */
public final class StreamCopies {
    private final AdminContext context;
    private final Map<StreamReplica, List<OriginPull>> pulls = new HashMap<>();

    StreamCopies(final AdminContext context) {
        this.context = context;
    }

    /** A stream is led here, or its configuration has changed: fetches what that asks for and nothing else. */
    public void update(final StreamReplica stream) {
        if (!stream.isLeader()) {
            stop(stream);
            return;
        }
        final StreamConfig config = stream.engine().config();
        final List<StreamSource> wanted = config.isMirror() ? List.of(config.mirror()) : config.sources();
        final List<OriginPull> now = new ArrayList<>();
        final List<OriginPull> before = pulls.getOrDefault(stream, List.of());
        for (final StreamSource origin : wanted) {
            now.add(before.stream().filter(pull -> pull.origin().equals(origin)).findFirst()
                    .orElseGet(() -> new OriginPull(context, stream, origin, config.isMirror())));
        }
        before.stream().filter(pull -> !now.contains(pull)).forEach(OriginPull::stop);
        if (now.isEmpty()) {
            pulls.remove(stream);
        } else {
            // They start with the next tick: this may be called while an entry is applied.
            pulls.put(stream, now);
        }
    }

    /** A stream is not led here any more. */
    public void stop(final StreamReplica stream) {
        final List<OriginPull> stopped = pulls.remove(stream);
        if (stopped != null) {
            stopped.forEach(OriginPull::stop);
        }
    }

    /** Called about ten times a second. */
    void tick(final long nowNs) {
        pulls.values().forEach(all -> all.forEach(pull -> pull.tick(nowNs)));
    }

    /** Members {@code mirror} and {@code sources} of stream info. */
    void write(final JsonText t, final StreamReplica stream) {
        final List<OriginPull> all = pulls.getOrDefault(stream, List.of());
        if (all.isEmpty()) {
            return;
        }
        if (stream.engine().config().isMirror()) {
            t.object("mirror", m -> all.getFirst().write(m));
        } else {
            t.objects("sources", all, (o, pull) -> pull.write(o));
        }
    }
}
