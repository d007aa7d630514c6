import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

/**
 * Bundles a TypeScript file so that a child process can run it: for tests that kill what they test.
 * The bundle lies under node_modules, where packages (native ones too) are found. `dispose` removes it.
 */
export async function bundleForNode(entry: string): Promise<{ file: string; dispose: () => void }> {
  const cache = resolve('node_modules/.cache/healdeck-tests');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(entry),
      outDir,
      minify: false,
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'child.cjs', codeSplitting: false } },
    },
    // conf has no CommonJS entry, and Node 20.18 can't require() ES modules: as in the real bundle it is built in.
    ssr: { noExternal: true, external: ['libsql'] },
  });
  return { file: join(outDir, 'child.cjs'), dispose: () => rmSync(outDir, { recursive: true, force: true }) };
}
