import { lookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { SharedJobs } from './shared-jobs';

const MAX_LOOKUPS = 2;
const lookUp = promisify(lookup);

/** The same for every resolver (RFC 6761), so that nobody has to be asked; most servers listen to the first only. */
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Looks up names as all programs do (getaddrinfo(3)); rejects with its error. */
export class HostLookup {
  private readonly jobs = new SharedJobs<readonly LookupAddress[]>(MAX_LOOKUPS);

  /** Addresses that are known without a lookup; null: it takes one. */
  known(host: string): readonly LookupAddress[] | null {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    return /^localhost\.?$/i.test(host) ? LOOPBACK : null;
  }

  ask(host: string): Promise<readonly LookupAddress[]> {
    return this.jobs.run(host, () => lookUp(host, { all: true }));
  }
}
