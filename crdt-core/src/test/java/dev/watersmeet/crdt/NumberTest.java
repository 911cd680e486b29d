package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers are written as ECMAScript's Number::toString writes them (M-4). */
class NumberTest {
    /** The bits of doubles, and what an ECMAScript engine printed for them. */
    @ParameterizedTest
    @CsvSource({
        "3d30000000000000,5.684341886080802e-14",
        "0000000000000001,5e-324",
        "7fefffffffffffff,1.7976931348623157e+308",
        "444b1ae4d6e2ef50,1e+21",
        "441ac53a7e04bcda,123456789012345680000",
        "3e7ad7f29abcaf48,1e-7",
        "3eb0c6f7a0b5ed8d,0.000001",
        "4340000000000000,9007199254740992",
        "4340000000000001,9007199254740994",
        "c340000000000000,-9007199254740992",
        "4340000000000002,9007199254740996",
        "4415af1d78b58c40,100000000000000000000",
        "444b1ae4d6e2ef4f,999999999999999900000",
        "4480f0cf064dd592,1e+22",
        "44b52d02c7e14af6,1e+23",
        "3fb999999999999a,0.1",
        "3fd3333333333334,0.30000000000000004",
        "3fd5555555555555,0.3333333333333333",
        "bfd5555555555555,-0.3333333333333333",
        "3ea0c6f7a0b5ed8d,5e-7",
        "3e8421f5f40d8376,1.5e-7",
        "405edd2f1a9fbe77,123.456",
        "4011666666666666,4.35",
        "0010000000000000,2.2250738585072014e-308",
        "000fffffffffffff,2.225073858507201e-308",
        "0000000000000003,1.5e-323",
        "0000000000000004,2e-323",
        "7e37e43c8800759c,1e+300",
        "3eafe07017c01026,9.5e-7",
        "be7ad7f29abcaf48,-1e-7",
        "4059000000000000,100",
        "3ff0000000000001,1.0000000000000002",
        "3fefffffffffffff,0.9999999999999999",
        "4330000000000000,4503599627370496",
        "4330000000000002,4503599627370498",
        "430c6bf526340004,1000000000000000.5",
        "4430000000000000,295147905179352830000",
        "443211ede4974a35,333333333333333300000",
        "4450000000000000,1.1805916207174113e+21",
        "0000000000000005,2.5e-323",
        "39b279a9c8073d8b,9.109e-31",
        "44dfe185ca57c517,6.02214076e+23",
        "3ee4f8b588e368f1,0.00001",
        "8000000000000000,0",
        "bff8000000000000,-1.5",
        "447c7e83209e90b2,8.41e+21",
        "3f60624dd2f1a9fc,0.002",
        "3eb0000000000000,9.5367431640625e-7",
        "4630000000000000,1.2676506002282294e+30",
        "4c70000000000000,1.6069380442589903e+60",
        "4830f0cf064dd592,5.764607523034235e+39",
        "4840f0cf064dd592,1.152921504606847e+40"
    })
    void isWrittenAsEcmascriptWritesIt(String bits, String expected) {
        double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(Value.of(number)).hasToString(expected);
        assertThat(Value.parse(expected).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, 9007199254740992",
        "-0, 0",
        "-0.0e5, 0",
        "1E2, 100",
        "1e+2, 100",
        "0.00001e-2, 1e-7",
        "100000000000000000000000, 1e+23",
        "2.2250738585072011e-308, 2.225073858507201e-308",
        "1e-400, 0",
        "-1e-400, 0",
        "2.4703282292062327e-324, 0",
        "2.4703282292062328e-324, 5e-324"
    })
    void isReadInAnyFormOfJson(String json, String expected) {
        assertThat(Value.parse(json)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "-1e309",
                "1.7976931348623159e308",
                "01",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "-",
                "--1",
                "0x1",
                "1_0",
                "NaN",
                "Infinity",
                "1f",
                "1d",
                "0x1p3",
                "\u0661"
            })
    void whatIsNoFiniteNumberOfJsonIsRefused(String json) {
        assertThatThrownBy(() -> Value.parse(json)).isInstanceOf(MalformedException.class);
    }

