import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true }); // nothing of what is no longer there

await build({
  entryPoints: {
    index: 'src/index.ts',
    capture: 'src/capture/index.ts',
    batch: 'src/batch/index.ts',
    react: 'src/react/index.ts',
    inspector: 'src/inspector/index.ts',
  },
  external: ['react'],
  absWorkingDir: import.meta.dirname,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  logLevel: 'info',
});
