package jetstream.engine.json;

import jetstream.api.config.ExternalStream;
import jetstream.api.config.SourceConsumer;
import jetstream.api.config.StreamSource;

/** Origins of mirrors and sourced streams. */
final class SourceJson {
    private SourceJson() {
    }

    static StreamSource read(final JsonObject o) {
        if (o == null) {
            return null;
        }
        final JsonObject external = o.object("external");
        final JsonObject consumer = o.object("consumer");
        return new StreamSource(o.string("name", ""), o.integer("opt_start_seq", 0), o.time("opt_start_time"),
                o.string("filter_subject", ""),
                o.objects("subject_transforms").stream().map(PartsJson::subjectTransform).toList(),
                external == null ? null
                        : new ExternalStream(external.string("api", ""), external.string("deliver", "")),
                consumer == null ? null
                        : new SourceConsumer(consumer.string("name", ""), consumer.string("deliver_subject", "")));
    }

    static void write(final JsonText t, final StreamSource s) {
        t.put("name", s.name()).opt("opt_start_seq", s.optStartSeq()).opt("opt_start_time", s.optStartTime())
                .opt("filter_subject", s.filterSubject());
        if (!s.subjectTransforms().isEmpty()) {
            t.objects("subject_transforms", s.subjectTransforms(), PartsJson::write);
        }
        if (s.external() != null) {
            t.object("external", x -> x.put("api", s.external().api()).opt("deliver", s.external().deliver()));
        }
        if (s.consumer() != null) {
            t.object("consumer", x -> x.put("name", s.consumer().name())
                    .opt("deliver_subject", s.consumer().deliverSubject()));
        }
    }
}
