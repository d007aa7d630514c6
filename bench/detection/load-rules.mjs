import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

/** The rules of the engine, bundled. */
export async function loadRules() {
  const workDir = await mkdtemp(join(tmpdir(), 'healdeck-bench-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: join(here, 'rules.mjs'),
        outDir: workDir,
        emptyOutDir: false,
        target: 'node20',
        rollupOptions: { output: { format: 'es', entryFileNames: 'rules.mjs' } },
      },
    });
    return await import(pathToFileURL(join(workDir, 'rules.mjs')).href);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
