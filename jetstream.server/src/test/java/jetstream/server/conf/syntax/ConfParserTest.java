package jetstream.server.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row per corner of the grammar: what a text means, or how it is refused. */
final class ConfParserTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SIZE", "1KB", "YES", "true", "SPACED", "'two words'", "LOOP", "$LOOP", "BAD", "two words", "HOP", "$SIZE");

    @TempDir Path directory;

    private static String shown(final String text) {
        return show(ConfParser.parse(text, ENVIRONMENT::get));
    }

    private static String show(final ConfValue value) {
        return switch (value) {
            case ConfValue.Text text -> "'" + text.text().replace("\n", "\\n") + "'";
            case ConfValue.Whole whole -> "i" + whole.number();
            case ConfValue.Real real -> "f" + real.number();
            case ConfValue.Flag flag -> String.valueOf(flag.isSet());
            case ConfValue.Date date -> "@" + date.text();
            case ConfValue.Items items ->
                items.items().stream().map(ConfParserTest::show).collect(Collectors.joining(" ", "[", "]"));
            case ConfValue.Block block -> block.all().stream()
                    .map(field -> field.key() + "=" + show(field.value()))
                    .collect(Collectors.joining(" ", "{", "}"));
        };
    }

    // Rows are text | meaning; ~ stands for a new line and ^ for a double quote.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                          | {}
            { ^a^: 1, ^b^: [^x^] }      | {a=i1 b=['x']}
            {~a=1~}~                    | {a=i1}
            a=foo#bar                   | {a='foo#bar'}
            a=http://x                  | {a='http://x'}
            a=1#x                       | {a='1#x'}
            a=1 # x                     | {a=i1}
            a=1 // x~b=2                | {a=i1 b=i2}
            # x~// y~a=1                | {a=i1}
            a { # x~b=1 // y~}          | {a={b=i1}}
            a [ # x~1 // y~2~]          | {a=[i1 i2]}
            a 1                         | {a=i1}
            a : 1                       | {a=i1}
            a~=1                        | {a=i1}
            a~1                         | {a=i1}
            a=1;b=2,c=3                 | {a=i1 b=i2 c=i3}
            a {b=1,c=2;}                | {a={b=i1 c=i2}}
            a [1,2,]                    | {a=[i1 i2]}
            a=[1,2,3]                   | {a=[i1 i2 i3]}
            a=[1K]                      | {a=[i1000]}
            a=[a,b]                     | {a=['a' 'b']}
            a=[a~b]                     | {a=['a' 'b']}
            a=[[1],[2]]                 | {a=[[i1] [i2]]}
            ^a b^ 1                     | {a b=i1}
            'a=b' = 1                   | {a=b=i1}
            ^a^{b=1}                    | {a={b=i1}}
            a{ b=1                      | {a{='b=1'}
            A=1~a=2                     | {A=i1 a=i2}
            a=1~b=2~a=3                 | {a=i3 b=i2}
            a=true~b=YES~c=On           | {a=true b=true c=true}
            a=false~b=no~c=OFF          | {a=false b=false c=false}
            a=^true^                    | {a='true'}
            a=-7                        | {a=i-7}
            a=9223372036854775807       | {a=i9223372036854775807}
            a=10EB                      | {a=i-6917529027641081856}
            a=1.5~b=-0.25               | {a=f1.5 b=f-0.25}
            a=1k~b=1Kb~c=1KI~d=1kib     | {a=i1000 b=i1024 c=i1024 d=i1024}
            a=1m~b=2MB                  | {a=i1000000 b=i2097152}
            a=1g~b=1gib                 | {a=i1000000000 b=i1073741824}
            a=1t~b=1TB~c=1p~d=1e        | {a=i1000000000000 b=i1099511627776 c=i1000000000000000 d=i1000000000000000000}
            a=-1KB                      | {a=i-1024}
            a=2m                        | {a=i2000000}
            a=10s~b=1h~c=1e5~d=0x10     | {a='10s' b='1h' c='1e5' d='0x10'}
            a=1_000~b=5e7bcd~c=1KK      | {a='1_000' b='5e7bcd' c='1KK'}
            a=2016-05-04T18:53:41Z      | {a=@2016-05-04T18:53:41Z}
            a=127.0.0.1~b=127.0.0.1:4222| {a='127.0.0.1' b='127.0.0.1:4222'}
            a=0.0.0.0:-1                | {a='0.0.0.0:-1'}
            a=^[::1]:4222^              | {a='[::1]:4222'}
            a='x~\\n^y'                 | {a='x\\n\\n^y'}
            a=^x\\ty\\^z\\\\^           | {a='x\ty^z\\'}
            a=^\\xC3\\xA9^              | {a='é'}
            a=^x~y^                     | {a='x\\ny'}
            a=é                         | {a='é'}
            a=foo\\tbar                 | {a='foo\tbar'}
            a=foo'                      | {a='foo'}
            a (~ x ^~)~                 | {a='\\n x ^\\n'}
            a (~ x)~)                   | {a='\\n x)\\n'}
            a=                          | {a=''}
            a=null                      | {a='null'}
            x=5~a=$x                    | {x=i5 a=i5}
            x=5~a {y=$x}                | {x=i5 a={y=i5}}
            x=5~a {x=6~y=$x}            | {x=i5 a={x=i6 y=i6}}
            a=$SIZE~b=$YES~c=$SPACED    | {a=i1024 b=true c='two words'}
            a=$HOP                      | {a=i1024}
            a=^$SIZE^~b=x$SIZE          | {a='$SIZE' b='x$SIZE'}
            a=$2a$11$abc./d             | {a='$2a$11$abc./d'}
            a {$SYS {b=1}}              | {a={$SYS={b=i1}}}
            a=1 b=2 c {d=1}             | {a=i1 b=i2 c={d=i1}}
            a {b: 1 c: x d [1]} e=2     | {a={b=i1 c='x' d=[i1]} e=i2}
            a [ nats://x:1 nats://y:2 ] | {a=['nats://x:1' 'nats://y:2']}
            a [ {b=1} {b=2} ]           | {a=[{b=i1} {b=i2}]}
            """)
    void textMeans(final String text, final String meaning) {
        assertEquals(unescape(meaning), shown(unescape(text)));
    }

    private static String unescape(final String text) {
        return text.replace('~', '\n').replace('^', '"');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a=~b                  | Parse error on line 1: 'Expected value but found new line' (config:1:2)
            a=1~  b=1.5MB         | Parse error on line 2: 'Expected a top-level value to end with a new line
            a=1 b                 | Parse error on line 1: 'Expected a top-level value to end with a new line
            a=1 b 2               | but got 'b' instead' (config:1:4)
            a=^x^b=1              | but got 'b' instead' (config:1:5)
            a {b=1 c 2}           | Expected a map value terminator
            a=[1 2]               | Expected an array value terminator
            a=[^x^ ^y^]           | Expected an array value terminator
            a=[,1]                | Unexpected array value terminator ','
            a=[1,,2]              | Unexpected array value terminator ','
            a=[1                  | is not closed
            a {b=1                | '{' of line 1 is not closed
            a {]                  | Unexpected array end ']' processing map
            a {=1}                | Unexpected key separator '='
            =1                    | Unexpected key separator '='
            a                     | config is invalid (config:1:1)
            a=.5                  | Floats must start with a digit
            a=1.                  | Floats must have a digit after the '.'
            a=-x                  | Expected a digit but got 'x'
            a=9223372036854775808 | integer '9223372036854775808' is out of the range
            a=2016-05-04          | YYYY-MM-DDThh:mm:ssZ
            a=12-3                | YYYY-MM-DDThh:mm:ssZ
            a=^x\\qy^             | Invalid escape character 'q'
            a=^\\xZZ^             | two hexadecimal digits
            a=^x                  | Parse error on line 1: 'Unexpected end of file: double-quoted string
            ~a='x                 | (config:2:3)
            ^a                    | quoted key is not closed
            a (~x                 | Unexpected end of file: block
            a=$NOPE               | variable reference for 'NOPE' on line 1 can not be found
            ~a=$b~b=1             | variable reference for 'b' on line 2 can not be found
            a=$LOOP               | variable reference cycle for 'LOOP'
            a=$BAD                | variable reference for 'BAD' on line 1 could not be parsed
            a=$2b$11$abc          | variable reference for '2b$11$abc'
            a=${X}                | variable reference for '{X'
            include ~x            | Expected include value but found new line
            include nope.conf     | error parsing include file 'nope.conf', open nope.conf: no such file or directory
            """)
    void textIsRefused(final String text, final String message) {
        final ConfSyntaxException error = assertThrows(ConfSyntaxException.class, () -> shown(unescape(text)));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void byteOrderMarkIsPartOfTheFirstKeyAndNulEndsTheText() {
        assertEquals("{\ufeffa=i1}", shown("\ufeffa=1\n\0b=2"));
    }

    @Test
    void carriageReturnsEndLines() {
        assertEquals("{a=i1 b={c='x'}}", shown("a=1\r\nb {\r\n c=x\r\n}\r\n"));
    }

    @Test
    void includeMergesIntoTheCurrentMapFromTheDirectoryOfTheIncludingFile() throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        Files.writeString(directory.resolve("main.conf"), "a=1\nc {\n INCLUDE 'sub/one.conf'\n z=9 }\n");
        Files.writeString(directory.resolve("sub/one.conf"), "a=2\ninclude two.conf\n");
        Files.writeString(directory.resolve("sub/two.conf"), "b=3");
        assertEquals(
                "{a=i1 c={a=i2 b=i3 z=i9}}", show(ConfParser.parse(directory.resolve("main.conf"), ENVIRONMENT::get)));
    }

    @Test
    void errorsOfIncludedFilesNameBothFiles() throws IOException {
        Files.writeString(directory.resolve("main.conf"), "include one.conf");
        Files.writeString(directory.resolve("one.conf"), "\na=[1 2]");
        final String message = assertThrows(
                ConfSyntaxException.class,
                () -> ConfParser.parse(directory.resolve("main.conf"), ENVIRONMENT::get))
                .getMessage();
        assertTrue(message.startsWith("error parsing include file 'one.conf', Parse error on line 2"), message);
    }

    @Test
    void includedHoconIsReadAsHocon() throws IOException {
        Files.writeString(directory.resolve("main.conf"), "a=1\njetstream {\n include plug-ins.hocon\n}");
        Files.writeString(
                directory.resolve("plug-ins.hocon"), "x = 2m\nraft.b = 5\nraft.c = ${raft.b}\nd = [true, 1.5]\n");
        final ConfValue.Block block = ConfParser.parse(directory.resolve("main.conf"), ENVIRONMENT::get);
        final ConfValue.Block inner = (ConfValue.Block) block.fields().get("jetstream").value();
        assertEquals("'2m'", show(inner.fields().get("x").value()));
        assertEquals("{b=i5 c=i5}", show(inner.fields().get("raft").value()));
        assertEquals("[true f1.5]", show(inner.fields().get("d").value()));
        assertEquals(4, inner.fields().get("d").origin().line());
    }

    @Test
    void fileThatIncludesItselfIsRefused() throws IOException {
        Files.writeString(directory.resolve("main.conf"), "include main.conf");
        final String message = assertThrows(
                ConfSyntaxException.class,
                () -> ConfParser.parse(directory.resolve("main.conf"), ENVIRONMENT::get))
                .getMessage();
        assertTrue(message.contains("nested deeper than 32"), message);
    }

    @Test
    void columnsCountFromZeroOnTheFirstLineAndFromOneOnOthers() {
        final ConfValue.Block block = ConfParser.parse("a=1\n bc { d = 2 }", ENVIRONMENT::get);
        assertEquals("config:1:0", block.fields().get("a").origin().toString());
        assertEquals("config:2:2", block.fields().get("bc").origin().toString());
    }

    @Test
    void keysThatServeAsVariablesAreMarked() {
        final ConfValue.Block block = ConfParser.parse("x=1\ny=2\na {b=$x}", ENVIRONMENT::get);
        assertTrue(block.fields().get("x").usedAsVariable());
        assertEquals(false, block.fields().get("y").usedAsVariable());
    }

    @Test
    void digestIsThatOfTheReferenceAndIgnoresLayout() {
        final String seed = "sha256:3efb49ad92b2f97e76253101670f8ab1961cfc1fd53f65e632288d1b8b64354b";
        assertEquals(seed, ConfDigest.of(ConfParser.parse(seed("n1-c1.conf"), ENVIRONMENT::get)));
        assertEquals(seed, ConfDigest.of(ConfParser.parse(seed("n1-c1.oneline.conf"), ENVIRONMENT::get)));
    }

    @Test
    void digestHoldsVariablesAndEscapesAsTheReferenceDoes() {
        // What nats-server 2.15.2 -t prints for this text.
        final String text = "perm { deny: \"a.>\" }\nauthorization { users [ {user: 'x<&\u00e9', "
                + "password: \"t\\t\\x01\","
                + " permissions: {publish: $perm}} ] }\nping_max: 3\nmax_payload: 1KB\ndebug: yes\n";
        assertEquals(
                "sha256:392e242a272b58d18c057a1435e53f2dc3924242409427dc491116856afc010c",
                ConfDigest.of(ConfParser.parse(text, ENVIRONMENT::get)));
    }

    private static Path seed(final String name) {
        return Path.of("src/test/resources/seeds", name);
    }

    @ParameterizedTest
    @CsvSource({
        "1h30m, 5400000000000", "1.5s, 1500000000", "-2ms, -2000000", "0, 0", "300us, 300000", "1m0.5s, 60500000000",
        ".5s, 500000000", "2562047h, 9223369200000000000"
    })
    void durationsAreReadAsGoDoes(final String text, final long nanoseconds) {
        assertEquals(nanoseconds, GoDuration.parse(text).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"''", "5", "s", "1d", "1h 30m", "-", "1..5s", "3000000h", ".s"})
    void otherTextsAreNoDurations(final String text) {
        assertTrue(GoDuration.parse(text).isEmpty());
    }
}
