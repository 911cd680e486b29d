package dev.watersmeet.benchmarks.server;

import dev.watersmeet.format.MessageForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our server, as it is run, with limits that one principal who does all the work does not reach. */
final class WatersmeetPeer implements DocumentServer {
    static final String TOKEN = "secret";

    private static final String MAIN = "dev.watersmeet.server.Main";
    private static final List<String> ROOM = List.of(
            "requests-per-second=1000000",
            "request-burst=1000000",
            "bytes-per-second=1000000000",
            "byte-burst=1000000000",
            "requests-of-principal=10000",
            "feeds-of-principal=10000");

    private final ServedProcess process;
    private final MessageForm form;

    private WatersmeetPeer(ServedProcess process, MessageForm form) {
        this.process = process;
        this.form = form;
    }

    /**
     * Starts the server.
     *
     * @param folder for its data
     * @param form in which clients write
     * @param options of its virtual machine
     */
    static WatersmeetPeer start(Path folder, MessageForm form, String... options) throws IOException {
        return start(folder, form, List.of("--data=data"), options);
    }

    /**
     * Starts the server on another store.
     *
     * @param store what it is told of the store
     */
    static WatersmeetPeer start(Path folder, MessageForm form, List<String> store, String... options)
            throws IOException {
        ServedProcess process = ServedProcess.start(folder, port -> {
            List<String> command = new ArrayList<>(ServedProcess.java(MAIN, options));
            command.addAll(List.of("--port=" + port, "--token=bench=" + TOKEN));
            command.addAll(store);
            ROOM.forEach(limit -> command.add("--limit=" + limit));
            return command;
        });
        return new WatersmeetPeer(process, form);
    }

    ServedProcess process() {
        return process;
    }

    @Override
    public WatersmeetSpace create(String name) throws IOException {
        return WatersmeetSpace.open(process, name, form);
    }

    @Override
    public void close() {
        process.close();
    }
}
