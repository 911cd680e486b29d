package dev.watersmeet.testing.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** All decoders in one run of the fuzzer: the first byte of an input says which is given the rest. */
class AllDecodersFuzzTest implements WithCorpus {
    static Stream<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int number = 0; number < Decoder.ALL.size(); number++) {
            for (byte[] seed : Decoder.ALL.get(number).seeds()) {
                byte[] input = new byte[seed.length + 1];
                input[0] = (byte) number;
                System.arraycopy(seed, 0, input, 1, seed.length);
                seeds.add(input);
            }
        }
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void refusesOrReads(byte[] input) {
        if (input.length > 0) {
            int number = Byte.toUnsignedInt(input[0]) % Decoder.ALL.size();
            Decoder.ALL.get(number).check(Arrays.copyOfRange(input, 1, input.length));
        }
    }
}
