package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    Path temporary;

    private static String refusal(Path folder) {
        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> EmbeddedStore.open(folder).close());
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        assertThat(refusal).hasMessageContaining(folder.toString());
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void aFolderIsCreatedWithItsParents() {
        Path folder = temporary.resolve("new/one");

        EmbeddedStore.open(folder).close();

        assertThat(folder.resolve("FORMAT")).hasContent("watersmeet embedded store, format 2");
    }

    @Test
    void anEmptyFolderAndOneWhoseCreationWasInterruptedAreTaken() throws IOException {
        EmbeddedStore.open(temporary).close();
        Path interrupted = Files.createDirectory(temporary.resolve("interrupted"));
        Files.createFile(interrupted.resolve("FORMAT"));

        EmbeddedStore.open(interrupted).close();

        assertThat(interrupted.resolve("FORMAT")).isNotEmptyFile();
    }

    @Test
    void aFolderInUseIsRefused() {
        EmbeddedStore open = EmbeddedStore.open(temporary);

        assertThat(refusal(temporary)).contains("open already").contains("choose another folder");

        assertThat(open.count(SpaceId.of("space"))).isZero();
        open.close();
        EmbeddedStore.open(temporary).close();
    }

    @Test
    void aNewerFormatIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(temporary.resolve("FORMAT"), "watersmeet embedded store, format 3\n");

        assertThat(refusal(temporary)).contains("format 2").contains("reads format 2");

        assertThat(names()).containsExactly("FORMAT");
    }

    @Test
    void somebodyElsesFolderIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(temporary.resolve("letter.txt"), "dear");
        assertThat(refusal(temporary)).contains("something else").contains("empty folder");
        assertThat(names()).containsExactly("letter.txt");

        Files.writeString(temporary.resolve("FORMAT"), "floppy");
        assertThat(refusal(temporary)).contains("something else");
        assertThat(names()).containsExactlyInAnyOrder("letter.txt", "FORMAT");
    }

    @Test
    void aFileIsRefused() throws IOException {
        assertThat(refusal(Files.createFile(temporary.resolve("file")))).contains("check its path");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        EmbeddedStore.open(temporary).close();
        Files.writeString(temporary.resolve("rocksdb/CURRENT"), "MANIFEST-999999\n");

        assertThat(refusal(temporary)).contains("restore it from a backup");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
