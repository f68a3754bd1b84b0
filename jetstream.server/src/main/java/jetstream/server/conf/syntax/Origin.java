package jetstream.server.conf.syntax;

/**
 * Place of a key or value in a file.
 *
 * @param file   the file as it was named
 * @param line   from 1
 * @param column bytes after the preceding line feed, so 1 is the first column; on the first line, which has no
 *               preceding line feed, the first column is 0 (as the reference prints it)
 */
public record Origin(String file, int line, int column) {

    /** {@code file:line:column}, the start of every semantic error. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
