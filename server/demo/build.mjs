// Builds the demo pages to where the server's class path has them: /demo. Needs a built @watersmeet/client.
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = fileURLToPath(new URL('../target/classes/demo', import.meta.url));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ['src/index.ts', 'src/pane.ts'],
  outdir: out,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
});
for (const file of ['index.html', 'pane.html', 'mark.svg', 'styles']) {
  await cp(`${here}${file}`, `${out}/${file}`, { recursive: true });
}
