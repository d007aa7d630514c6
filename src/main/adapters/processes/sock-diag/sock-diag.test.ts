import { describe, expect, it } from 'vitest';
import type { NetlinkCalls } from './netlink-calls';
import { visitTcpSockets } from './tcp-sockets';
import { readUnixPeers } from './unix-peers';

const [ERROR, DONE, SOCKET] = [2, 3, 20];
const giveWay = () => Promise.resolve();

function message(type: number, body: Buffer = Buffer.alloc(4)): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(type, 4);
  return Buffer.concat([header, body]);
}

/** `struct unix_diag_msg` with attributes of 32-bit words: type, then values. */
function unixSocket(inode: number, ...attributes: readonly (readonly [type: number, ...values: number[]])[]): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(inode, 4);
  const parts = attributes.map(([type, ...values]) => {
    const part = Buffer.alloc(4 + 4 * values.length);
    part.writeUInt16LE(part.length, 0);
    part.writeUInt16LE(type, 2);
    values.forEach((value, at) => part.writeUInt32LE(value, 4 + 4 * at));
    return part;
  });
  return message(SOCKET, Buffer.concat([fixed, ...parts]));
}

/** A kernel that answers each request with the next of these parts. */
function kernel(...answers: readonly (readonly Buffer[])[]) {
  const requests: Buffer[] = [];
  const closed: number[] = [];
  let open = 0;
  let parts: Buffer[] = [];
  const calls: NetlinkCalls = {
    open: () => (open += 1),
    send: (_fd, sent) => {
      parts = [...(answers[requests.length] ?? [])];
      requests.push(Buffer.from(sent));
      return sent.length;
    },
    receive: (_fd, buffer) => parts.shift()?.copy(buffer) ?? -11,
  };
  return { diag: { calls, close: (fd: number) => void closed.push(fd) }, requests, closed, opened: () => open };
}

describe('the peers of unix sockets', () => {
  it('are what the kernel says of both ends, in several parts', async () => {
    const { diag, closed } = kernel([
      Buffer.concat([unixSocket(10, [2, 11]), unixSocket(11, [7, 1, 2, 3], [2, 10])]),
      Buffer.concat([unixSocket(12, [2, 0]), message(DONE)]),
    ]);
    expect(await readUnixPeers(diag, giveWay)).toEqual(
      new Map([
        ['10', '11'],
        ['11', '10'],
      ]),
    );
    expect(closed).toEqual([1]);
  });

  it('are the socket that listens for who waits to be accepted', async () => {
    const { diag } = kernel([Buffer.concat([unixSocket(5, [3, 20, 0, 21]), message(DONE)])]);
    expect(await readUnixPeers(diag, giveWay)).toEqual(
      new Map([
        ['20', '5'],
        ['21', '5'],
      ]),
    );
  });

  it.each([
    ['refuses', [message(ERROR)]],
    ['stops in the middle', [unixSocket(10, [2, 11])]],
    ['answers nonsense', [Buffer.alloc(16)]],
  ])('are not known where the kernel %s, and nothing stays open', async (_what, parts) => {
    const { diag, closed } = kernel(parts);
    expect(await readUnixPeers(diag, giveWay)).toBeNull();
    expect(closed).toEqual([1]);
  });

  it('are not known where no socket can be had', async () => {
    const calls: NetlinkCalls = { open: () => -97, send: () => 0, receive: () => 0 };
    expect(await readUnixPeers({ calls, close: () => expect.unreachable() }, giveWay)).toBeNull();
  });
});

describe('the sockets of TCP', () => {
  const socket = (state: number, inode: number, address: readonly number[]): Buffer => {
    const body = Buffer.alloc(72);
    body.writeUInt8(state, 1);
    body.writeUInt16BE(8080, 4);
    body.writeUInt16BE(50_000, 6);
    Buffer.from(address).copy(body, 8);
    Buffer.from(address).copy(body, 24);
    body.writeUInt32LE(inode, 68);
    return message(SOCKET, body);
  };
  const ipv6 = [...Array.from({ length: 15 }, () => 0), 1];

  it('are those of both families, without those that have ended unless these are asked for', async () => {
    const answers = [
      [Buffer.concat([socket(1, 7, [127, 0, 0, 1]), message(DONE)])],
      [Buffer.concat([socket(10, 8, ipv6), message(DONE)])],
    ];
    const living = kernel(...answers);
    const seen: unknown[] = [];
    const isWhole = await visitTcpSockets(
      living.diag,
      'living',
      ({ localAddress, remoteAddress, ...rest }) =>
        seen.push({ ...rest, local: [...localAddress], remote: [...remoteAddress] }),
      giveWay,
    );
    expect(isWhole).toBe(true);
    expect(seen).toEqual([
      { state: 1, inode: 7, localPort: 8080, remotePort: 50_000, local: [127, 0, 0, 1], remote: [127, 0, 0, 1] },
      { state: 10, inode: 8, localPort: 8080, remotePort: 50_000, local: ipv6, remote: ipv6 },
    ]);
    const ended = kernel(...answers);
    await visitTcpSockets(ended.diag, 'ended', () => undefined, giveWay);
    const states = (requests: readonly Buffer[]) => requests.map((request) => request.readUInt32LE(20));
    expect([states(living.requests), states(ended.requests)]).toEqual([
      [0xfbf, 0xfbf],
      [0x40, 0x40],
    ]);
    expect(living.requests.map((request) => request.readUInt8(16))).toEqual([2, 10]);
  });

  it('are not known where the kernel refuses one family', async () => {
    const { diag } = kernel([message(DONE)], [message(ERROR)]);
    expect(await visitTcpSockets(diag, 'living', () => undefined, giveWay)).toBe(false);
  });
});
