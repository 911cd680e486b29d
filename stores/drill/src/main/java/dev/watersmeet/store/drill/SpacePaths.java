package dev.watersmeet.store.drill;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where spaces are: for each a folder, with its name, its control record, and a folder for each of its lives. A file beside that of a life says that it is erased.
 *
 * @param root the folder of all spaces
 */
record SpacePaths(Path root) {
    /** What the name of a file ends with that says that the life of its name is erased. */
    static final String ERASED = ".erased";

    private static final String NAME = "name";

    Path of(SpaceId space) {
        return root.resolve(Names.of(space.name()));
    }

    Path of(SpaceKey life) {
        return of(life.space()).resolve(Names.of(life.life()));
    }

    Path of(RecordKey key) {
        return key.life() == 0
                ? of(key.space()).resolve("control")
                : of(new SpaceKey(key.space(), key.life()))
                        .resolve(key.kind() == RecordKey.Kind.MARK ? "marks" : "metadata")
                        .resolve(Names.of(key.name()));
    }

    /** The file that has a space's name. */
    Path name(SpaceId space) {
        return of(space).resolve(NAME);
    }

    /** The file that says that a life is erased. */
    Path erased(SpaceKey life) {
        return of(life.space()).resolve(Names.of(life.life()) + ERASED);
    }

    boolean isErased(SpaceKey life) {
        return Files.exists(erased(life));
    }

    /** The folder of the pages of a generation. */
    Path pages(SpaceKey life, long generation) {
        return of(life).resolve("pages").resolve(Names.of(generation));
    }

    /** A page of an attempt at ending a generation. */
    Path page(SpaceKey life, long generation, long attempt, int index) {
        return pages(life, generation).resolve(Names.of(attempt) + "." + index);
    }

    /** The space that has a folder. */
    static SpaceId space(Path folder) throws IOException {
        return SpaceId.of(Files.readString(folder.resolve(NAME)));
    }

    /** Whether the space that has a folder has a life that is not erased. */
    static boolean hasLife(Path folder) throws IOException {
        List<String> names = Disk.names(folder);
        return names.stream().anyMatch(name -> isLife(name) && !names.contains(name + ERASED));
    }

    private static boolean isLife(String name) {
        return name.length() == Names.of(0).length() && name.indexOf('.') < 0;
    }
}
