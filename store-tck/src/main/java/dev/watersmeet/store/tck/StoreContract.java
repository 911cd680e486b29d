package dev.watersmeet.store.tck;

import org.junit.jupiter.api.Nested;

/**
 * All that a store has to keep, as JUnit 5 tests. An adapter has one test class that extends this one:
 *
 * <pre>{@code
 * class MyStoreTest extends StoreContract {
 *     @Override
 *     protected StoreFixture fixture() {
 *         return new MyFixture();
 *     }
 * }
 * }</pre>
 */
public abstract class StoreContract {
    /** A contract has no state of its own. */
    protected StoreContract() {}

    /** A fixture without data. Called at least once for each test. */
    protected abstract StoreFixture fixture();

    @Nested
    class Joining extends JoinContract {
        Joining() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Reading extends ReadContract {
        Reading() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Marking extends MarkContract {
        Marking() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Following extends ChangesContract {
        Following() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Expiring extends CursorContract {
        Expiring() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Scanning extends ScanContract {
        Scanning() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Deciding extends MetadataContract {
        Deciding() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Watching extends WatchContract {
        Watching() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Naming extends NameContract {
        Naming() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Reopening extends DurabilityContract {
        Reopening() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Sharing extends SharingContract {
        Sharing() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Closing extends CloseContract {
        Closing() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Claiming extends CapabilityContract {
        Claiming() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Bounding extends LimitContract {
        Bounding() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Purging extends PurgeContract {
        Purging() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Fencing extends FenceContract {
        Fencing() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Renewing extends EpochContract {
        Renewing() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    class Erasing extends SpacesContract {
        Erasing() {
            super(StoreContract.this::fixture);
        }
    }
}
