import { build } from 'esbuild';

await build({
  entryPoints: { index: 'src/index.ts', capture: 'src/capture/index.ts', batch: 'src/batch/index.ts' },
  absWorkingDir: import.meta.dirname,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  logLevel: 'info',
});
