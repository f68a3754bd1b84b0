package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a store that is encrypted at rest, and what is done with them. Records of a block are encrypted as a
 * whole, with a key of the segment's own (HMAC-SHA256 of the data key over segment number), a random nonce, and the
 * block's header as authenticated data; images likewise in pieces, with a key of the image's own. Any thread.
 */
final class DataKeys {
    static final int TAG_LENGTH = CipherKind.TAG_LENGTH;

    private static final int HEADER_CHECKSUM_LENGTH = 4;

    /** One key; ids count from 1. */
    record DataKey(CipherKind cipher, byte[] secret) {
        @Override
        public String toString() {
            return cipher.name();
        }
    }

    private final List<DataKey> keys;
    private final SecureRandom random = new SecureRandom();

    /** The last key is the one that new data is encrypted with. */
    DataKeys(final List<DataKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Id of the key for new data. */
    int currentId() {
        return keys.size();
    }

    byte[] newNonce() {
        final byte[] nonce = new byte[CipherKind.NONCE_LENGTH];
        random.nextBytes(nonce);
        return nonce;
    }

    /** Encrypts the records of a block whose header is written; returns the whole block. */
    void encryptBlock(final ByteBuffer block, final BlockLayout.BlockHeader header, final ByteBuffer into) {
        final ByteBuffer source = block.duplicate();
        into.clear().put(source.limit(BlockLayout.HEADER_LENGTH).position(0));
        source.limit(header.length - TAG_LENGTH).position(BlockLayout.HEADER_LENGTH);
        key(header.keyId).cipher.encrypt(segmentKey(header.keyId, header.segmentSeq), header.nonce,
                authenticated(block, 0), source, into);
    }

    /** The records of a block, decrypted; null if they are not what was written. */
    Window decryptBlock(final ByteBuffer segment, final BlockLayout.BlockHeader header) {
        if (header.keyId < 1 || header.keyId > keys.size() || header.length < BlockLayout.HEADER_LENGTH + TAG_LENGTH) {
            return null;
        }
        final ByteBuffer source = segment.duplicate();
        final ByteBuffer plain =
                ByteBuffer.allocate(header.length - TAG_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        plain.put(0, segment, header.offset, BlockLayout.HEADER_LENGTH);
        source.limit(header.offset + header.length).position(header.offset + BlockLayout.HEADER_LENGTH);
        final boolean isIntact = key(header.keyId).cipher.decrypt(segmentKey(header.keyId, header.segmentSeq),
                header.nonce, authenticated(segment, header.offset), source,
                plain.duplicate().position(BlockLayout.HEADER_LENGTH));
        return isIntact ? new Window(plain, new Checksums(plain.duplicate().order(ByteOrder.LITTLE_ENDIAN)),
                header.offset) : null;
    }

    /** Encrypts a piece of an image. */
    void encryptPiece(final int keyId, final byte[] pieceKey, final long number, final ByteBuffer source,
            final ByteBuffer into) {
        key(keyId).cipher.encrypt(pieceKey, pieceNonce(number), ByteBuffer.allocate(0), source, into);
    }

    /** Decrypts a piece of an image; false if it is not what was written. */
    boolean decryptPiece(final int keyId, final byte[] pieceKey, final long number, final ByteBuffer source,
            final ByteBuffer into) {
        return key(keyId).cipher.decrypt(pieceKey, pieceNonce(number), ByteBuffer.allocate(0), source, into);
    }

    /** The key of one image; null if there is no such data key. */
    byte[] imageKey(final int keyId, final long group, final long index, final long salt) {
        if (keyId < 1 || keyId > keys.size()) {
            return null;
        }
        return derive(keyId, "image", group, index, salt);
    }

    long newSalt() {
        return random.nextLong();
    }

    private DataKey key(final int id) {
        return keys.get(id - 1);
    }

    private byte[] segmentKey(final int keyId, final long seq) {
        return derive(keyId, "segment", seq);
    }

    private byte[] derive(final int keyId, final String purpose, final long... context) {
        final ByteBuffer input = ByteBuffer.allocate(64).put(purpose.getBytes(StandardCharsets.US_ASCII));
        for (final long value : context) {
            input.putLong(value);
        }
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(keyId).secret, "HmacSHA256"));
            mac.update(input.flip());
            return mac.doFinal();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    /** Each image has a key of its own, so that counting will do. */
    private static byte[] pieceNonce(final long number) {
        return ByteBuffer.allocate(CipherKind.NONCE_LENGTH).putLong(4, number).array();
    }

    /** The header but for its checksum. */
    private static ByteBuffer authenticated(final ByteBuffer from, final int offset) {
        final byte[] header = new byte[BlockLayout.HEADER_LENGTH - HEADER_CHECKSUM_LENGTH];
        from.get(offset + HEADER_CHECKSUM_LENGTH, header);
        return ByteBuffer.wrap(header);
    }
}
