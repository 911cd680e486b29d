package dev.watersmeet.benchmarks;

import java.util.Random;

/** The document workload: 10,000 updates of random fields of 1,000 documents, in 100 batches. */
final class Updates {
    static final int DOCUMENTS = 1_000;
    static final int KEYS = DOCUMENTS * Keys.FIELDS;
    static final int COUNT = 10_000;

    private static final int BATCH = 100;

    private Updates() {}

    /** Takes an update. */
    interface Update {
        void write(int key, String value);
    }

    /** Calls for each update with its key and a value of its own, and after each batch. */
    static void each(Update update, Runnable batch) {
        Random random = new Random(7);
        for (int i = 1; i <= COUNT; i++) {
            update.write(random.nextInt(KEYS), "hello " + i);
            if (i % BATCH == 0) {
                batch.run();
            }
        }
    }
}
