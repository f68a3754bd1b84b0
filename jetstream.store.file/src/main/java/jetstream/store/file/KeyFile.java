package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import jetstream.api.store.StoreException;

/**
 * The file {@code KEYS}: the data keys of an encrypted store, drawn at random, themselves encrypted with a key that is
 * derived from the configured one (PBKDF2 with HMAC-SHA256). So a changed configured key means this file written anew,
 * not the data. Twice in the file, 4 KiB apart, because without it nothing can be read. Little endian:
 *
 * <pre>
 *   0  int   CRC32C of the rest
 *   4  int   magic
 *   8  int   version
 *  12  int   iterations
 *  16  16 B  salt
 *  32  int   number of keys
 *  36  per key: int cipher, 12 B nonce, 32 B key and 16 B tag, encrypted with AES-256-GCM
 * </pre>
 */
final class KeyFile {
    private static final String NAME = "KEYS";
    private static final String DRAFT = "KEYS.tmp";
    private static final int MAGIC = 0x314b534a;
    private static final int VERSION = 1;
    private static final int ITERATIONS_MAX = 100_000_000;
    private static final int SALT_OFFSET = 16;
    private static final int SALT_LENGTH = 16;
    private static final int COUNT_OFFSET = 32;
    private static final int ROWS_OFFSET = 36;
    private static final int WRAPPED_LENGTH = CipherKind.KEY_LENGTH + CipherKind.TAG_LENGTH;
    private static final int KEYS_MAX = 50;
    private static final int COPY_LENGTH = 4 << 10;
    private static final int ROW_LENGTH = Integer.BYTES + CipherKind.NONCE_LENGTH + WRAPPED_LENGTH;

    private final Disk disk;
    private final KeySettings settings;
    private final StoreHealth health;
    private final SecureRandom random = new SecureRandom();

    KeyFile(final Disk disk, final KeySettings settings, final StoreHealth health) {
        this.disk = disk;
        this.settings = settings;
        this.health = health;
    }

    /**
     * The keys of the store; null if it is not encrypted and is not to be.
     *
     * @throws StoreException.Refused if it is encrypted and the configured keys do not open it; nothing was touched
     */
    DataKeys open() throws IOException {
        if (!disk.list("").contains(NAME)) {
            return settings.key() == null ? null : begin(new ArrayList<>());
        }
        final ByteBuffer file = read();
        if (settings.key() == null) {
            throw refused("the store is encrypted and no key is configured; set jetstream { key: ... }");
        }
        List<DataKeys.DataKey> keys = unwrap(file, settings.key());
        if (keys == null && settings.previousKey() != null) {
            keys = unwrap(file, settings.previousKey());
            if (keys != null) {
                write(keys);
                health.log.line(false, "the keys of the store are encrypted with the new key from now on");
            }
        }
        if (keys == null) {
            throw refused("the store is encrypted with another key than the configured one"
                    + (settings.previousKey() == null ? "" : ", and than the previous one"));
        }
        return keys.getLast().cipher() == settings.cipher() ? new DataKeys(keys) : begin(keys);
    }

    /** Adds a key for new data. */
    private DataKeys begin(final List<DataKeys.DataKey> known) throws IOException {
        if (known.size() == KEYS_MAX) {
            throw refused("the cipher was changed " + KEYS_MAX + " times, which is all that is allowed");
        }
        final byte[] secret = new byte[CipherKind.KEY_LENGTH];
        random.nextBytes(secret);
        known.add(new DataKeys.DataKey(settings.cipher(), secret));
        write(known);
        health.log.line(false, "what is written from now on is encrypted with " + settings.cipher());
        return new DataKeys(known);
    }

