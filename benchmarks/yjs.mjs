// Encodes the document workload with Yjs. Standard input holds a JSON array a line, [document, field, value]: what stands already, then an empty line,
// then the updates. Standard output gets what a second replica sends of the updates, in base64: a line in Yjs's update format 1, and one in format 2.
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';

const [standing, updates] = readFileSync(0, 'utf8')
  .split('\n\n')
  .map((part) =>
    part
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );

const first = new Y.Doc();
write(first, standing);
const second = new Y.Doc();
Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
const before = Y.encodeStateVector(second);
write(second, updates);
for (const encode of [Y.encodeStateAsUpdate, Y.encodeStateAsUpdateV2]) {
  console.log(Buffer.from(encode(second, before)).toString('base64'));
}

/** One transaction: the fewest structs that Yjs can have. */
function write(doc, entries) {
  doc.transact(() => {
    for (const [document, field, value] of entries) {
      doc.getMap(document).set(field, value);
    }
  });
}
