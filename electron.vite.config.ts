import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

/**
 * Not bundled: `libsql` loads a native binary next to itself, and the others are optional parts of dependencies which are
 * not installed and may be absent at run time. Everything else is bundled, so that ESM-only packages work from CommonJS.
 */
const EXTERNAL = ['electron', 'libsql', 'bufferutil', 'utf-8-validate', 'osx-temperature-sensor', 'fsevents'];

/**
 * The first statement of each program, before it loads anything: SIGUSR1 would open Node's inspector, which lets every user of the machine
 * run code in it. An import would come after those of other chunks.
 */
const IGNORE_SIGUSR1 = "'use strict';\nprocess.on('SIGUSR1', () => undefined);";

/** What `npm run dev` makes begins with this too, so that `npm start` builds again. */
const DEVELOPMENT_MARK = '/* development build */';

/** node18 and chrome114 are the oldest runtimes we run on. `serve` is `npm run dev`. */
export default defineConfig(({ command }) => ({
  main: {
    // Only a development build shows a page from elsewhere than its own files.
    define: { __DEVELOPMENT__: JSON.stringify(command === 'serve') },
    build: {
      target: 'node18',
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          electron: at('src/main/electron/index.ts'),
          headless: at('src/main/headless/index.ts'),
          cli: at('src/cli/index.ts'),
          // Threads of the engine, not programs.
          'record-worker': at('src/main/adapters/record/record-worker.ts'),
          'end-worker': at('src/main/adapters/processes/pidfd/end-worker.ts'),
          'notice-worker': at('src/main/adapters/notices/notice-worker.ts'),
          'evidence-worker': at('src/main/adapters/evidence/evidence-worker.ts'),
          'reader-worker': at('src/main/adapters/processes/procfs/reader-worker.ts'),
        },
        external: EXTERNAL,
        // Chunks lie beside the entries, so that __dirname is out/main in all of them.
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunk-[name]-[hash].js',
          banner: ({ isEntry }) => (isEntry ? IGNORE_SIGUSR1 + (command === 'serve' ? DEVELOPMENT_MARK : '') : ''),
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node18',
      // A sandboxed preload can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react()],
    // Whoever serves the page replaces it by a fresh nonce that the Content-Security-Policy names.
    html: { cspNonce: '__CSP_NONCE__' },
    build: {
      target: 'chrome114',
      minify: true,
      modulePreload: { polyfill: false },
      // The CSP allows no data: fonts or scripts; files are served from the same origin anyway.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: at('src/renderer/index.html') },
    },
  },
}));
