package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several servers on one folder, whose documents one of them writes as tables for Drill. */
class SharedFolderTest extends SharedStoreContract {
    @Override
    List<String> options() {
        return List.of("--store=drill", "--data=" + folder.resolve("data"), "--drill-publish-millis=50");
    }

    @Test
    void theFolderOfTheTablesIsMadeAndMayBeAnotherOne() throws Exception {
        Path tables = folder.resolve("tables");
        try (ServerProcess first = server("--port=0");
                ServerProcess second = server("--port=0", "--drill-workspace=" + tables)) {
            assertThat(first.uri("/").getPort()).isNotEqualTo(second.uri("/").getPort());
            assertThat(Files.isDirectory(folder.resolve("data/sql"))).isTrue();
            assertThat(Files.isDirectory(tables)).isTrue();
        }
    }
}
