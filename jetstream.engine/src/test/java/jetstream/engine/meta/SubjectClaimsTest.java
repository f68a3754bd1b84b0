package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectClaimsTest {
    private static final int STEPS = 2_000;
    private static final int TOKENS_MAX = 4;
    private static final List<String> TOKENS = List.of("a", "b", "c", "*", "*", ">");

    private final SubjectClaims claims = new SubjectClaims();

    /** A pattern of few tokens over a small alphabet, so that many of them meet. */
    private static String pattern(final SplittableRandom random) {
        final List<String> tokens = new ArrayList<>();
        final int count = 1 + random.nextInt(TOKENS_MAX);
        while (tokens.size() < count && (tokens.isEmpty() || !tokens.getLast().equals(">"))) {
            tokens.add(TOKENS.get(random.nextInt(TOKENS.size())));
        }
        return String.join(".", tokens);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void answerIsThatOfComparingAllPairs(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<String, List<String>> streams = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            final String name = "S" + random.nextInt(12);
            final List<String> subjects = List.of(pattern(random), pattern(random));
            final boolean expected = streams.entrySet().stream().anyMatch(
                    other -> !other.getKey().equals(name) && Subjects.anyOverlap(other.getValue(), subjects));

            assertEquals(expected, claims.overlaps(name, subjects),
                    "seed " + seed + ", step " + step + ": " + subjects + " beside " + streams);

            final List<String> before = streams.remove(name);
            if (before != null) {
                claims.remove(name, before);
            }
            if (random.nextInt(3) == 0) {
                streams.put(name, subjects);
                claims.add(name, subjects);
            }
        }
    }

    @Test
    void streamDoesNotStandInItsOwnWay() {
        claims.add("A", List.of("a.>"));

        assertFalse(claims.overlaps("A", List.of("a.b")));
        assertTrue(claims.overlaps("B", List.of("a.b")));
    }

    @Test
    void patternOfThousandsOfTokensIsNoTrouble() {
        final String deep = "a.".repeat(30_000);

        claims.add("A", List.of(deep + "b"));

        assertTrue(claims.overlaps("B", List.of(deep + "*")));
        assertTrue(claims.overlaps("B", List.of(">")));
        claims.remove("A", List.of(deep + "b"));
        assertFalse(claims.overlaps("B", List.of(">")));
    }
}
