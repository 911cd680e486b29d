package dev.watersmeet.store.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.SpaceId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The names of znodes: {@code heads/<space>}, and for each life of a space {@code data/<life>/} with {@code log/<number>}, {@code documents/<shard>/<key>}, {@code marks/<shard>/<key>} and {@code metadata/<key>}. A key
 * is a hash, whose first digit is the shard: names may be long and have characters that no znode's name may have.
 *
 * @param root below which all znodes are
 */
record Paths(String root) {
    /** The digits of a key: 160 bits, so that nobody finds two names with the same one. */
    static final int KEY_LENGTH = 40;

    private static final String SHARDS = "0123456789abcdef";

    String heads() {
        return root + "/heads";
    }

    /** A space's head: its name has no character that a znode's may not have. */
    String head(SpaceId space) {
        return heads() + "/" + space.name();
    }

    String data() {
        return root + "/data";
    }

    String life(long life) {
        return data() + "/" + HexFormat.of().toHexDigits(life);
    }

    String log(long life) {
        return life(life) + "/log";
    }

    String entry(long life, long number) {
        return log(life) + "/%012d".formatted(number);
    }

    String documents(long life) {
        return life(life) + "/documents";
    }

    /** The parents of documents, in the order of the keys. */
    List<String> documentShards(long life) {
        return shards(documents(life));
    }

    String document(long life, String key) {
        return documents(life) + "/" + key.charAt(0) + "/" + key;
    }

    String marks(long life) {
        return life(life) + "/marks";
    }

    List<String> markShards(long life) {
        return shards(marks(life));
    }

    String mark(long life, ReplicaId replica) {
        String key = hash(replica.toString().getBytes(UTF_8));
        return marks(life) + "/" + key.charAt(0) + "/" + replica;
    }

    String metadata(long life) {
        return life(life) + "/metadata";
    }

    /** A key of metadata is any text, lone surrogates included. */
    String metadata(long life, String key) {
        return metadata(life) + "/" + hash(key.getBytes(UTF_16BE));
    }

    static String key(DocumentId id) {
        return hash((id.collection() + "\0" + id.id().text()).getBytes(UTF_8));
    }

    private static List<String> shards(String parent) {
        List<String> shards = new ArrayList<>();
        SHARDS.chars().forEach(digit -> shards.add(parent + "/" + (char) digit));
        return shards;
    }

    private static String hash(byte[] name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name);
            return HexFormat.of().formatHex(digest).substring(0, KEY_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