    private ByteBuffer read() throws IOException {
        try (SegmentFile file = disk.open(NAME)) {
            final ByteBuffer bytes = file.map();
            for (int copy = 0; copy + COPY_LENGTH <= bytes.capacity(); copy += COPY_LENGTH) {
                final ByteBuffer found = bytes.slice(copy, COPY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
                if (isWhole(found)) {
                    return known(found);
                }
                health.log.line(true, "the copy at offset " + copy + " of the file " + NAME + " is damaged");
            }
            throw refused("its file " + NAME + " is damaged: restore it, without it nothing can be read");
        }
    }

    private static boolean isWhole(final ByteBuffer copy) {
        final int count = copy.getInt(COUNT_OFFSET);
        return copy.getInt(4) == MAGIC && count > 0 && count <= KEYS_MAX && copy.getInt(0) == checksum(copy);
    }

    private static int checksum(final ByteBuffer copy) {
        return new Checksums(copy.duplicate().order(ByteOrder.LITTLE_ENDIAN)).of(4,
                ROWS_OFFSET + copy.getInt(COUNT_OFFSET) * ROW_LENGTH - 4);
    }

    private static ByteBuffer known(final ByteBuffer copy) {
        if (copy.getInt(8) != VERSION || copy.getInt(12) > ITERATIONS_MAX) {
            throw refused("its file " + NAME + " is of version " + copy.getInt(8) + ", this server reads " + VERSION);
        }
        return copy;
    }

    private List<DataKeys.DataKey> unwrap(final ByteBuffer file, final String key) {
        final byte[] salt = new byte[SALT_LENGTH];
        file.get(SALT_OFFSET, salt);
        final byte[] wrapping = derive(key, salt, file.getInt(12));
        final List<DataKeys.DataKey> keys = new ArrayList<>();
        for (int row = 0; row < file.getInt(COUNT_OFFSET); row++) {
            final int at = ROWS_OFFSET + row * ROW_LENGTH;
            final byte[] nonce = new byte[CipherKind.NONCE_LENGTH];
            file.get(at + Integer.BYTES, nonce);
            final byte[] secret = new byte[CipherKind.KEY_LENGTH];
            final ByteBuffer wrapped = file.slice(at + Integer.BYTES + nonce.length, WRAPPED_LENGTH);
            if (!CipherKind.AES.decrypt(wrapping, nonce, authenticated(row, file.getInt(at)), wrapped,
                    ByteBuffer.wrap(secret))) {
                return null;
            }
            keys.add(new DataKeys.DataKey(CipherKind.values()[file.getInt(at)], secret));
        }
        return keys;
    }

    private void write(final List<DataKeys.DataKey> keys) throws IOException {
        final byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        final byte[] wrapping = derive(settings.key(), salt, settings.iterations());
        final ByteBuffer file = ByteBuffer.allocate(COPY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(4, MAGIC).putInt(8, VERSION).putInt(12, settings.iterations()).put(SALT_OFFSET, salt);
        file.putInt(COUNT_OFFSET, keys.size());
        file.position(ROWS_OFFSET);
        for (int row = 0; row < keys.size(); row++) {
            final byte[] nonce = new byte[CipherKind.NONCE_LENGTH];
            random.nextBytes(nonce);
            final int cipher = keys.get(row).cipher().ordinal();
            file.putInt(cipher).put(nonce);
            final ByteBuffer secret = ByteBuffer.wrap(keys.get(row).secret());
            CipherKind.AES.encrypt(wrapping, nonce, authenticated(row, cipher), secret, file);
        }
        file.clear();
        file.putInt(0, checksum(file));
        disk.delete(DRAFT);
        try (SegmentFile draft = disk.create(DRAFT, 2 * COPY_LENGTH)) {
            draft.write(file.clear(), 0);
            draft.write(file.clear(), COPY_LENGTH);
            draft.force();
        }
        disk.rename(DRAFT, NAME);
        disk.forceFolder("");
    }

    private static ByteBuffer authenticated(final int row, final int cipher) {
        return ByteBuffer.allocate(2 * Integer.BYTES).putInt(row).putInt(cipher).flip();
    }

    private static byte[] derive(final String key, final byte[] salt, final int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(
                    new PBEKeySpec(key.toCharArray(), salt, iterations, CipherKind.KEY_LENGTH * Byte.SIZE))
                    .getEncoded();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
        }
    }

    private static StoreException refused(final String why) {
        return new StoreException.Refused(why + "; nothing was touched", null);
    }
}
