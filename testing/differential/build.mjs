import { build } from 'esbuild';

await build({
  entryPoints: { peer: 'src/peer/main.ts' },
  absWorkingDir: import.meta.dirname,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline', // so that failures name the lines of the model
  logLevel: 'warning',
});
