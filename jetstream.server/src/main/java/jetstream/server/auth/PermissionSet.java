package jetstream.server.auth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.engine.subject.SubjectMatcher;
import jetstream.engine.subject.SubjectTrie;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.ResponsePermission;
import jetstream.server.conf.SubjectRule;

/**
 * What a user may do, ready for questions about subjects in byte form. Shared by all connections of the user. Owner:
 * node thread.
 *
 * @see "spec/auth-accounts.md section 3"
 */
public final class PermissionSet {
    private static final Rule[] NO_RULES = new Rule[0];

    private final SubjectTrie<Boolean> publishAllow;
    private final SubjectTrie<Boolean> publishDeny;
    private final Rule[] subscribeAllow;
    private final Rule[] subscribeDeny;
    private final SubjectTrie<Boolean> deliveryDeny;
    private final ResponsePermission responses;
    private final DecisionCache publishCache = new DecisionCache();
    private final DecisionCache deliveryCache = new DecisionCache();

    /**
     * Compiles a configuration.
     *
     * @param config rules
     */
    public PermissionSet(final PermissionsConfig config) {
        responses = config.responses().orElse(null);
        final boolean hasAllow = config.publish().allow().isPresent() || responses != null;
        publishAllow = hasAllow ? trie(config.publish().allow().orElse(List.of())) : null;
        publishDeny = trie(config.publish().deny());
        subscribeAllow = rules(config.subscribe().allow().orElse(List.of()));
        subscribeDeny = rules(config.subscribe().deny());
        deliveryDeny = trie(config.subscribe().deny().stream().filter(rule -> rule.queue().isEmpty()).toList());
    }

    /** What is allowed as an answer to a request, or null. */
    public ResponsePermission responses() {
        return responses;
    }

    /**
     * Tells whether a subject may be published to. Answers to requests are not looked at.
     *
     * @param subject literal subject
     * @param length  number of its bytes
     * @return true if allowed
     */
    public boolean canPublish(final byte[] subject, final int length) {
        final int slot = publishCache.slot(subject, length);
        if (publishCache.has(slot, subject, length)) {
            return publishCache.answer(slot);
        }
        final boolean isAllowed = publishAllow == null || publishAllow.matchesAny(subject, length);
        return publishCache.put(slot, subject, length, isAllowed && !publishDeny.matchesAny(subject, length));
    }

    /**
     * Tells whether a pattern may be subscribed to.
     *
     * @param pattern     pattern
     * @param queueOrNull queue group, or null
     * @return true if allowed
     */
    public boolean canSubscribe(final byte[] pattern, final byte[] queueOrNull) {
        final boolean isAllowed = subscribeAllow.length == 0 || isCovered(subscribeAllow, pattern, queueOrNull);
        return isAllowed && !isCovered(subscribeDeny, pattern, queueOrNull);
    }

    /**
     * Tells whether some messages of an allowed pattern are denied, so that each must be looked at.
     *
     * @param pattern pattern
     * @return true if so
     */
    public boolean needsDeliveryFilter(final byte[] pattern) {
        for (final Rule rule : subscribeDeny) {
            if (rule.queue == null
                    && SubjectMatcher.overlaps(pattern, pattern.length, rule.subject, rule.subject.length)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether a message must not be delivered.
     *
     * @param subject literal subject
     * @param length  number of its bytes
     * @return true if denied
     */
    public boolean deniesDelivery(final byte[] subject, final int length) {
        final int slot = deliveryCache.slot(subject, length);
        if (deliveryCache.has(slot, subject, length)) {
            return deliveryCache.answer(slot);
        }
        return deliveryCache.put(slot, subject, length, deliveryDeny.matchesAny(subject, length));
    }

    /**
     * A rule with a queue decides for queue subscriptions that it covers; where none does, rules without a queue
     * decide.
     */
    private static boolean isCovered(final Rule[] rules, final byte[] pattern, final byte[] queue) {
        boolean isPlainCovered = false;
        boolean hasQueueRule = false;
        boolean isQueueCovered = false;
        for (final Rule rule : rules) {
            if (!SubjectMatcher.covers(rule.subject, rule.subject.length, pattern, pattern.length)) {
                continue;
            }
            if (rule.queue == null) {
                isPlainCovered = true;
            } else if (queue != null) {
                hasQueueRule = true;
                isQueueCovered |= SubjectMatcher.covers(rule.queue, rule.queue.length, queue, queue.length);
            }
        }
        return hasQueueRule ? isQueueCovered : isPlainCovered;
    }

    private static SubjectTrie<Boolean> trie(final List<SubjectRule> rules) {
        final SubjectTrie<Boolean> trie = new SubjectTrie<>();
        for (final SubjectRule rule : rules) {
            final byte[] subject = rule.subject().getBytes(StandardCharsets.UTF_8);
            trie.put(subject, subject.length, Boolean.TRUE);
        }
        return trie;
    }

    private static Rule[] rules(final List<SubjectRule> rules) {
        return rules.isEmpty() ? NO_RULES : rules.stream().map(Rule::new).toArray(Rule[]::new);
    }

    /** One entry in byte form; queue null means that it is not about queues. */
    private static final class Rule {
        private final byte[] subject;
        private final byte[] queue;

        Rule(final SubjectRule rule) {
            subject = rule.subject().getBytes(StandardCharsets.UTF_8);
            queue = rule.queue().isEmpty() ? null : rule.queue().getBytes(StandardCharsets.UTF_8);
        }
    }
}
