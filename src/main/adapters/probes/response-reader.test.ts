import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES, ResponseReader } from './response-reader';

interface Outcome {
  reading: string;
  status: number | null;
  body: string;
}

/** Feeds a response cut at these places, and what it comes to once the server has closed. */
function read(text: string, cuts: readonly number[] = [], bodyless = false): Outcome {
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const reader = new ResponseReader(bodyless);
  places.slice(1).forEach((end, at) => reader.feed(bytes.subarray(places[at], end)));
  const reading = reader.end();
  const detail = reading.kind === 'not_http' ? `: ${reading.line}` : '';
  return { reading: reading.kind + detail, status: reader.head?.status ?? null, body: reader.body.toString('latin1') };
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('a response', () => {
  it.each([
    ['up to the end of the connection', `${OK}\r\nall of it`, 'done', 'all of it'],
    ['up to its length', `${OK}Content-Length: 3\r\n\r\nall of it`, 'done', 'all'],
    ['with its length twice', `${OK}Content-Length: 3\r\ncontent-length: 3\r\n\r\nall of it`, 'done', 'all'],
    ['with two lengths', `${OK}Content-Length: 3\r\nContent-Length: 4\r\n\r\nall of it`, 'broken', ''],
    ['with no number for a length', `${OK}Content-Length: -1\r\n\r\nall of it`, 'broken', ''],
    ['shorter than its length', `${OK}Content-Length: 30\r\n\r\nall of it`, 'broken', 'all of it'],
    [
      'in chunks',
      `${OK}Transfer-Encoding: Chunked\r\n\r\n3\r\nall\r\n6;x=y\r\n of it\r\n0\r\nX: y\r\n\r\n`,
      'done',
      'all of it',
    ],
    [
      'in chunks, and with a length',
      `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0\r\n\r\n`,
      'done',
      'all',
    ],
    ['in chunks without an end', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nall\r\n`, 'broken', 'all'],
    ['in chunks of no size', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nall`, 'broken', ''],
    ['in chunks longer than their size', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nall\r\n`, 'broken', 'al'],
    ['in chunks of an endless size', `${OK}Transfer-Encoding: chunked\r\n\r\n${'0'.repeat(9999)}`, 'broken', ''],
    [
      'after others that come before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n${OK}\r\nit`,
      'done',
      'it',
    ],
    ['with line feeds alone', 'HTTP/1.0 200 OK\nContent-Length: 2\n\nit is', 'done', 'it'],
    ['without a reason', 'HTTP/1.1 200\r\n\r\nit', 'done', 'it'],
    ['that can have no body', 'HTTP/1.1 204 No Content\r\n\r\nnone', 'done', ''],
  ])('is read %s, however it arrives', (_, text, reading, body) => {
    expect(read(text)).toMatchObject({ reading, body });
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        expect(read(text, cuts)).toEqual(read(text));
      }),
    );
  });

  it('to HEAD has no body', () => {
    expect(read(`${OK}Content-Length: 9\r\n\r\n`, [], true)).toEqual({ reading: 'done', status: 200, body: '' });
  });

  it.each([
    ['SSH-2.0-OpenSSH\r\n', 'not_http: SSH-2.0-OpenSSH'],
    ['HTT', 'not_http: HTT'],
    ['HTTP/1.1 20 OK\r\n\r\n', 'not_http: HTTP/1.1 20 OK'],
    ['HTTP/3 200 OK\r\n\r\n', 'not_http: HTTP/3 200 OK'],
    ['HTTP/1.1 200 OK\r\nX: y', 'not_http: HTTP/1.1 200 OK'],
    ['', 'head'],
  ])('that is none is named: %j', (text, reading) => {
    expect(read(text)).toEqual({ reading, status: null, body: '' });
  });

  it('is read no further than its limits', () => {
    const header = `${OK}X: ${'y'.repeat(MAX_HEAD_BYTES)}`;
    expect(read(header).reading).toBe('head_too_long');
    // However many heads they are spread over.
    expect(read(`HTTP/1.1 100 Continue\r\nX: ${'y'.repeat(900)}\r\n\r\n`.repeat(20)).reading).toBe('head_too_long');
    const { reading, body } = read(`${OK}\r\n${'z'.repeat(MAX_BODY_BYTES + 1)}`);
    expect({ reading, bytes: body.length }).toEqual({ reading: 'done', bytes: MAX_BODY_BYTES });
  });

  it('keeps the memory of what it has taken only', () => {
    const reader = new ResponseReader(false);
    reader.feed(Buffer.from(`${OK}\r\n`));
    for (let at = 0; at < 100; at += 1) reader.feed(Buffer.alloc(10_000, 'a'));
    expect(reader.reading).toEqual({ kind: 'done', whole: false });
    expect(reader.body).toHaveLength(MAX_BODY_BYTES);
  });

  it('of any bytes is read without an error', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(OK, '\r\n', '0\r\n', 'Transfer-Encoding: chunked\r\n', 'HTTP/1.1 100 x\r\n\r\n'),
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.array(fc.nat()), (parts, cuts) => {
        const { reading } = read(parts.join(''), cuts);
        expect(reading).toMatch(/^(?:head|done|broken|head_too_long|not_http)/);
      }),
    );
  });
});
