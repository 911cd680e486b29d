package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A space of our server, written by one replica with numbered pushes. */
final class WatersmeetSpace implements DocumentSpace {
    private static final String COLLECTION = "todos";
    private static final String EACH_DOCUMENT = "{\"collection\":";
    private static final AtomicLong REPLICAS = new AtomicLong(1);

    private final ServedProcess server;
    private final String path;
    private final MessageForm form;
    private final ReplicaId replica = new ReplicaId(REPLICAS.getAndIncrement());
    private String begin = "";
    private long number;
    private @Nullable String nonce;
    private int counter;
    private long millis = System.currentTimeMillis();

    private WatersmeetSpace(ServedProcess server, String name, MessageForm form) {
        this.server = server;
        this.path = "/v1/spaces/" + name;
        this.form = form;
    }

    static WatersmeetSpace open(ServedProcess server, String name, MessageForm form) throws IOException {
        WatersmeetSpace space = new WatersmeetSpace(server, name, form);
        space.begin = space.position();
        return space;
    }

    private HttpRequest.Builder request(String resource) {
        return HttpRequest.newBuilder(server.uri(path + resource))
                .header("Authorization", "Bearer " + WatersmeetPeer.TOKEN);
    }

    @Override
    public List<HttpRequest> writes(List<Sample> documents) {
        return bodies(documents.stream()
                        .map(document -> cells(document, document.fields()))
                        .toList())
                .stream()
                .map(this::push)
                .toList();
    }

    @Override
    public List<HttpRequest> retitles(List<Sample> documents) {
        return bodies(documents.stream()
                        .map(document -> cells(
                                document, Map.of("title", document.fields().get("title"))))
                        .toList())
                .stream()
                .map(this::push)
                .toList();
    }

    private HttpRequest push(byte[] body) {
        return request("/sync")
                .header("Content-Type", form.mediaType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    /** The bodies of the pushes of some documents: each follows the one before. */
    private List<byte[]> bodies(List<DocumentCells> documents) {
        List<byte[]> bodies = new ArrayList<>();
        for (int from = 0; from < documents.size(); from += BATCH) {
            List<PushedDocument> pushed = new ArrayList<>();
            for (DocumentCells document : documents.subList(from, Math.min(documents.size(), from + BATCH))) {
                pushed.add(new PushedDocument.Readable(document, false));
            }
            String fresh = new Stamp(++number, replica).toString();
            Push push = new Push(number, fresh, nonce, pushed);
            nonce = fresh;
            bodies.add(MergeFormat.writeSyncRequest(new SyncRequest(replica, begin, false, push), form));
        }
        return bodies;
    }

    private DocumentCells cells(Sample document, Map<String, Object> fields) {
        Stamp stamp = stamp();
        Map<Path, Cell> cells = new HashMap<>();
        cells.put(Path.existence(replica), Cell.live(stamp));
        fields.forEach((name, value) -> cells.put(Path.register(name), Cell.live(stamp, Value.of(value))));
        return new DocumentCells(DocumentId.of(COLLECTION, document.id()), DocumentState.of(cells));
    }

    private Stamp stamp() {
        if (++counter == 1 << 16) {
            counter = 0;
            millis++;
        }
        return Stamp.of(millis, counter, replica);
    }

    @Override
    public String position() throws IOException {
        String answer = text(Http.send(request("/snapshot?replica=" + replica).build()));
        return cursor(answer);
    }

    @Override
    public Reading first() throws IOException {
        Reading read = new Reading(0, 0);
        String position = "";
        while (true) {
            String answer = text(
                    Http.send(request("/snapshot?replica=" + replica + position).build()));
            read = read.plus(reading(answer));
            if (!answer.contains("\"position\":\"")) {
                return read;
            }
            position = "&position=" + Texts.lastBetween(answer, "\"position\":\"", "\"");
        }
    }

    @Override
    public Reading changes(String position) throws IOException {
        Reading read = new Reading(0, 0);
        String cursor = position;
        while (true) {
            String answer = text(Http.send(request("/changes?cursor=" + cursor).build()));
            read = read.plus(reading(answer));
            if (!answer.contains("\"more\":true")) {
                return read;
            }
            cursor = cursor(answer);
        }
    }

    @Override
    public HttpRequest live(String position) {
        return request("/changes?cursor=" + position)
                .header("Accept", "text/event-stream")
                .build();
    }

    @Override
    public String eachChange() {
        return EACH_DOCUMENT;
    }

    /** The path of the feed of all that changes from now on. */
    String feed() throws IOException {
        return path + "/changes?cursor=" + position();
    }

    private static String cursor(String answer) {
        return Texts.lastBetween(answer, "\"cursor\":\"", "\"");
    }

    private static Reading reading(String answer) {
        return new Reading(Texts.count(answer, EACH_DOCUMENT), answer.length());
    }

    /** An answer of letters of ASCII only. */
    private static String text(byte[] answer) {
        return new String(answer, ISO_8859_1);
    }
}