    @Property(tries = 20_000)
    void theTextIsTheShortestThatReadsBackAsTheNumberAndOfThoseTheClosest(@ForAll("doubles") double number) {
        String text = Value.of(number).text();
        assertThat(Double.parseDouble(text)).isEqualTo(number == 0 ? 0.0 : number);
        BigDecimal written = new BigDecimal(text).stripTrailingZeros();
        BigDecimal exact = new BigDecimal(number);
        if (written.precision() > 1) {
            MathContext shorter = new MathContext(written.precision() - 1, RoundingMode.DOWN);
            BigDecimal below = exact.round(shorter);
            assertThat(below.doubleValue()).isNotEqualTo(number);
            assertThat(below.add(below.ulp().multiply(BigDecimal.valueOf(exact.signum())))
                            .doubleValue())
                    .isNotEqualTo(number);
        }
        BigDecimal distance = written.subtract(exact).abs();
        for (BigDecimal neighbour : new BigDecimal[] {written.add(written.ulp()), written.subtract(written.ulp())}) {
            if (number != 0 && neighbour.doubleValue() == number) {
                assertThat(neighbour.subtract(exact).abs()).isGreaterThanOrEqualTo(distance);
            }
        }
    }

    /** Any bits, powers of two and of ten with their neighbours, and fractions of whole numbers. */
    @Provide
    Arbitrary<Double> doubles() {
        Arbitrary<Double> anyBits = Arbitraries.longs().map(Double::longBitsToDouble);
        Arbitrary<Double> powersOfTwo =
                Arbitraries.integers().between(-1074, 1023).map(power -> Math.scalb(1.0, power));
        Arbitrary<Double> powersOfTen =
                Arbitraries.integers().between(-323, 308).map(power -> Double.parseDouble("1e" + power));
        Arbitrary<Double> fractions =
                Arbitraries.longs().between(-1_000_000, 1_000_000).map(numerator -> numerator / 1000.0);
        Arbitrary<Double> around = Arbitraries.oneOf(powersOfTwo, powersOfTen)
                .flatMap(number -> Arbitraries.of(Math.nextDown(number), number, Math.nextUp(number), -number));
        return Arbitraries.oneOf(anyBits, around, fractions).filter(Double::isFinite);
    }

    @Test
    void aNumberThatADoubleHoldsIsTaken() {
        assertThat(Value.of(9_007_199_254_740_993L - 1).text()).isEqualTo("9007199254740992");
        assertThat(Value.of(1L << 62).text()).isEqualTo("4611686018427388000");
        assertThat(Value.of(Long.MIN_VALUE).number()).isEqualTo(-0x1p63);
        assertThat(Value.of(new BigDecimal("-0.10")).text()).isEqualTo("-0.1");
        assertThat(Value.of(new BigDecimal("0.1000000000000000055511151231257827021181583404541015625"))
                        .text())
                .isEqualTo("0.1");
    }

    @Test
    void aNumberWithMoreDigitsThanADoubleHoldsIsRefused() {
        for (Number number : List.of(
                9_007_199_254_740_993L,
                Long.MAX_VALUE,
                new BigDecimal("0.12345678901234567890"),
                new BigDecimal("1e999"))) {
            assertThatThrownBy(() -> Value.of(Map.of("price", number)))
                    .as("%s", number)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void whatIsNotFiniteIsTagged() {
        assertThat(Value.of(Double.NaN)).hasToString("{\"$number\":\"NaN\"}");
        assertThat(Value.of(Double.NEGATIVE_INFINITY)).hasToString("{\"$number\":\"-Infinity\"}");
        assertThat(Value.of(Float.POSITIVE_INFINITY)).hasToString("{\"$number\":\"Infinity\"}");
    }
}
