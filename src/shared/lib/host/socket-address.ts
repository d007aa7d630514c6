import type { SocketAddress } from '../../model/ports';

/** `127.0.0.1:8080`, or the path of a unix socket. */
export function formatSocketAddress({ address, port }: Pick<SocketAddress, 'address' | 'port'>): string {
  return port === null ? address : `${address}:${port}`;
}
