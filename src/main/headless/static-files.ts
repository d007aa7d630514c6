import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** A file ready to be sent. */
export interface StaticFile {
  body: Buffer;
  headers: Readonly<Record<string, string | number>>;
}

/**
 * The files of a folder, read once: a few megabytes. No request touches the disk, so none can leave the folder, and a dashboard
 * that is rebuilt while the engine runs neither breaks an open page nor, by a file that is gone, the engine.
 */
export function loadStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() && !entry.name.startsWith('.')) {
        files.set(`/${relative(folder, path).split(sep).join('/')}`, staticFile(path));
      }
    }
  };
  visit(folder);
  return files;
}

function staticFile(path: string): StaticFile {
  const body = readFileSync(path);
  return {
    body,
    headers: {
      'content-type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      'content-length': body.length,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      // Asked for again each time: the answer is nearly always 304, and it never leaves the machine.
      'cache-control': 'no-cache',
    },
  };
}

/** Answers with the file, or reports that it is unchanged. */
export function sendStaticFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  if (request.headers['if-none-match'] === file.headers.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
}
