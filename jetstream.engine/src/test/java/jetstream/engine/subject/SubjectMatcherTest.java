package jetstream.engine.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SubjectMatcherTest {
    @ParameterizedTest
    @CsvSource({"a,true", "a.b,true", "a.*.c,true", "a.>,true", ">,true", "*,true", "fo*.b,true", "a.>b,true",
        "a..b,false", ".a,false", "a.,false", "'',false", "a.>.b,false", "'a b',false"})
    void patternsAreValidByTheirTokens(final String pattern, final boolean expected) {
        assertEquals(expected, SubjectMatcher.isValidPattern(bytes(pattern), pattern.length()));
    }

    @ParameterizedTest
    @CsvSource({"a.b,true", "a.*,false", "a.>,false", "fo*,true", "a.>b,true", "*,false", ">,false"})
    void wildcardsAreWholeTokens(final String subject, final boolean expected) {
        assertEquals(expected, SubjectMatcher.isLiteral(bytes(subject), subject.length()));
    }

    @ParameterizedTest
    @CsvSource({"a.b,a.b,true", "a.*,a.b,true", "a.>,a.b.c,true", "a.>,a,false", "a.*,a.b.c,false", ">,a,true",
        "a.*,a.*,true", "a.*,a.>,false", "a.>,a.*,true", "a.>,a.>,true", "*.b,a.b,true", "*.b,a.c,false",
        "a.b,a.*,false", "*.*,*.b,true", "a,a.b,false"})
    void coveringIsASubsetRelation(final String outer, final String inner, final boolean expected) {
        assertEquals(expected,
                SubjectMatcher.covers(bytes(outer), outer.length(), bytes(inner), inner.length()));
    }

    @ParameterizedTest
    @CsvSource({"a.b,a.b,true", "a.*,*.b,true", "a.*,b.*,false", "a.>,a.b.c,true", "a.*,a.b.c,false", "*.c,a.>,true",
        ">,a,true", "a.>,a,false"})
    void overlapIsSymmetric(final String a, final String b, final boolean expected) {
        assertEquals(expected, SubjectMatcher.overlaps(bytes(a), a.length(), bytes(b), b.length()));
        assertEquals(expected, SubjectMatcher.overlaps(bytes(b), b.length(), bytes(a), a.length()));
    }

    @Test
    void trieFindsWhatMatchingOneByOneFinds() {
        final long seed = 20_260_101L;
        final Random random = new Random(seed);
        final SubjectTrie<String> trie = new SubjectTrie<>();
        final TreeSet<String> model = new TreeSet<>();
        for (int round = 0; round < 20_000; round++) {
            final String pattern = pattern(random);
            if (random.nextInt(3) == 0) {
                final boolean wasThere = model.remove(pattern);
                assertEquals(wasThere, trie.remove(bytes(pattern), pattern.length()) != null, "seed " + seed);
            } else {
                model.add(pattern);
                trie.put(bytes(pattern), pattern.length(), pattern);
            }
            assertEquals(model.size(), trie.size());
            if (round % 20 == 0) {
                compare(trie, model, literal(random));
            }
        }
        final List<String> all = new ArrayList<>();
        trie.forEach((key, value) -> {
            assertEquals(value, new String(key, StandardCharsets.US_ASCII));
            all.add(value);
        });
        all.sort(null);
        assertEquals(new ArrayList<>(model), all);
    }

    @Test
    void emptyTokensMatchNothing() {
        final SubjectTrie<String> trie = new SubjectTrie<>();
        trie.put(bytes(">"), 1, ">");
        for (final String subject : List.of("", ".", "a.", ".a", "a..b")) {
            assertEquals(false, trie.matchesAny(bytes(subject), subject.length()), subject);
        }
        assertEquals(true, trie.matchesAny(bytes("a.b"), 3));
    }

    private static void compare(final SubjectTrie<String> trie, final TreeSet<String> model, final String subject) {
        final List<String> found = new ArrayList<>();
        trie.match(bytes(subject), subject.length(), found);
        found.sort(null);
        final List<String> expected = model.stream()
                .filter(p -> SubjectMatcher.covers(bytes(p), p.length(), bytes(subject), subject.length()))
                .toList();
        assertEquals(expected, found, subject);
        assertEquals(!expected.isEmpty(), trie.matchesAny(bytes(subject), subject.length()));
    }

    private static String pattern(final Random random) {
        final StringBuilder text = new StringBuilder(literal(random));
        for (int i = 0; i < text.length(); i += 2) {
            if (random.nextInt(4) == 0) {
                text.setCharAt(i, '*');
            }
        }
        return random.nextInt(4) == 0 ? text + ".>" : text.toString();
    }

    private static String literal(final Random random) {
        final StringBuilder text = new StringBuilder();
        final int tokens = 1 + random.nextInt(4);
        for (int i = 0; i < tokens; i++) {
            text.append(i == 0 ? "" : ".").append((char) ('a' + random.nextInt(12)));
        }
        return text.toString();
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
