import { connect as connectTcp, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { Scope } from './attempt';
import type { HostLookup } from './host-lookup';

/** Where a connection leads. */
export type Endpoint = { host: string; port: number } | { socketPath: string };

/** What a TLS connection is made with; the certificate is judged by who asked for the connection. */
export interface TlsDemand {
  /** Name or address that the server is asked for. */
  host: string;
  context: SecureContext;
}

export interface ConnectionEvents {
  /** Nothing was sent or received yet. */
  onSocket: (socket: Socket) => void;
  /** The host could not be looked up. */
  onFailure: (error: NodeJS.ErrnoException) => void;
}

/** Opens connections. Each is a fresh one: a probe asks whether the server accepts. */
export class Connections {
  constructor(private readonly lookup: HostLookup) {}

  /** The socket of a connection that has begun, or why there can't be one, comes once; it is destroyed at the end of the scope. */
  open(scope: Scope, endpoint: Endpoint, tls: TlsDemand | null, { onSocket, onFailure }: ConnectionEvents): void {
    const connect = (options: NetConnectOpts): void => {
      if (scope.isOver) return;
      const socket = tls === null ? connectTcp(options) : connectOverTls(options, tls);
      scope.own(() => socket.destroy());
      onSocket(socket);
    };
    if ('socketPath' in endpoint) {
      connect({ path: endpoint.socketPath });
      return;
    }
    const { host, port } = endpoint;
    const known = this.lookup.known(host);
    if (known !== null) {
      connect(toAddresses(host, port, known));
      return;
    }
    this.lookup.ask(host).then(
      (addresses) => connect(toAddresses(host, port, addresses)),
      (error: NodeJS.ErrnoException) => scope.isOver || onFailure(error),
    );
  }
}

type Addresses = Awaited<ReturnType<HostLookup['ask']>>;

/** One address is connected to as it is; of several, Node tries one after the other (RFC 8305). */
function toAddresses(host: string, port: number, addresses: Addresses): NetConnectOpts {
  const [first, ...others] = addresses;
  if (first !== undefined && others.length === 0) return { host: first.address, port };
  return {
    ...{ host, port, autoSelectFamily: true },
    lookup: (_host, _options, onAddresses) => onAddresses(null, [...addresses]),
  };
}

function connectOverTls(options: NetConnectOpts, { host, context }: TlsDemand): Socket {
  return connectTls({
    // Whom the certificate has to be for; it does not matter to a connection over a path.
    host,
    ...options,
    ...(isIP(host) === 0 && { servername: host }),
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    // Its problems are put in words by who asked.
    rejectUnauthorized: false,
  });
}
