package jetstream.server.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.SubjectRule;
import jetstream.server.conf.SubjectRules;
import jetstream.server.jwt.Jwt;

/**
 * Permissions of a scoped signing key, whose subjects may hold variables such as {@code {{name()}}}. A variable with
 * several values makes several subjects; one without values makes none.
 */
final class ScopeTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([a-z-]+)\\(([^)]*)\\)\\s*}}");
    private static final int SUBJECTS_MAX = 4096;

    private ScopeTemplate() {
    }

    static PermissionsConfig fill(final PermissionsConfig template, final Jwt user, final Jwt account) {
        return new PermissionsConfig(fill(template.publish(), user, account),
                fill(template.subscribe(), user, account), template.responses());
    }

    private static SubjectRules fill(final SubjectRules rules, final Jwt user, final Jwt account) {
        final Optional<List<SubjectRule>> allow = rules.allow().map(list -> fill(list, user, account));
        final List<SubjectRule> deny = new ArrayList<>(fill(rules.deny(), user, account));
        if (allow.isPresent() && allow.get().isEmpty() && !rules.allow().orElseThrow().isEmpty()) {
            deny.add(new SubjectRule(">")); // nothing is left of what was allowed: an empty list would allow all
        }
        return new SubjectRules(allow, deny);
    }

    private static List<SubjectRule> fill(final List<SubjectRule> rules, final Jwt user, final Jwt account) {
        final List<SubjectRule> all = new ArrayList<>();
        for (final SubjectRule rule : rules) {
            for (final String subject : expand(rule.subject(), user, account)) {
                all.add(new SubjectRule(subject, rule.queue()));
            }
        }
        return all;
    }

    private static List<String> expand(final String subject, final Jwt user, final Jwt account) {
        List<String> all = List.of(subject);
        Matcher variable = VARIABLE.matcher(subject);
        while (variable.find()) {
            final List<String> values = values(variable.group(1), variable.group(2).strip(), user, account);
            final List<String> next = new ArrayList<>();
            for (final String one : all) {
                for (final String value : values) {
                    if (value.contains("{{")) {
                        return List.of(); // a value is no template of its own
                    }
                    next.add(one.replace(variable.group(), value));
                }
            }
            all = next;
            if (all.isEmpty() || all.size() > SUBJECTS_MAX) {
                return List.of();
            }
            variable = VARIABLE.matcher(all.getFirst());
        }
        return all;
    }

    private static List<String> values(final String name, final String argument, final Jwt user, final Jwt account) {
        return switch (name) {
            case "name" -> List.of(user.name());
            case "subject" -> List.of(user.subject());
            case "account-name" -> List.of(account.name());
            case "account-subject" -> List.of(account.subject());
            case "tag" -> tags(user, argument);
            case "account-tag" -> tags(account, argument);
            default -> List.of();
        };
    }

    private static List<String> tags(final Jwt jwt, final String name) {
        final String prefix = name.toLowerCase(Locale.ROOT) + ':';
        return jwt.nats().texts("tags").stream().filter(tag -> tag.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(tag -> tag.substring(prefix.length())).toList();
    }
}
