package jetstream.store.file;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The ciphers at rest: each encrypts and authenticates, with a key of 32 bytes and a nonce of 12. Any thread. */
enum CipherKind {
    AES("AES/GCM/NoPadding", "AES") {
        @Override
        AlgorithmParameterSpec nonce(final byte[] nonce) {
            return new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce);
        }
    },
    CHACHA("ChaCha20-Poly1305", "ChaCha20") {
        @Override
        AlgorithmParameterSpec nonce(final byte[] nonce) {
            return new IvParameterSpec(nonce);
        }
    };

    static final int TAG_LENGTH = 16;
    static final int NONCE_LENGTH = 12;
    static final int KEY_LENGTH = 32;

    private final String transformation;
    private final String algorithm;

    CipherKind(final String transformation, final String algorithm) {
        this.transformation = transformation;
        this.algorithm = algorithm;
    }

    abstract AlgorithmParameterSpec nonce(byte[] nonce);

    /** Encrypts what remains of the source; the tag follows. */
    void encrypt(final byte[] key, final byte[] nonce, final ByteBuffer authenticated, final ByteBuffer source,
            final ByteBuffer into) {
        try {
            run(Cipher.ENCRYPT_MODE, key, nonce, authenticated, source, into);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + transformation, e);
        }
    }

    /** Decrypts what remains of the source, tag included; false if it is not what was encrypted. */
    boolean decrypt(final byte[] key, final byte[] nonce, final ByteBuffer authenticated, final ByteBuffer source,
            final ByteBuffer into) {
        try {
            run(Cipher.DECRYPT_MODE, key, nonce, authenticated, source, into);
            return true;
        } catch (final AEADBadTagException e) {
            return false;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + transformation, e);
        }
    }

    private void run(final int mode, final byte[] key, final byte[] nonce, final ByteBuffer authenticated,
            final ByteBuffer source, final ByteBuffer into) throws GeneralSecurityException {
        final Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(mode, new SecretKeySpec(key, algorithm), nonce(nonce));
        cipher.updateAAD(authenticated);
        cipher.doFinal(source, into);
    }
}
