// How long an edit takes from one y-websocket client through the server to another. Arguments: the server's address, how many edits to warm up with,
// how many to measure. Standard input has a document a line, as JSON, for each edit. Standard output gets the milliseconds of each measured one, a line.
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const [url, warmUp, measured] = process.argv.slice(2);
const documents = readFileSync(0, 'utf8').trimEnd().split('\n');

const writer = await connect();
const reader = await connect();
const map = reader.doc.getMap('documents');
for (let edit = 0; edit < Number(warmUp) + Number(measured); edit++) {
  const document = JSON.parse(documents[edit]);
  const arrived = new Promise((resolve) =>
    map.observe(function arrive() {
      map.unobserve(arrive);
      resolve(performance.now());
    }),
  );
  const start = performance.now();
  writer.doc.getMap('documents').set(String(edit), document);
  const millis = (await arrived) - start;
  if (edit >= Number(warmUp)) {
    console.log(millis);
  }
}
process.exit(); // the providers' timers would go on

/** A client with a document of its own, which has seen what the server has. Only the server connects it with others. */
async function connect() {
  const provider = new WebsocketProvider(url, 'bench', new Y.Doc(), {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  });
  await new Promise((resolve) => provider.once('sync', resolve));
  return provider;
}
