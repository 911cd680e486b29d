package dev.watersmeet.testing.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

/** Makes the folder where the fuzzer keeps what it learns, which has to be there: the module's POM names it. */
interface WithCorpus {
    @BeforeAll
    static void makeRoom() throws IOException {
        Files.createDirectories(Path.of("target", "corpus"));
    }
}
