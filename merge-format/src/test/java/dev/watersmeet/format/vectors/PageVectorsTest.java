package dev.watersmeet.format.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of pages of changes. */
class PageVectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> pages() {
        return Vectors.cases("pages.json", vector -> {
            byte[] given = Vectors.utf8(vector.get("page").toString());
            if (vector.has("refused")) {
                assertThatThrownBy(() -> MergeFormat.readPage(given))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.MALFORMED));
            } else {
                assertThat(written(MergeFormat.readPage(given))).isEqualTo(vector.get("expected"));
            }
        });
    }

    private static JsonNode written(Page page) {
        try {
            return JSON.readTree(MergeFormat.writePage(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
