package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectsTest {
    @ParameterizedTest
    @CsvSource({"a,a,true", "a,b,false", "a.*,a.b,true", "a.>,a.b.c,true", "a.*.c,*.b.*,true", "a.b,a.b.c,false",
        "a.>,a,false",
        "*.x,y.*,true", ">,a.b,true", "a.*,b.*,false"})
    void overlapMeansThatSomeSubjectMatchesBoth(final String left, final String right, final boolean expected) {
        assertEquals(expected, Subjects.overlap(left, right));
        assertEquals(expected, Subjects.overlap(right, left));
    }

    @ParameterizedTest
    @CsvSource({"a.b,a.*,true", "a.*,a.b,false", "a.b.c,a.>,true", "a.>,a.>,true", "a,a.>,false", "a.>,a.*,false",
        "a.b,a.b,true"})
    void coveredMeansThatEverySubjectMatches(final String pattern, final String cover, final boolean expected) {
        assertEquals(expected, Subjects.isCovered(pattern, cover));
    }

    @ParameterizedTest
    @CsvSource({"a,true", "a..b,false", ".a,false", "a.>.b,false", "a.>,true", "'a b',false", "'',false"})
    void patternHasNoEmptyTokensAndNoBlanks(final String subject, final boolean expected) {
        assertEquals(expected, Subjects.isValid(subject));
    }
}
