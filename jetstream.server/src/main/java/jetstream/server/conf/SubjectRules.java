package jetstream.server.conf;

import java.util.List;
import java.util.Optional;

/**
 * Allow and deny entries of one direction.
 *
 * @param allow absent if no allow list was written. For publish a present but empty list denies everything;
 *              for subscribe it means unrestricted, as in the reference
 * @param deny  entries that take away again
 */
public record SubjectRules(Optional<List<SubjectRule>> allow, List<SubjectRule> deny) {

    /** No restriction. */
    public static final SubjectRules ANY = new SubjectRules(Optional.empty(), List.of());

    /** Copies the lists. */
    public SubjectRules {
        allow = allow.map(List::copyOf);
        deny = List.copyOf(deny);
    }
}
