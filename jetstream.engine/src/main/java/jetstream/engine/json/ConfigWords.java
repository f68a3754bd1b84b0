package jetstream.engine.json;

import jetstream.api.config.AckPolicy;
import jetstream.api.config.Compression;
import jetstream.api.config.DeliverPolicy;
import jetstream.api.config.Discard;
import jetstream.api.config.PersistMode;
import jetstream.api.config.PriorityPolicy;
import jetstream.api.config.ReplayPolicy;
import jetstream.api.config.Retention;
import jetstream.api.config.Storage;

/** Words of enumerations, case-blind as the protocol takes them. */
final class ConfigWords {
    private ConfigWords() {
    }

    static Retention retention(final String word) {
        if (word == null || word.isEmpty()) {
            return Retention.LIMITS;
        }
        for (final Retention value : Retention.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static Discard discard(final String word) {
        if (word == null || word.isEmpty()) {
            return Discard.OLD;
        }
        for (final Discard value : Discard.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static Storage storage(final String word) {
        if (word == null || word.isEmpty()) {
            return Storage.FILE;
        }
        for (final Storage value : Storage.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static Compression compression(final String word) {
        if (word == null || word.isEmpty()) {
            return Compression.NONE;
        }
        for (final Compression value : Compression.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static PersistMode persistMode(final String word) {
        if (word == null || word.isEmpty()) {
            return PersistMode.DEFAULT;
        }
        for (final PersistMode value : PersistMode.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static DeliverPolicy deliverPolicy(final String word) {
        if (word == null || word.isEmpty()) {
            return DeliverPolicy.ALL;
        }
        if ("undefined".equals(word)) {
            return DeliverPolicy.ALL;
        }
        for (final DeliverPolicy value : DeliverPolicy.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static AckPolicy ackPolicy(final String word) {
        if (word == null || word.isEmpty()) {
            return AckPolicy.NONE;
        }
        for (final AckPolicy value : AckPolicy.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static ReplayPolicy replayPolicy(final String word) {
        if (word == null || word.isEmpty()) {
            return ReplayPolicy.INSTANT;
        }
        for (final ReplayPolicy value : ReplayPolicy.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }

    static PriorityPolicy priorityPolicy(final String word) {
        if (word == null || word.isEmpty()) {
            return PriorityPolicy.NONE;
        }
        for (final PriorityPolicy value : PriorityPolicy.values()) {
            if (value.json().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new JsonException("can not unmarshal \"" + word + "\"");
    }
}
