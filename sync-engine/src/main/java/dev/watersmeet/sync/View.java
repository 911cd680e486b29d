package dev.watersmeet.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.StoreException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a principal sees of a space whose documents are not everybody's. Its fingerprint goes before the cursors and positions that the principal is told, so that what was read under another view is not gone on from: the answer
 * is {@code resync}, and the snapshot replaces what was read.
 *
 * @param policy who may read what
 * @param audiences those of the principal
 * @param prefix the fingerprint of the policy's version and the audiences, between marks
 * @param own an audience that is the principal alone, and that no document is ever for: it is marked as gone from what the principal has created for others
 */
record View(DocumentPolicy policy, Set<String> audiences, String prefix, String own) {
    /** What the names of principals' own audiences start with, and no others. */
    static final String OWN = "\0";

    static final int MAX_VERSION_LENGTH = 256;

    private static final int FINGERPRINT_BYTES = 16; // nobody finds memberships with the fingerprint of others'
    private static final int OWN_BYTES = 16;

    static View of(DocumentPolicy policy, Principal principal) {
        Set<String> audiences = Set.copyOf(policy.audiences(principal));
        String prefix = "~" + fingerprint(FINGERPRINT_BYTES, version(policy), audiences) + "~";
        return new View(policy, audiences, prefix, OWN + fingerprint(OWN_BYTES, principal.name(), Set.of()));
    }

    /** The policy's version, which is checked. */
    static String version(DocumentPolicy policy) {
        String version = policy.version();
        if (version.length() > MAX_VERSION_LENGTH || version.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException("the version of a policy has at most " + MAX_VERSION_LENGTH
                    + " characters, none of which is a control character; found " + version.length() + ": " + version);
        }
        return version;
    }

    private static String fingerprint(int bytes, String text, Set<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, text);
            new TreeSet<>(texts).forEach(another -> update(digest, another));
            return HexFormat.of().formatHex(digest.digest(), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
    }

    /** Whether the principal belongs to any of some audiences. */
    boolean isAmong(Set<String> some) {
        return !Collections.disjoint(audiences, some);
    }

    /** Whether any of some audiences, which have ceased to read something, is the principal's. */
    boolean wasAmong(Set<String> some) {
        return isAmong(some) || some.contains(own);
    }

    /** A cursor or position of the store as the principal is told it. */
    String wrap(String text) {
        return prefix + text;
    }

    /**
     * A cursor or position as the store knows it.
     *
     * @throws StoreException of kind {@code CURSOR_EXPIRED} if it was told under another view
     */
    String unwrap(String text) {
        if (!text.startsWith(prefix)) {
            throw new StoreException(
                    StoreException.Kind.CURSOR_EXPIRED,
                    "what may be read has changed since the cursor, or it is unknown: " + text);
        }
        return text.substring(prefix.length());
    }
}
