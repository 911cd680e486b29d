// How long an edit takes from one client of HTTP through the server to another, which reads a stream of changes. Arguments: how many edits to warm up with,
// how many to measure. Standard input has JSON, a line each: first { live, change }, the request for the stream and what a line of it has that tells of a
// change; then the request of each edit. Standard output gets the milliseconds of each measured one, a line.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http'; // takes a third of a millisecond less than fetch, of which the server is not the cause

const PATIENCE_MILLIS = 20_000;

const [warmUp, measured] = process.argv.slice(2).map(Number);
const [{ live, change }, ...edits] = readFileSync(0, 'utf8').trimEnd().split('\n').map(JSON.parse);

const agent = new Agent({ keepAlive: true });
let arrive;
let fail;
read(await send(live));
for (let edit = 0; edit < warmUp + measured; edit++) {
  const arrived = new Promise((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  const patience = setTimeout(() => fail(new Error(`edit ${edit} has not arrived`)), PATIENCE_MILLIS);
  const start = performance.now();
  const answered = send(edits[edit]).then(ended);
  const millis = (await arrived) - start;
  clearTimeout(patience);
  await answered;
  if (edit >= warmUp) {
    console.log(millis);
  }
}
process.exit(); // the stream would go on

/** The answer to a request, of which the body is still to be read. */
async function send({ uri, method, headers, body }) {
  const answer = await new Promise((resolve, reject) => {
    const sent = request(uri, { method, headers, agent }, resolve);
    sent.on('error', reject);
    if (body !== undefined) {
      sent.setHeader('Content-Length', Buffer.byteLength(body));
    }
    sent.end(body);
  });
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    throw new Error(`${uri} was answered ${answer.statusCode}`);
  }
  return answer;
}

function ended(answer) {
  answer.resume();
  return new Promise((resolve) => {
    answer.on('end', resolve);
  });
}

/** Reads the stream, whose end is an error. */
function read(stream) {
  let line = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const lines = (line + chunk).split('\n');
    line = lines.pop();
    if (lines.some((text) => text.includes(change))) {
      arrive(performance.now());
    }
  });
  stream.on('end', () => fail(new Error('the stream has ended')));
}
