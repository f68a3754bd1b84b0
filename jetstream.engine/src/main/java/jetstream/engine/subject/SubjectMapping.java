package jetstream.engine.subject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Renames subjects that match a pattern (spec/streams.md section 8). A token of the target is a literal, a wildcard of
 * the source ({@code $n} or <code>{{wildcard(n)}}</code>), or a function of such: partition, split, splitFromLeft,
 * splitFromRight, sliceFromLeft, sliceFromRight, left, right, random. A target that ends in {@code >} takes over what
 * the source's {@code >} stands for.
 *
 * <p>Works on bytes and allocates nothing per subject. Keeps scratch memory: one thread at a time.
 */
public final class SubjectMapping {
    private static final int NO_MATCH = -1;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private enum Kind {
        LITERAL, WILDCARD, REST, PARTITION, SPLIT, SPLIT_FROM_LEFT, SPLIT_FROM_RIGHT, SLICE_FROM_LEFT, SLICE_FROM_RIGHT,
        LEFT, RIGHT, RANDOM
    }

    /**
     * One token of the target: {@code tokens} are places in the subject, {@code number} what the function was given.
     */
    private record Part(Kind kind, byte[] text, int[] tokens, int number) {
    }

    private final byte[][] source;
    private final Part[] target;
    private int[] starts = new int[32];
    private int tokenCount;
    private byte[] subject;
    private int subjectLength;
    private byte[] out = new byte[256];
    private int outLength;

    private SubjectMapping(final byte[][] source, final Part[] target) {
        this.source = source;
        this.target = target;
    }

    /** The target that gives back what such a source matches. */
    private static String unchanged(final String[] source) {
        final StringJoiner target = new StringJoiner(".");
        int wildcard = 0;
        for (final String token : source) {
            target.add(token.equals("*") ? "{{wildcard(" + ++wildcard + ")}}" : token);
        }
        return target.toString();
    }

