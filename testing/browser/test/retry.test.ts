import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { launch } from '../src/browser.ts';
import { runJava } from '../src/example.ts';
import { launchFirefox } from '../src/firefox.ts';
import { createFolder } from '../src/folder.ts';
import { startReplica } from '../src/replica.ts';
import { live } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

const CHROMIUM = ['Chromium', launch] as const;
const FIREFOX = ['Firefox', launchFirefox] as const;
const ENGINES = process.env.WATERSMEET_LONG === '1' ? [CHROMIUM, FIREFOX] : [CHROMIUM];

/** Refuses changes of names as long as a file is not there. */
const GUARDED = `
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

it.each(ENGINES)(
  'makes an edit again that a policy had refused, once it is allowed, on what others have changed since, in %s',
  async (_, launcher) => {
    const folder = createFolder();
    const { url, stop } = await runJava(folder, GUARDED, folder.in('key'));
    const java = startReplica(url, 'shop', TOKENS.java);
    await java.put('a', { name: 'box', tags: ['x'], quantity: 1 });
    await java.sync();
    const options = { profile: folder.in('ada'), url, flavour: 'dexie', space: 'shop', token: TOKENS.ada } as const;
    let ada = await launcher(options);
    try {
      await live(ada);
      const refused = await ada.run(async ({ app, sync }) => {
        await app.put({ ...(await app.all())[0], id: 'a', name: 'crate', tags: ['x', 'y'], quantity: 3 });
        return sync.now().catch(({ code }: { code: string }) => code);
      });
      expect(refused).toBe('refused');
      await java.edit('a', { shelf: 'B2', quantity: 5 });
      await java.sync();

      await ada.close();
      ada = await launcher(options);
      await live(ada);
      expect(await ada.run(({ sync }) => sync.deadLetters.list())).toMatchObject([
        { key: 'a', code: 'forbidden', detail: 'names are closed', record: { id: 'a', name: 'crate', quantity: 3 } },
      ]);
      const again = () =>
        ada.run(async ({ sync }) => {
          const [letter] = await sync.deadLetters.list();
          if (letter !== undefined) await sync.deadLetters.retry(letter);
          return sync.now().then(
            () => 'confirmed',
            ({ code }: { code: string }) => code,
          );
        });
      await again();
      await eventually('it is refused again', () =>
        ada.run(async ({ sync }) => ((await sync.deadLetters.list()).length === 1 ? true : undefined)),
      );
      writeFileSync(folder.in('key'), '');
      expect(await again()).toBe('confirmed');
      expect(await ada.run(({ sync }) => sync.deadLetters.list())).toEqual([]);
      await java.sync();
      const merged = { name: 'crate', shelf: 'B2', tags: ['x', 'y'], quantity: 7 };
      expect(await java.get('a')).toEqual(merged);
      expect(await ada.run(({ app }) => app.all())).toMatchObject([merged]);
    } finally {
      await ada.close();
      await java.stop();
      await stop();
      folder.delete();
    }
  },
);
