import { describe, expect, it } from 'vitest';
import { importPageKey, socketChannel } from './page-proof';

/** An open socket whose other end is the test. */
class FakeSocket extends EventTarget {
  readonly OPEN = 1;
  readyState: WebSocket['readyState'] = this.OPEN;
  readonly sent: unknown[] = [];
  send(data: unknown): void {
    this.sent.push(data);
  }
  receive(data: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  end(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

describe('the key of a page', () => {
  it('signs as HMAC-SHA-256 does (RFC 4231, test case 1), and chooses 32 random bytes', async () => {
    const key = await importPageKey('CwsLCwsLCwsLCwsLCwsLCwsLCws');
    expect(await key?.sign('Hi There')).toBe('sDRMYdjbOFNcqK_OrwvxK4gdwgDJgz2nJuk3bC4yz_c');
    expect(key?.nonce()).toMatch(/^[\w-]{43}$/);
    expect(key?.nonce()).not.toBe(key?.nonce());
  });

  it('is none when the tab has none, or one that is damaged', async () => {
    for (const text of ['', '%']) expect(await importPageKey(text).catch(() => null)).toBeNull();
  });
});

describe('the messages of a socket', () => {
  it('are handed on one at a time, also those that came before they were asked for', async () => {
    const socket = new FakeSocket();
    const channel = socketChannel(socket, 1000);
    socket.receive('one');
    socket.receive('two');
    expect([await channel.next(), await channel.next()]).toEqual(['one', 'two']);
    const third = channel.next();
    socket.receive('three');
    expect(await third).toBe('three');
    channel.send('x');
    expect(socket.sent).toEqual(['x']);
  });

  it('end with the connection', async () => {
    const socket = new FakeSocket();
    const channel = socketChannel(socket, 1000);
    const waiting = channel.next();
    socket.end();
    await expect(waiting).rejects.toThrow('The connection was lost.');
    await expect(channel.next()).rejects.toThrow('The connection was lost.');
  });

  it('end when none comes in time', async () => {
    await expect(socketChannel(new FakeSocket(), 1).next()).rejects.toThrow('did not answer in time');
  });
});
