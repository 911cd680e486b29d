import { rmSync, writeFileSync } from 'node:fs';
import { type JavaExample, runJava } from './example.ts';
import type { Folder } from './folder.ts';
import { TOKENS } from './server.ts';

/** A server whose policy refuses what Ada does to names, until it is told otherwise. */
export interface GuardedServer extends JavaExample {
  /** Lets Ada change names from now on, or no more. */
  allowNames(allowed: boolean): void;
}

export async function startGuarded(folder: Folder): Promise<GuardedServer> {
  const key = folder.in('key');
  return {
    ...(await runJava(folder, SOURCE, key)),
    allowNames: (allowed) => (allowed ? writeFileSync(key, '') : rmSync(key)),
  };
}

/** Refuses Ada's changes of names as long as a file is not there. */
const SOURCE = `
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.embedded.EmbeddedStore;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.DocumentChange;
import dev.watersmeet.sync.DocumentPolicy;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import dev.watersmeet.transport.http.StaticTokens;
import dev.watersmeet.transport.http.SyncServlet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

public class Guarded {
    record Names(Path key) implements DocumentPolicy {
        public String version() {
            return "1";
        }

        public Set<String> readers(DocumentId document, Value record) {
            return Set.of("all");
        }

        public Set<String> audiences(Principal principal) {
            return Set.of("all");
        }

        public Optional<String> refuse(Principal principal, DocumentChange change) {
            var refused = principal.name().equals("ada") && change.fields().contains("name") && !Files.exists(key);
            return refused ? Optional.of("names are closed") : Optional.empty();
        }
    }

    public static void main(String[] args) throws Exception {
        var engine = SyncEngine.on(EmbeddedStore.open(Path.of(args[1])))
                .access(Access.writeEverywhere().withDocuments(new Names(Path.of(args[2]))))
                .collection("items", CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER)))
                .open();
        var server = new Server(Integer.parseInt(args[0]));
        var context = new ServletContextHandler("/");
        var tokens = Map.of("${TOKENS.ada}", new Principal("ada"), "${TOKENS.java}", new Principal("java"));
        context.addServlet(new SyncServlet(engine, StaticTokens.of(tokens)), "/v1/*");
        server.setHandler(context);
        server.start();
    }
}
`;
