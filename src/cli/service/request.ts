import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ServiceHost } from './host';
import type { ServiceRequest, ServiceScope } from './managers/definition';

/** A service of this very installation and this Node. */
export function requestFor(
  { places, uid }: ServiceHost,
  scope: ServiceScope,
  dataDir: string,
  runOptions: readonly string[] = [],
): ServiceRequest {
  const script = realpathOf(join(__dirname, '..', '..', 'bin', 'healdeck.js'));
  return { scope, dataDir, script, node: process.execPath, runOptions, places, uid, sendsItself: canSendDatagrams() };
}

/** Whether the engine can send to its manager by itself, as it finds it out too. */
function canSendDatagrams(): boolean {
  try {
    createRequire(__filename)('koffi');
    return true;
  } catch {
    return false;
  }
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
