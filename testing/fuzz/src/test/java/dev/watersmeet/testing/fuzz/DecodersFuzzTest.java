package dev.watersmeet.testing.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Each decoder by itself, for who wants to fuzz one: {@code -Dfuzz.test=DecodersFuzzTest#page -Dfuzz.seconds=600}. What was found of it stays in the folder of inputs that is named after the method. */
class DecodersFuzzTest implements WithCorpus {
    @FuzzTest
    void syncRequest(byte[] input) {
        Decoder.SYNC_REQUEST.check(input);
    }

    @FuzzTest
    void syncAnswer(byte[] input) {
        Decoder.SYNC_ANSWER.check(input);
    }

    @FuzzTest
    void page(byte[] input) {
        Decoder.PAGE.check(input);
    }

    @FuzzTest
    void snapshot(byte[] input) {
        Decoder.SNAPSHOT.check(input);
    }

    @FuzzTest
    void problem(byte[] input) {
        Decoder.PROBLEM.check(input);
    }

    @FuzzTest
    void outcome(byte[] input) {
        Decoder.OUTCOME.check(input);
    }

    @FuzzTest
    void value(byte[] input) {
        Decoder.VALUE.check(input);
    }

    @FuzzTest
    void path(byte[] input) {
        Decoder.PATH.check(input);
    }

    @FuzzTest
    void stamp(byte[] input) {
        Decoder.STAMP.check(input);
    }

    @FuzzTest
    void replicaId(byte[] input) {
        Decoder.REPLICA_ID.check(input);
    }

    @FuzzTest
    void spaceId(byte[] input) {
        Decoder.SPACE_ID.check(input);
    }

    @FuzzTest
    void schema(byte[] input) {
        Decoder.SCHEMA.check(input);
    }

    @FuzzTest
    void cellBytes(byte[] input) {
        Decoder.CELL_BYTES.check(input);
    }

    @FuzzTest
    void embeddedLogEntry(byte[] input) {
        Decoder.EMBEDDED_LOG_ENTRY.check(input);
    }

    @FuzzTest
    void embeddedMark(byte[] input) {
        Decoder.EMBEDDED_MARK.check(input);
    }

    @FuzzTest
    void embeddedHead(byte[] input) {
        Decoder.EMBEDDED_HEAD.check(input);
    }

    @FuzzTest
    void embeddedKey(byte[] input) {
        Decoder.EMBEDDED_KEY.check(input);
    }

    @FuzzTest
    void cursor(byte[] input) {
        Decoder.CURSOR.check(input);
    }

    @FuzzTest
    void token(byte[] input) {
        Decoder.TOKEN.check(input);
    }

    @FuzzTest
    void feedRequest(byte[] input) {
        Decoder.FEED_REQUEST.check(input);
    }
}
