package dev.watersmeet.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SipHashTest {
    private static final int BLOCKS = 12;

    /** For these pairs of blocks a hash that folds a signed product collides under half of all keys. */
    @Test
    void blocksThatAreComplementsOfEachOtherMakeNoCollisions() {
        Set<Integer> bytes = new HashSet<>();
        Set<Integer> texts = new HashSet<>();
        for (int choice = 0; choice < 1 << BLOCKS; choice++) {
            StringBuilder name = new StringBuilder();
            for (int block = 0; block < BLOCKS; block++) {
                name.append((choice >> block & 1) == 0 ? "éééé" : "<V<V<V<V").append('A');
            }
            bytes.add(SipHash.of(name.toString().getBytes(UTF_8), 'r'));
            texts.add(SipHash.of(name.toString()));
        }
        assertThat(bytes).hasSizeGreaterThan((1 << BLOCKS) - 16);
        assertThat(texts).hasSizeGreaterThan((1 << BLOCKS) - 16);
    }

    @Test
    void textsOfOneHashCodeHaveManyHashes() {
        Set<Integer> hashes = new HashSet<>();
        for (int choice = 0; choice < 1 << BLOCKS; choice++) {
            StringBuilder text = new StringBuilder();
            for (int block = 0; block < BLOCKS; block++) {
                text.append((choice >> block & 1) == 0 ? "Aa" : "BB");
            }
            hashes.add(StampTable.hashOf(text.toString()));
        }
        assertThat(hashes).hasSizeGreaterThan((1 << BLOCKS) - 16);
    }

    @Test
    void everyByteAndTheLengthCount() {
        Set<Integer> hashes = new HashSet<>();
        for (int length = 0; length < 40; length++) {
            hashes.add(SipHash.of(new byte[length], 'r'));
            hashes.add(SipHash.of(new byte[length], 's'));
            for (int at = 0; at < length; at++) {
                byte[] one = new byte[length];
                one[at] = 1;
                hashes.add(SipHash.of(one, 'r'));
            }
        }
        assertThat(hashes).hasSize(80 + 780);
    }
}
