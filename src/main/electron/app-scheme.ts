import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { renderPage, SECURITY_HEADERS } from '../api/page';

/** Where the page of the window lives. A scheme of our own has an origin, so that the page's rules hold as on the web. */
export const APP_URL = 'healdeck://dashboard/';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Whether a URL is of the page that we serve; everything else is a stranger. */
export function isAppUrl(url: string): boolean {
  try {
    const { protocol: scheme, host } = new URL(url);
    return scheme === 'healdeck:' && host === 'dashboard';
  } catch {
    return false;
  }
}

/**
 * The file below `root` that a URL names, or null when it would lie outside of it.
 * An encoded separator or NUL is no name that a build ever writes.
 */
export function fileOf(root: string, url: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(root, path.endsWith('/') ? `${path}index.html` : path));
  return file.startsWith(root + sep) ? file : null;
}

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'healdeck', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page in `root` to a session: pages with a fresh nonce and their security headers, files as they are. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle('healdeck', async (request) => {
    const file = isAppUrl(request.url) && request.method === 'GET' ? fileOf(root, request.url) : null;
    if (file === null) return new Response('Not found', { status: 404 });
    let body: Buffer;
    try {
      body = await readFile(file);
    } catch {
      return new Response('Not found', { status: 404 });
    }
    if (extname(file) === '.html') {
      const page = renderPage(body.toString('utf8'));
      return new Response(page.body, { headers: page.headers });
    }
    const type = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(body), { headers: { ...SECURITY_HEADERS, 'content-type': type } });
  });
}
