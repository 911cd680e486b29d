package dev.watersmeet.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Positions of snapshots as a principal is told them that may not read everything: those of a store name the document after which they go on, whoever may read it, and who could make some of their own could ask for the document after any name.
 * So they are encrypted (AES-GCM) for the view under which they were told, by a key of the space that all its nodes read.
 */
final class SealedPositions {
    private static final String KEY = "access/position-key";
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedPositions() {}

    static String seal(Metadata metadata, View view, String position) {
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key(metadata), nonce, view).doFinal(position.getBytes(UTF_8));
            byte[] all = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return view.wrap(Base64.getUrlEncoder().withoutPadding().encodeToString(all));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** @throws StoreException of kind {@code CURSOR_EXPIRED} if it is none that was told under this view, or the space began anew */
    static String open(Metadata metadata, View view, String told) {
        try {
            byte[] all = Base64.getUrlDecoder().decode(view.unwrap(told));
            if (all.length < NONCE_BYTES) {
                throw new IllegalArgumentException("a sealed position has more than " + NONCE_BYTES + " bytes");
            }
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            byte[] sealed = Arrays.copyOfRange(all, NONCE_BYTES, all.length);
            return new String(
                    cipher(Cipher.DECRYPT_MODE, key(metadata), nonce, view).doFinal(sealed), UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException(
                    StoreException.Kind.CURSOR_EXPIRED, "no position of this space and this view: " + told, e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, View view) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(view.prefix().getBytes(UTF_8));
        return cipher;
    }

    private static byte[] key(Metadata metadata) {
        Optional<String> key = metadata.get(KEY);
        if (key.isEmpty()) {
            metadata.compareAndSet(KEY, null, HexFormat.of().formatHex(random(KEY_BYTES)));
            key = metadata.get(KEY); // another node's, if it was first
        }
        return HexFormat.of().parseHex(key.orElseThrow());
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
