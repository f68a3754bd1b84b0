package jetstream.engine.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Renaming of subjects (spec/streams.md section 8). */
class SubjectMappingTest {
    private static String map(final String src, final String dest, final String subject) {
        final SubjectMapping mapping = SubjectMapping.of(src, dest);
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final int length = mapping.apply(bytes, bytes.length, 12);
        return length < 0 ? "-" : new String(mapping.result(), 0, length, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a|b|a|b", "a|b|c|-", "a|b|a.c|-", ">|x.>|a.b|x.a.b", "|x.>|a|x.a", "$KV.O.>|$KV.B.>|$KV.O.k.l|$KV.B.k.l",
        "a.>|b.>|a|-", "*.*|$2.$1|a.b|b.a", "*.x.*|{{wildcard(2)}}.{{ Wildcard(1) }}|1.x.22|22.1",
        "a.*.>|$1.>|a.b.c.d|b.c.d",
        "a.*|{{SplitFromLeft(1,2)}}|a.12345|12.345", "a.*|{{splitfromright(1,2)}}|a.12345|123.45",
        "a.*|{{SliceFromLeft(1,3)}}|a.1234567890|123.456.789.0",
        "a.*|{{slicefromright(1,3)}}|a.1234567890|1.234.567.890",
        "a.*|{{split(1,-)}}|a.-x--yy-|x.yy", "a.*|{{left(1,2)}}.{{right(1,3)}}|a.12345|12.345",
        "a.*|{{left(1,9)}}|a.12|12",
        "a.*|{{random(5)}}|a.x|2", "a.>|new|a.b.c|new",
        "a.1||a.1|a.1", "a.*.x.>||a.b.x.c.d|a.b.x.c.d", "||a.b|a.b", "*||a.b|-"})
    void subjectIsMapped(final String src, final String dest, final String subject, final String expected) {
        assertEquals(expected, map(src == null ? "" : src, dest == null ? "" : dest, subject));
    }

    @Test
    void partitionIsTheRemainderOfFnv1a() {
        assertEquals("p." + (0xe40c292cL % 10), map("a.*", "p.{{partition(10,1)}}", "a.a"));
        assertEquals(map("*.*", "{{partition(1000,1,2)}}", "foo.bar"),
                map("*.*", "{{Partition(1000,1,2)}}", "fo.obar"));
    }

    @Test
    void nonsenseIsRefused() {
        for (final String dest : new String[] {"$2", "{{wildcard(0)}}", "{{nonsense(1)}}", "*", "a..b", "{{left(1)}}",
            "{{partition(x,1)}}", ">"}) {
            assertThrows(IllegalArgumentException.class, () -> SubjectMapping.of("a.*", dest), dest);
        }
    }
}
