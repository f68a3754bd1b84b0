package jetstream.server.faults;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The few calls of the C library that the harness needs and Java has no class for. */
@SuppressWarnings("restricted")
final class Native {
    static final int READ_ONLY = 0;
    static final int READ_WRITE = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final short POLL_IN = 1;
    private static final int POLL_REVENTS = 6;
    private static final long POLL_BYTES = 8;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_VALUE =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    // open and ioctl take further arguments in the way of C's "...", which has its own calling convention.
    private static final MethodHandle OPEN = find("open", FunctionDescriptor.of(INT, POINTER, INT), ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = find("ioctl", FunctionDescriptor.of(INT, INT, LONG, POINTER), ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ = find("read", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
    private static final MethodHandle WRITE = find("write", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
    private static final MethodHandle POLL = find("poll", FunctionDescriptor.of(INT, POINTER, LONG, INT));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(INT, INT));

    private Native() {
    }

    private static MethodHandle find(final String name, final FunctionDescriptor shape,
            final Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), shape, options);
    }

    /** A file descriptor, to be closed by the caller. */
    static int open(final Path path, final int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            final int fd = (int) OPEN.invokeExact(errno, arena.allocateFrom(path.toString()), flags);
            return checked("open " + path, fd, errno);
        } catch (final IOException | RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void ioctl(final int fd, final long request, final MemorySegment argument) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            checked("ioctl 0x" + Long.toHexString(request), (int) IOCTL.invokeExact(errno, fd, request, argument),
                    errno);
        } catch (final IOException | RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int checked(final String what, final int result, final MemorySegment errno) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed, errno " + (int) ERRNO_VALUE.get(errno, 0L));
        }
        return result;
    }

    /** True if there is something to read within the time. */
    static boolean isReadable(final int fd, final int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment entry = arena.allocate(POLL_BYTES, Integer.BYTES);
            entry.set(INT, 0, fd);
            entry.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLL_IN);
            return (int) POLL.invokeExact(entry, 1L, timeoutMs) > 0
                    && (entry.get(ValueLayout.JAVA_SHORT, POLL_REVENTS) & POLL_IN) != 0;
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes read, or a negative number. */
    static long read(final int fd, final MemorySegment into) {
        return transfer(READ, fd, into, into.byteSize());
    }

    /** Bytes written, or a negative number. */
    static long write(final int fd, final MemorySegment from, final long length) {
        return transfer(WRITE, fd, from, length);
    }

    private static long transfer(
            final MethodHandle call, final int fd, final MemorySegment buffer, final long length) {
        try {
            return (long) call.invokeExact(fd, buffer, length);
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void close(final int fd) {
        try {
            int _ = (int) CLOSE.invokeExact(fd);
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
