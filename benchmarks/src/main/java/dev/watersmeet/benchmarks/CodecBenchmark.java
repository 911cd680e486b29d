package dev.watersmeet.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writes and reads a batch of 1,000 cells: ten registers of each of 100 documents. Figures are cells a second.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main Codec</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    private static final int DOCUMENTS = 100;
    private static final int CELLS = DOCUMENTS * Keys.FIELDS;

    @Param({"WATERSMEET", "WATERSMEET_JSON", "JACKSON"})
    Contender contender = Contender.WATERSMEET;

    private Codec codec = Contender.JACKSON.newCodec(0);
    private byte[] bytes = {};

    /** Makes the cells, and their bytes for reading. */
    @Setup
    public void fill() {
        codec = contender.newCodec(DOCUMENTS);
        bytes = codec.encode();
        if (codec.decode(bytes) != CELLS) {
            throw new IllegalStateException(contender.label() + " reads other cells than it wrote");
        }
    }

    /** Writes. */
    @Benchmark
    @OperationsPerInvocation(CELLS)
    public byte[] encode() {
        return codec.encode();
    }

    /** Reads. */
    @Benchmark
    @OperationsPerInvocation(CELLS)
    public int decode() {
        return codec.decode(bytes);
    }
}