    /**
     * The mapping of that source and target; an empty source is {@code >}, an empty target leaves subjects as they are.
     *
     * @throws IllegalArgumentException if they can not be understood; the message says why
     */
    public static SubjectMapping of(final String src, final String dest) {
        final String[] tokens = (src.isEmpty() ? ">" : src).split("\\.", -1);
        final byte[][] source = new byte[tokens.length][];
        final List<Integer> wildcards = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            check(!tokens[i].isEmpty() && (!tokens[i].equals(">") || i == tokens.length - 1), "invalid subject", src);
            source[i] = tokens[i].getBytes(StandardCharsets.UTF_8);
            if (tokens[i].equals("*")) {
                wildcards.add(i);
            }
        }
        final boolean hasRest = tokens[tokens.length - 1].equals(">");
        final String[] targets = (dest.isEmpty() ? unchanged(tokens) : dest).split("\\.(?![^{]*\\}\\})", -1);
        final Part[] parts = new Part[targets.length];
        for (int i = 0; i < targets.length; i++) {
            check(!targets[i].isEmpty(), "invalid transform destination", dest);
            final boolean isRest = targets[i].equals(">");
            check(!isRest || i == targets.length - 1 && hasRest, "'>' without one in the source, or not at the end",
                    dest);
            parts[i] =
                    isRest ? new Part(Kind.REST, null, new int[] {tokens.length - 1}, 0) : part(targets[i], wildcards);
        }
        return new SubjectMapping(source, parts);
    }

    private static void check(final boolean holds, final String what, final String where) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + where);
        }
    }

    private static Part part(final String token, final List<Integer> wildcards) {
        if (token.length() > 1 && token.charAt(0) == '$' && token.substring(1).chars().allMatch(Character::isDigit)) {
            return new Part(Kind.WILDCARD, null, new int[] {wildcard(token.substring(1), wildcards, token)}, 0);
        }
        if (!token.startsWith("{{")) {
            check(!token.equals("*"), "wildcard in a transform destination", token);
            return new Part(Kind.LITERAL, token.getBytes(StandardCharsets.UTF_8), null, 0);
        }
        final int open = token.indexOf('(');
        final int close = token.lastIndexOf(')');
        check(token.endsWith("}}") && open > 0 && close > open, "unknown mapping function", token);
        final String name = token.substring(2, open).strip().toLowerCase(Locale.ROOT);
        final String[] given = token.substring(open + 1, close).split(",", -1);
        return switch (name) {
            case "wildcard" -> new Part(Kind.WILDCARD, null, new int[] {wildcard(given[0], wildcards, token)}, 0);
            case "partition" -> partition(given, wildcards, token);
            case "random" -> new Part(Kind.RANDOM, null, null, number(given, 0, token));
            case "split" -> split(given, wildcards, token);
            case "splitfromleft" -> numbered(Kind.SPLIT_FROM_LEFT, given, wildcards, token);
            case "splitfromright" -> numbered(Kind.SPLIT_FROM_RIGHT, given, wildcards, token);
            case "slicefromleft" -> numbered(Kind.SLICE_FROM_LEFT, given, wildcards, token);
            case "slicefromright" -> numbered(Kind.SLICE_FROM_RIGHT, given, wildcards, token);
            case "left" -> numbered(Kind.LEFT, given, wildcards, token);
            case "right" -> numbered(Kind.RIGHT, given, wildcards, token);
            default -> throw new IllegalArgumentException("unknown mapping function: " + token);
        };
    }

    private static Part partition(final String[] given, final List<Integer> wildcards, final String token) {
        final int[] tokens = new int[given.length - 1];
        for (int i = 1; i < given.length; i++) {
            tokens[i - 1] = wildcard(given[i], wildcards, token);
        }
        return new Part(Kind.PARTITION, null, tokens, number(given, 0, token));
    }

    private static Part split(final String[] given, final List<Integer> wildcards, final String token) {
        check(given.length == 2 && !given[1].isBlank(), "wrong number of arguments", token);
        final String delimiter = given[1].strip();
        return new Part(Kind.SPLIT, delimiter.getBytes(StandardCharsets.UTF_8),
                new int[] {wildcard(given[0], wildcards, token)},
                0);
    }

    private static Part numbered(final Kind kind, final String[] given, final List<Integer> wildcards,
            final String token) {
        check(given.length == 2, "wrong number of arguments", token);
        return new Part(kind, null, new int[] {wildcard(given[0], wildcards, token)}, number(given, 1, token));
    }

    private static int number(final String[] given, final int at, final String token) {
        check(at < given.length && given[at].strip().matches("[0-9]{1,9}"), "argument is not a number", token);
        final int number = Integer.parseInt(given[at].strip());
        check(number > 0, "argument must be positive", token);
        return number;
    }

    private static int wildcard(final String given, final List<Integer> wildcards, final String token) {
        check(given.strip().matches("[0-9]{1,9}"), "argument is not a number", token);
        final int which = Integer.parseInt(given.strip());
        check(which >= 1 && which <= wildcards.size(), "wildcard index out of range", token);
        return wildcards.get(which - 1);
    }

    /**
     * Renames the subject in the first bytes of an array. The new one is in {@link #result()}.
     *
     * @param random any number; which one {@code random(n)} gives follows from it
     * @return length of the new subject; -1 if the subject does not match
     */
    public int apply(final byte[] newSubject, final int length, final long random) {
        subject = newSubject;
        subjectLength = length;
        if (!matches()) {
            return NO_MATCH;
        }
        outLength = 0;
        for (int i = 0; i < target.length; i++) {
            if (i > 0) {
                put((byte) '.');
            }
            write(target[i], random);
        }
        return outLength;
    }

    /** The bytes of the last new subject, from 0. Another array after a long one. */
    public byte[] result() {
        return out;
    }

    private boolean matches() {
        tokenCount = 0;
        int start = 0;
        for (int i = 0; i <= subjectLength; i++) {
            if (i == subjectLength || subject[i] == '.') {
                if (tokenCount + 2 > starts.length) {
                    starts = Arrays.copyOf(starts, starts.length * 2);
                }
                starts[tokenCount++] = start;
                start = i + 1;
            }
        }
        starts[tokenCount] = subjectLength + 1;
        for (int i = 0; i < source.length; i++) {
            if (isSign(source[i], '>')) {
                return tokenCount >= source.length;
            }
            if (i >= tokenCount || !isSign(source[i], '*') && !Arrays.equals(source[i], 0, source[i].length, subject,
                    starts[i], endOf(i))) {
                return false;
            }
        }
        return tokenCount == source.length;
    }

    private static boolean isSign(final byte[] token, final char sign) {
        return token.length == 1 && token[0] == sign;
    }

    private int endOf(final int token) {
        return starts[token + 1] - 1;
    }

    private void write(final Part part, final long random) {
        final int first = part.tokens == null || part.tokens.length == 0 ? 0 : starts[part.tokens[0]];
        final int end = part.tokens == null || part.tokens.length == 0 ? 0 : endOf(part.tokens[0]);
        final int length = end - first;
        final int number = part.number;
        switch (part.kind) {
            case LITERAL -> put(part.text, 0, part.text.length);
            case WILDCARD -> put(subject, first, end);
            case REST -> put(subject, first, subjectLength);
            case PARTITION -> put((int) ((partitionHash(part.tokens) & 0xffffffffL) % number));
            case RANDOM -> put((int) Long.remainderUnsigned(random, number));
            case SPLIT -> split(part.text, first, end);
            case SPLIT_FROM_LEFT -> splitAt(first, end, number < length ? first + number : end);
            case SPLIT_FROM_RIGHT -> splitAt(first, end, number < length ? end - number : first);
            case SLICE_FROM_LEFT -> slice(first, end, number, number < length ? number : length);
            case SLICE_FROM_RIGHT ->
                slice(first, end, number, number < length && length % number != 0 ? length % number : number);
            case LEFT -> put(subject, first, number < length ? first + number : end);
            case RIGHT -> put(subject, number < length ? end - number : first, end);
        }
    }

    private int partitionHash(final int[] tokens) {
        int hash = FNV_OFFSET;
        for (final int token : tokens) {
            hash = hashRange(hash, starts[token], endOf(token));
        }
        return tokens.length == 0 ? hashRange(hash, 0, subjectLength) : hash;
    }

    private int hashRange(final int seed, final int from, final int end) {
        int hash = seed;
        for (int i = from; i < end; i++) {
            hash = (hash ^ subject[i] & 0xff) * FNV_PRIME;
        }
        return hash;
    }

    private void splitAt(final int first, final int end, final int at) {
        put(subject, first, at);
        if (at > first && at < end) {
            put((byte) '.');
        }
        put(subject, at, end);
    }

    private void slice(final int first, final int end, final int size, final int firstSize) {
        int at = first;
        int piece = firstSize;
        while (at < end) {
            if (at > first) {
                put((byte) '.');
            }
            put(subject, at, Math.min(end, at + piece));
            at += piece;
            piece = size;
        }
    }

    private void split(final byte[] delimiter, final int first, final int end) {
        boolean isFirst = true;
        int start = first;
        for (int at = first; at <= end; at++) {
            final boolean isDelimiter = at + delimiter.length <= end
                    && Arrays.equals(subject, at, at + delimiter.length, delimiter, 0, delimiter.length);
            if (at == end || isDelimiter) {
                if (at > start) {
                    if (!isFirst) {
                        put((byte) '.');
                    }
                    put(subject, start, at);
                    isFirst = false;
                }
                start = at + delimiter.length;
                at = isDelimiter ? start - 1 : at;
            }
        }
    }

    private void put(final int number) {
        if (number >= 10) {
            put(number / 10);
        }
        put((byte) ('0' + number % 10));
    }

    private void put(final byte character) {
        if (outLength == out.length) {
            out = Arrays.copyOf(out, outLength * 2);
        }
        out[outLength++] = character;
    }

    private void put(final byte[] bytes, final int from, final int end) {
        final int length = end - from;
        if (outLength + length > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, outLength + length));
        }
        System.arraycopy(bytes, from, out, outLength, length);
        outLength += length;
    }
}
