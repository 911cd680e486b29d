package dev.watersmeet.benchmarks;

/** Writes and reads a batch of register cells, each with a stamp of its own. */
interface Codec {
    /** The bytes of the batch. */
    byte[] encode();

    /** Reads such bytes; the number of cells. */
    int decode(byte[] bytes);
}
