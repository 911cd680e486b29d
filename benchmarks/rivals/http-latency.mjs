// How long an edit takes from one client of HTTP through the server to another, which reads a stream of changes. Arguments: how many edits to warm up with,
// how many to measure. Standard input has JSON, a line each: first { live, change }, the request for the stream and what a line of it has that tells of a
// change; then the request of each edit. Standard output gets the milliseconds of each measured one, a line.
import { readFileSync } from 'node:fs';

const [warmUp, measured] = process.argv.slice(2).map(Number);
const [{ live, change }, ...edits] = readFileSync(0, 'utf8').trimEnd().split('\n').map(JSON.parse);

const PATIENCE_MILLIS = 20_000;

let arrive;
let patience;
const reading = read();
await reading.begun;
for (let edit = 0; edit < warmUp + measured; edit++) {
  const arrived = new Promise((resolve) => {
    arrive = resolve;
  });
  const start = performance.now();
  const answered = send(edits[edit]).then((response) => response.arrayBuffer());
  const millis = (await Promise.race([arrived, reading.ended, late()])) - start;
  clearTimeout(patience);
  await answered;
  if (edit >= warmUp) {
    console.log(millis);
  }
}
process.exit(); // the stream would go on

async function send({ uri, method, headers, body }) {
  // Servers that compress a stream hold back what they have compressed.
  const response = await fetch(uri, { method, headers: { ...headers, 'Accept-Encoding': 'identity' }, body });
  if (!response.ok) {
    throw new Error(`${uri} was answered ${response.status}: ${await response.text()}`);
  }
  return response;
}

/** Fails when an edit has not arrived in time. */
function late() {
  return new Promise((_, reject) => {
    patience = setTimeout(reject, PATIENCE_MILLIS, new Error(`an edit has not arrived within ${PATIENCE_MILLIS} ms`));
  });
}

/** Reads the stream to its end, which is an error. */
function read() {
  let begin;
  const begun = new Promise((resolve) => {
    begin = resolve;
  });
  const ended = (async () => {
    const response = await send(live);
    begin();
    const decoder = new TextDecoder();
    let line = '';
    for await (const chunk of response.body) {
      const lines = (line + decoder.decode(chunk, { stream: true })).split('\n');
      line = lines.pop();
      if (lines.some((text) => text.includes(change))) {
        arrive(performance.now());
      }
    }
    throw new Error('the stream has ended');
  })();
  return { begun, ended };
}
