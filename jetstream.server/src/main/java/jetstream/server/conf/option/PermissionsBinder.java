package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.ResponsePermission;
import jetstream.server.conf.SubjectRule;
import jetstream.server.conf.SubjectRules;
import jetstream.server.conf.syntax.ConfValue;

/** Binds a permissions block. */
final class PermissionsBinder {

    private final BlockReader block;

    PermissionsBinder(final BlockReader block) {
        this.block = block;
    }

    static Optional<PermissionsConfig> read(final BlockReader owner, final String key) {
        return owner.block(key, "permissions").map(block -> new PermissionsBinder(block).bind());
    }

    private PermissionsConfig bind() {
        final Optional<ResponsePermission> responses = responses();
        final SubjectRules publish = rules("publish", false);
        final boolean isImplied = responses.isPresent() && publish.allow().isEmpty();
        return new PermissionsConfig(
                isImplied ? new SubjectRules(Optional.of(List.of()), publish.deny()) : publish,
                rules("subscribe", true),
                responses);
    }

    private SubjectRules rules(final String key, final boolean mayHaveQueue) {
        final Optional<ConfValue.Field> field = block.field(key);
        if (field.isEmpty()) {
            return SubjectRules.ANY;
        }
        if (field.get().value() instanceof ConfValue.Block) {
            final BlockReader sides = block.block(key, "subjects").orElseThrow();
            return new SubjectRules(
                    sides.has("allow") ? Optional.of(entries(sides, "allow", mayHaveQueue)) : Optional.empty(),
                    entries(sides, "deny", mayHaveQueue));
        }
        return new SubjectRules(Optional.of(entries(block, key, mayHaveQueue)), List.of());
    }

    private static List<SubjectRule> entries(final BlockReader from, final String key, final boolean mayHaveQueue) {
        final List<SubjectRule> all = new ArrayList<>();
        for (final String text : from.texts(key)) {
            final String[] parts = text.strip().split("[ \\t]+");
            if (!isSubject(parts[0]) || parts.length > (mayHaveQueue ? 2 : 1)) {
                from.error(key, "\"" + text + "\" is not a valid subject of a permission");
            } else {
                all.add(new SubjectRule(parts[0], parts.length == 2 ? parts[1] : ""));
            }
        }
        return all;
    }

    private static boolean isSubject(final String subject) {
        final String[] tokens = subject.split("\\.", -1);
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].isEmpty() || ">".equals(tokens[i]) && i < tokens.length - 1) {
                return false;
            }
        }
        return true;
    }

    private Optional<ResponsePermission> responses() {
        final Optional<ConfValue.Field> field = block.field("allow_responses");
        if (field.isEmpty()) {
            return Optional.empty();
        }
        return switch (field.get().value()) {
            case ConfValue.Flag flag -> flag.isSet() ? Optional.of(ResponsePermission.DEFAULT) : Optional.empty();
            case ConfValue.Block map -> Optional.of(limits(new BlockReader("allow_responses", map, block.problems())));
            default -> {
                block.error("allow_responses", "allow_responses must be true, false or a map");
                yield Optional.empty();
            }
        };
    }

    private static ResponsePermission limits(final BlockReader map) {
        final ResponsePermission old = ResponsePermission.DEFAULT;
        final int count = map.count("max", old.maxMessages());
        final long expiresNs = map.durationNs("expires", old.expiresNs());
        // Zero means the default, as in the reference.
        return new ResponsePermission(
                count == 0 ? old.maxMessages() : count, expiresNs == 0 ? old.expiresNs() : expiresNs);
    }
}
