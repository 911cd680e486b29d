package dev.watersmeet.benchmarks.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What no server in Java can be much faster than at taking pushes: Jetty, Jackson and RocksDB with nothing between them. Each body is parsed, and its documents are written as they stand, each under
 * its id, in one batch that is synced. There are no rights, no checks, no merging, no log.
 */
public final class BareServer {
    private static final JsonFactory JSON = new JsonFactory();

    private BareServer() {}

    /** Serves at a port, with a folder for its data. */
    public static void main(String[] args) throws Exception {
        RocksDB.loadLibrary();
        Options options = new Options().setCreateIfMissing(true);
        RocksDB rocks = RocksDB.open(options, Path.of(args[1]).toString());
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[0]));
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        context.addServlet(new ServletHolder(new Taking(rocks)), "/*");
        server.setHandler(context);
        server.start();
        server.join();
    }

    /** Takes the documents of a push. */
    private static final class Taking extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient RocksDB rocks;

        Taking(RocksDB rocks) {
            this.rocks = rocks;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] body = request.getInputStream().readAllBytes();
            try (WriteBatch batch = new WriteBatch();
                    WriteOptions synced = new WriteOptions().setSync(true)) {
                int documents = parse(body, batch);
                rocks.write(synced, batch);
                response.getWriter().print(documents);
            } catch (RocksDBException e) {
                throw new IOException(e);
            }
        }

        /** Every token is read; a document is an object of the array {@code documents}. */
        private static int parse(byte[] body, WriteBatch batch) throws IOException, RocksDBException {
            int documents = 0;
            try (JsonParser parser = JSON.createParser(body)) {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token == JsonToken.START_ARRAY && "documents".equals(parser.currentName())) {
                        while (parser.nextToken() == JsonToken.START_OBJECT) {
                            document(parser, body, batch);
                            documents++;
                        }
                    }
                }
            }
            return documents;
        }

        private static void document(JsonParser parser, byte[] body, WriteBatch batch)
                throws IOException, RocksDBException {
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            String id = "";
            int depth = 1;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_STRING) {
                    String text = parser.getText();
                    if (depth == 1 && "id".equals(parser.currentName())) {
                        id = text;
                    }
                }
            }
            int end = (int) parser.currentLocation().getByteOffset();
            batch.put(id.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(body, begin, end));
        }
    }
}
