import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

/**
 * Bundles a TypeScript file so that a child process can run it: for tests that kill what they test.
 * The bundle lies under node_modules, where packages (native ones too) are found. `dispose` removes it.
 */
export async function bundleForNode(entry: string): Promise<{ file: string; dispose: () => void }> {
  const { dir, dispose } = await bundle({ child: entry });
  return { file: join(dir, 'child.js'), dispose };
}

/** Bundles the threads of an engine under the names that the build gives them; `dispose` removes them. */
export function bundleThreads(): Promise<{ dir: string; dispose: () => void }> {
  return bundle({
    'record-worker': 'src/main/adapters/record/record-worker.ts',
    'end-worker': 'src/main/adapters/processes/pidfd/end-worker.ts',
    'notice-worker': 'src/main/adapters/notices/notice-worker.ts',
    'evidence-worker': 'src/main/adapters/evidence/evidence-worker.ts',
    'reader-worker': 'src/main/adapters/processes/procfs/reader-worker.ts',
  });
}

async function bundle(entries: Record<string, string>): Promise<{ dir: string; dispose: () => void }> {
  const cache = resolve('node_modules/.cache/healdeck-tests');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'child-'));
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, resolve(file)]));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: dir,
      minify: false,
      rollupOptions: { input, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
    // conf has no CommonJS entry, and Node 20.18 can't require() ES modules: as in the real bundle it is built in.
    ssr: { noExternal: true, external: ['libsql'] },
  });
  return { dir, dispose: () => rmSync(dir, { recursive: true, force: true }) };
}
