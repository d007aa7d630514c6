import { describe, expect, it } from 'vitest';
import type { InetSocket, SocketFact, UnixSocket } from '../ports';
import type { Look } from './look';
import type { Member } from './members';
import { ObservedConnections } from './observed-connections';

const WATCH_OF: Readonly<Record<number, string>> = { 10: 'web', 20: 'api', 21: 'api', 30: 'db' };
const member = (pid: number): Member => ({ pid, startTime: pid, name: `program-${pid}`, watch: WATCH_OF[pid]! });

/** What some processes hold, by pid, and all that the kernel shows. */
function look(
  held: Readonly<Record<number, readonly string[]>>,
  sockets: readonly SocketFact[],
  withEnded = true,
): Look {
  const pids = Object.keys(held).map(Number);
  return {
    members: pids.map(member),
    reading: {
      processes: pids.map((pid) => ({ pid, inodes: held[pid]!, isCut: false })),
      ...{ sockets, ownNamespace: 'host' },
    },
    withEnded,
  };
}

const end = (text: string) => {
  const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(text)!;
  return { address, port: Number(port) };
};
const inet = (
  inode: string | null,
  local: string,
  remote: string | null,
  more: Partial<InetSocket> = {},
): InetSocket => ({
  ...{ protocol: 'tcp', namespace: 'host', inode, local: end(local) },
  ...{ remote: remote === null ? null : end(remote), ...more },
});
const unix = (inode: string, more: Partial<UnixSocket> = {}): UnixSocket => ({
  ...{ protocol: 'unix', namespace: 'host', inode, path: null, isListening: false, peer: null, ...more },
});

const LISTENS = inet('l', '127.0.0.1:8081', null);
const CLIENT = inet('c', '127.0.0.1:40000', '127.0.0.1:8081');
const SERVER = inet('s', '127.0.0.1:8081', '127.0.0.1:40000');

function observed(...looks: readonly Look[]): ObservedConnections {
  const connections = new ObservedConnections();
  for (const one of looks) connections.add(one);
  return connections;
}

const WEB_TO_API = {
  ...{ from: 'web', to: 'api' },
  evidence: [
    {
      ...{ protocol: 'tcp', address: '127.0.0.1', port: 8081, connections: 1 },
      pids: { client: [10], server: [20] },
    },
  ],
};

describe('what depends on what', () => {
  it('is who connects on who listens, whichever ends are seen', () => {
    const both = look({ 10: ['c'], 20: ['l', 's'] }, [LISTENS, SERVER, CLIENT]);
    const oneEnd = look({ 10: ['c'], 20: ['l'] }, [LISTENS, CLIENT]);
    for (const one of [both, oneEnd]) {
      expect(observed(one).edges).toEqual([WEB_TO_API]);
      expect(observed(one).peers).toEqual([]);
    }
  });

  it('adds up over looks, each connection once', () => {
    const held = { 10: ['c'], 20: ['l'], 30: [] };
    const later = inet('c2', '127.0.0.1:40001', '127.0.0.1:8081');
    const { edges } = observed(
      look(held, [LISTENS, CLIENT]),
      look(held, [LISTENS, CLIENT], false),
      look({ 10: ['c2'], 20: ['l'] }, [LISTENS, later]),
      look({ 10: [], 20: ['l'] }, [LISTENS]),
    );
    expect(edges[0]?.evidence[0]?.connections).toBe(2);
  });

  it('is the one who has accepted a connection, where another one listens', () => {
    const given = look({ 10: ['c'], 20: ['s'], 30: ['l'] }, [LISTENS, SERVER, CLIENT]);
    expect(observed(given).edges.map(({ to }) => to)).toEqual(['api']);
  });

  it('is nothing within one watch, also between two of its processes', () => {
    const within = look({ 20: ['l', 's'], 21: ['c'] }, [LISTENS, SERVER, CLIENT]);
    expect(observed(within).edges).toEqual([]);
    expect(observed(within).peers).toEqual([]);
  });

  it.each([
    ['all interfaces of IPv4', '0.0.0.0:8081', '127.0.0.1:8081'],
    ['all interfaces of both families', '[::]:8081', '127.0.0.1:8081'],
    ['all interfaces of IPv6', '[::]:8081', '[::1]:8081'],
  ])('is on who listens on %s', (_what, listening, remote) => {
    const client = inet('c', remote.replace('8081', '40000'), remote);
    expect(observed(look({ 10: ['c'], 20: ['l'] }, [inet('l', listening, null), client])).edges).toHaveLength(1);
  });

  it.each([
    ['another port', '127.0.0.1:8082', '127.0.0.1:8081'],
    ['another address', '127.0.0.2:8081', '127.0.0.1:8081'],
    ['another family', '0.0.0.0:8081', '[::1]:8081'],
    ['the same port of another machine', '0.0.0.0:443', '93.184.216.34:443'],
  ])('is not on who listens on %s', (_what, listening, remote) => {
    const client = inet('c', '10.0.0.7:40000', remote);
    const { edges, peers } = observed(look({ 10: ['c'], 20: ['l'] }, [inet('l', listening, null), client]));
    expect(edges).toEqual([]);
    expect(peers).toHaveLength(1);
  });

  it('is not on who listens at that address in another network namespace', () => {
    const elsewhere = { ...LISTENS, namespace: 'container' };
    expect(observed(look({ 10: ['c'], 20: ['l'] }, [elsewhere, CLIENT])).edges).toEqual([]);
  });

  it('reaches into another network namespace where both ends are seen', () => {
    const container = { namespace: 'container' };
    const facts = [
      inet('l', '0.0.0.0:8081', null, container),
      inet('s', '172.17.0.3:8081', '172.17.0.1:40000', container),
      inet('c', '172.17.0.1:40000', '172.17.0.3:8081'),
    ];
    expect(observed(look({ 10: ['c'], 20: ['l', 's'] }, facts)).edges.map(({ from, to }) => [from, to])).toEqual([
      ['web', 'api'],
    ]);
  });

  it('has no direction once nobody listens any more', () => {
    const { edges, peers } = observed(look({ 10: ['c'], 20: ['s'] }, [SERVER, CLIENT]));
    expect([edges, peers]).toEqual([[], []]);
  });

  it('is on what a socket of UDP sends to', () => {
    const udp = { protocol: 'udp' } as const;
    const facts = [inet('l', '127.0.0.1:53', null, udp), inet('c', '127.0.0.1:40000', '127.0.0.1:53', udp)];
    expect(observed(look({ 10: ['c'], 20: ['l'] }, facts)).edges[0]?.evidence[0]).toMatchObject({
      protocol: 'udp',
      port: 53,
    });
  });
});

