package jetstream.server.route;

import java.util.ArrayList;
import java.util.List;
import jetstream.engine.subject.SubjectMapping;

/**
 * Renames subjects that clients of an account publish to, before they are matched; the first row that fits decides, and
 * the new subject is not looked at again. Owner: node thread.
 *
 * @see "spec/auth-accounts.md section 8"
 */
public final class SubjectMappings {
    private final List<SubjectMapping> rows = new ArrayList<>();
    private long random = 1;

    /** No row. */
    public SubjectMappings() {
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    public void add(final String source, final String target) {
        rows.add(SubjectMapping.of(source, target));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void apply(final Msg msg) {
        random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        for (int i = 0; i < rows.size(); i++) {
            final SubjectMapping row = rows.get(i);
            final int length = row.apply(msg.subject(), msg.subjectLength(), random >>> 1);
            if (length >= 0) {
                msg.subject(row.result(), 0, length);
                return;
            }
        }
    }
}
