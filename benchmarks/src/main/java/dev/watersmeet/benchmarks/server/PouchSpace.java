package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A database of {@code pouchdb-server}. */
final class PouchSpace implements DocumentSpace {
    /** Above this, pages get no faster. */
    private static final int PAGE = 1_000;

    private static final String EACH_CHANGE = "\"changes\":[";
    private static final Pattern REVISION = Pattern.compile("\"id\":\"([^\"]*)\"[^{}]*\\{\"rev\":\"([^\"]*)\"");
    private static final Pattern SEQUENCE = Pattern.compile("\"last_seq\":\"?(\\d+)");

    private final ServedProcess server;
    private final String path;

    PouchSpace(ServedProcess server, String name) {
        this.server = server;
        this.path = "/" + name;
    }

    private HttpRequest.Builder request(String resource) {
        return HttpRequest.newBuilder(server.uri(path + resource));
    }

    private HttpRequest post(String resource, String body) {
        return request(resource)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(UTF_8)))
                .build();
    }

    @Override
    public List<HttpRequest> writes(List<Sample> documents) {
        return bulk(documents, Map.of());
    }

    @Override
    public List<HttpRequest> retitles(List<Sample> documents) throws IOException {
        String keys = documents.stream()
                .map(document -> "\"" + document.id() + "\"")
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
        Map<String, String> revisions = new HashMap<>();
        Matcher row = REVISION.matcher(new String(Http.send(post("/_all_docs", keys)), UTF_8));
        while (row.find()) {
            revisions.put(row.group(1), row.group(2));
        }
        return bulk(documents, revisions);
    }

    private List<HttpRequest> bulk(List<Sample> documents, Map<String, String> revisions) {
        List<HttpRequest> requests = new ArrayList<>();
        for (int from = 0; from < documents.size(); from += BATCH) {
            requests.add(post(
                    "/_bulk_docs",
                    documents.subList(from, Math.min(documents.size(), from + BATCH)).stream()
                            .map(document -> "{\"_id\":\"" + document.id() + "\"," + revision(revisions, document)
                                    + document.members() + "}")
                            .collect(Collectors.joining(",", "{\"docs\":[", "]}"))));
        }
        return requests;
    }

    private static String revision(Map<String, String> revisions, Sample document) {
        String revision = revisions.get(document.id());
        return revision == null ? "" : "\"_rev\":\"" + revision + "\",";
    }

    @Override
    public String position() throws IOException {
        return sequence(text("/_changes?descending=true&limit=1"));
    }

    @Override
    public Reading first() throws IOException {
        return changes("0");
    }

    @Override
    public Reading changes(String position) throws IOException {
        Reading read = new Reading(0, 0);
        String since = position;
        while (true) {
            String answer = text("/_changes?include_docs=true&limit=" + PAGE + "&since=" + since);
            long changes = Texts.count(answer, EACH_CHANGE);
            read = read.plus(new Reading(changes, answer.length()));
            if (changes < PAGE) {
                return read;
            }
            since = sequence(answer);
        }
    }

    @Override
    public HttpRequest live(String position) {
        return request("/_changes?feed=continuous&include_docs=true&heartbeat=10000&since=" + position)
                .build();
    }

    @Override
    public String eachChange() {
        return EACH_CHANGE;
    }

    private String text(String resource) throws IOException {
        return new String(Http.send(request(resource).build()), UTF_8);
    }

    private static String sequence(String answer) {
        Matcher sequence = SEQUENCE.matcher(answer);
        if (!sequence.find()) {
            throw new IllegalStateException("the changes of pouchdb-server have no last_seq: " + answer);
        }
        return sequence.group(1);
    }
}
