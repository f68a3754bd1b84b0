package jetstream.engine.json;

import jetstream.api.config.ConsumerLimits;
import jetstream.api.config.Placement;
import jetstream.api.config.Republish;
import jetstream.api.config.SubjectTransform;

/** The small objects inside stream configurations. */
public final class PartsJson {
    private PartsJson() {
    }

    /** Reads a placement; null stays null. */
    public static Placement placement(final JsonObject o) {
        return o == null ? null : new Placement(o.string("cluster", ""), o.strings("tags"), o.string("preferred", ""));
    }

    static SubjectTransform subjectTransform(final JsonObject o) {
        return o == null ? null : new SubjectTransform(o.string("src", ""), o.string("dest", ""));
    }

    static Republish republish(final JsonObject o) {
        return o == null ? null
                : new Republish(o.string("src", ""), o.string("dest", ""), o.bool("headers_only", false));
    }

    static ConsumerLimits consumerLimits(final JsonObject o) {
        return o == null ? ConsumerLimits.NONE
                : new ConsumerLimits(o.integer("inactive_threshold", 0), o.integer32("max_ack_pending", 0));
    }

    /** Writes the members of a placement. */
    public static void write(final JsonText t, final Placement p) {
        t.opt("cluster", p.cluster());
        if (!p.tags().isEmpty()) {
            t.strings("tags", p.tags());
        }
        t.opt("preferred", p.preferred());
    }

    static void write(final JsonText t, final SubjectTransform s) {
        t.put("src", s.src()).put("dest", s.dest());
    }

    static void write(final JsonText t, final Republish r) {
        t.opt("src", r.src()).put("dest", r.dest()).opt("headers_only", r.headersOnly());
    }

    static void write(final JsonText t, final ConsumerLimits l) {
        t.opt("inactive_threshold", l.inactiveThresholdNs()).opt("max_ack_pending", l.maxAckPending());
    }
}
