package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;

/** Is told by a database what processes change. Hints only: they may be missing, come twice, or for nothing. Thread-safe, and quick: it is called by the database's own threads. */
public interface ChangeListener {
    /** A space may have changed. */
    void changed(SpaceId space);

    /** Any space may have changed: something may have been missed. */
    void missed();
}