describe('what depends on what by unix sockets', () => {
  const path = '/run/db.sock';
  const listens = unix('l', { path, isListening: true });

  it('is who connects on who has accepted', () => {
    const facts = [listens, unix('s', { path, peer: 'c' }), unix('c', { peer: 's' })];
    expect(observed(look({ 20: ['c'], 30: ['l', 's'] }, facts)).edges).toEqual([
      {
        ...{ from: 'api', to: 'db' },
        evidence: [
          {
            ...{ protocol: 'unix', address: path, port: null, connections: 1 },
            pids: { client: [20], server: [30] },
          },
        ],
      },
    ]);
  });

  it('is on who listens, as long as nobody has accepted', () => {
    const { edges } = observed(look({ 20: ['c'], 30: ['l'] }, [listens, unix('c', { peer: 'l' })]));
    expect(edges.map(({ from, to }) => [from, to])).toEqual([['api', 'db']]);
  });

  it('is nothing between two ends without a name, as a parent and its child have them', () => {
    const { edges, peers } = observed(
      look({ 20: ['a'], 30: ['b'] }, [unix('a', { peer: 'b' }), unix('b', { peer: 'a' })]),
    );
    expect([edges, peers]).toEqual([[], []]);
  });

  it('is not seen where the kernel does not show the other end; that is said', () => {
    const { edges, unseen } = observed(look({ 20: ['c'], 30: ['l', 's'] }, [listens, unix('s', { path }), unix('c')]));
    expect(edges).toEqual([]);
    expect(unseen).toEqual([{ protocol: 'unix', address: path, port: null, watch: 'db', connections: 1 }]);
  });
});

describe('what a watch connects to outside of all watches', () => {
  it('is counted by address, and known to be here or not', () => {
    const facts = [
      inet(null, '0.0.0.0:5432', null),
      inet('a', '127.0.0.1:40000', '127.0.0.1:5432'),
      inet('b', '127.0.0.1:40001', '127.0.0.1:5432'),
      inet('c', '10.0.0.7:40000', '93.184.216.34:443'),
    ];
    expect(observed(look({ 10: ['a', 'b', 'c'] }, facts)).peers).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 5432, from: 'web', isHere: true, connections: 2, pids: [10] },
      { protocol: 'tcp', address: '93.184.216.34', port: 443, from: 'web', isHere: false, connections: 1, pids: [10] },
    ]);
  });

  it('is no client of it', () => {
    const client = inet('s', '127.0.0.1:8081', '127.0.0.1:55555');
    expect(observed(look({ 20: ['l', 's'] }, [LISTENS, client])).peers).toEqual([]);
  });

  it('is not here in another network namespace, where a port is somebody else', () => {
    const facts = [inet('a', '127.0.0.1:40000', '127.0.0.1:5432', { namespace: 'container' })];
    expect(observed(look({ 10: ['a'] }, facts)).peers).toMatchObject([{ isHere: false }]);
  });
});

describe('connections that come and go between two looks', () => {
  const ended = (port: number) => inet(null, '127.0.0.1:8081', `127.0.0.1:${port}`);
  const held = { 10: [], 20: ['l'] };

  it('are counted, but for those that had ended before, and ask for more looks', () => {
    const connections = observed(look(held, [LISTENS, ended(1)]));
    expect(connections.mayHaveMissed).toBe(false);
    connections.add(look(held, [LISTENS, ended(1), ended(2)]));
    expect(connections.mayHaveMissed).toBe(true);
    connections.add(look(held, [LISTENS, ended(1), ended(2)]));
    expect(connections.mayHaveMissed).toBe(false);
    expect(connections.unseen).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 8081, watch: 'api', connections: 1 },
    ]);
  });

  it('are not those that were seen while they lasted, nor those of others', () => {
    const other = inet(null, '127.0.0.1:9999', '127.0.0.1:40000');
    const { mayHaveMissed, unseen } = observed(
      look(held, [LISTENS]),
      look({ 10: ['c'], 20: ['l'] }, [LISTENS, CLIENT]),
      look(held, [LISTENS, ended(40_000), other]),
    );
    expect([mayHaveMissed, unseen]).toEqual([false, []]);
  });

  it('leave no trace of a unix socket: where a watch listens on one, more looks are needed', () => {
    const listens = unix('l', { path: '/run/x.sock', isListening: true });
    expect(observed(look({ 20: ['l'] }, [listens])).mayHaveMissed).toBe(true);
    expect(observed(look({ 20: [] }, [listens])).mayHaveMissed).toBe(false);
  });
});
