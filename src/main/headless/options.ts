import { parseArgs } from 'node:util';
import { parseOrigin } from '../../shared/lib/host/origin';
import { parsePort } from '../../shared/lib/host/port';

/** How a headless engine is started. */
export interface HeadlessOptions {
  dataDir: string;
  /** null: the default port, or a free one when that is in use. */
  port: number | null;
  /** Show the dashboard in a browser. */
  open: boolean;
  /** Origin under which a reverse proxy on this machine offers the dashboard; null without one. */
  proxyOrigin: string | null;
  /** Print an address that opens the dashboard once. Not into a log, which others read too. */
  address: boolean;
}

/** Options as they stand in an argument vector; the data directory may be left to the default. */
export function parseHeadlessArguments(
  argv: readonly string[],
): Omit<HeadlessOptions, 'dataDir'> & { dataDir: string | null } {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      open: { type: 'boolean', default: false },
      'proxy-origin': { type: 'string' },
      'no-address': { type: 'boolean', default: false },
    },
  });
  return {
    dataDir: values['data-dir'] ?? null,
    port: values.port === undefined ? null : parsePort(values.port),
    open: values.open,
    proxyOrigin: values['proxy-origin'] === undefined ? null : parseOrigin(values['proxy-origin']),
    address: !values['no-address'],
  };
}
