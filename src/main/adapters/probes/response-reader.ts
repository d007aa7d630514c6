/** The status line and the header of a response (RFC 9112). */
export interface ResponseHead {
  status: number;
  /** As the server words it; may be empty. */
  reason: string;
  /** Names in lower case; of one that comes again the values are joined by a comma. */
  headers: ReadonlyMap<string, string>;
}

/** How far a response has been read. */
export type Reading =
  /** Its head, or its body, is not there in full. */
  | { kind: 'head' }
  | { kind: 'body' }
  /** `whole`: up to its end; otherwise up to as much as is read of one. */
  | { kind: 'done'; whole: boolean }
  /** What came is no response of HTTP/1.1; `line`: how it begins. */
  | { kind: 'not_http'; line: string }
  | { kind: 'head_too_long' }
  /** It contradicts itself after its head. */
  | { kind: 'broken' };

/** Where the body ends. */
type Framing =
  | { by: 'length'; left: number }
  | { by: 'chunks'; left: number; line: string; expects: 'size' | 'data' | 'break' }
  | { by: 'close' };

/** As Node's own limit: all of the head, and of those that may come before it (1xx). */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;
/** A size of a chunk with its extensions. */
const MAX_CHUNK_LINE = 512;

const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: ([^\r\n]*))?$/;

/**
 * Reads one response, fed with what arrives. Node's own client reads them too, but a request over it takes twice the processor
 * time of one over this (`bench/probes`), and a watchdog asks all the time.
 */
export class ResponseReader {
  head: ResponseHead | null = null;
  private text = '';
  /** Bytes of heads that came before the one that counts. */
  private interimBytes = 0;
  private framing: Framing = { by: 'close' };
  private readonly parts: Buffer[] = [];
  private bodyBytes = 0;
  private state: Reading = { kind: 'head' };

  /** `bodyless`: it answers HEAD, whatever its header promises. */
  constructor(private readonly bodyless: boolean) {}

  get reading(): Reading {
    return this.state;
  }

  /** What was read of the body, at most `MAX_BODY_BYTES`. */
  get body(): Buffer {
    return this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts);
  }

  feed(bytes: Buffer): Reading {
    if (this.state.kind === 'head') this.feedHead(bytes);
    else if (this.state.kind === 'body') this.feedBody(bytes);
    return this.state;
  }

  /** The server has closed the connection. */
  end(): Reading {
    if (this.state.kind === 'head' && this.text !== '') this.state = { kind: 'not_http', line: lineOf(this.text) };
    if (this.state.kind === 'body') {
      this.state = this.framing.by === 'close' ? { kind: 'done', whole: true } : { kind: 'broken' };
    }
    return this.state;
  }

  private feedHead(bytes: Buffer): void {
    const before = this.text.length;
    this.text += bytes.toString('latin1');
    const end = endOfHead(this.text, before);
    const length = end ?? this.text.length;
    if (!'HTTP/'.startsWith(this.text.slice(0, 5))) {
      this.state = { kind: 'not_http', line: lineOf(this.text) };
    } else if (this.interimBytes + length > MAX_HEAD_BYTES) {
      this.state = { kind: 'head_too_long' };
    } else if (end !== null) {
      this.readHead(this.text.slice(0, end), bytes.subarray(end - before));
    }
  }

  private readHead(text: string, rest: Buffer): void {
    const head = parseHead(text);
    if (head === null) {
      this.state = { kind: 'not_http', line: lineOf(text) };
      return;
    }
    this.text = '';
    // Switching protocols is a final answer, to a request that nobody has made.
    if (head.status < 200 && head.status !== 101) {
      this.interimBytes += text.length;
      if (rest.length > 0) this.feedHead(rest);
      return;
    }
    this.head = head;
    const framing = this.bodyless || hasNoBody(head.status) ? { by: 'length' as const, left: 0 } : framingOf(head);
    if (framing === null) {
      this.state = { kind: 'broken' };
      return;
    }
    this.framing = framing;
    this.state = { kind: 'body' };
    this.feedBody(rest);
  }

  private feedBody(bytes: Buffer): void {
    const { framing } = this;
    switch (framing.by) {
      case 'close':
        this.take(bytes);
        return;
      case 'length': {
        const part = bytes.subarray(0, framing.left);
        framing.left -= part.length;
        this.take(part);
        if (framing.left === 0 && this.state.kind === 'body') this.state = { kind: 'done', whole: true };
        return;
      }
      case 'chunks':
        this.feedChunks(framing, bytes);
    }
  }

  private feedChunks(framing: Extract<Framing, { by: 'chunks' }>, bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && this.state.kind === 'body') {
      if (framing.expects === 'data') {
        const part = bytes.subarray(at, at + framing.left);
        at += part.length;
        framing.left -= part.length;
        if (framing.left === 0) framing.expects = 'break';
        this.take(part);
        continue;
      }
      const lineEnd = bytes.indexOf(0x0a, at);
      const stop = lineEnd === -1 ? bytes.length : lineEnd;
      framing.line += bytes.toString('latin1', at, stop);
      at = stop + 1;
      if (framing.line.length > MAX_CHUNK_LINE) this.state = { kind: 'broken' };
      else if (lineEnd !== -1) this.endChunkLine(framing);
    }
  }

  private endChunkLine(framing: Extract<Framing, { by: 'chunks' }>): void {
    const line = framing.line.replace(/\r$/, '');
    framing.line = '';
    if (framing.expects === 'break') {
      if (line === '') framing.expects = 'size';
      else this.state = { kind: 'broken' };
      return;
    }
    const [, digits] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) {
      this.state = { kind: 'broken' };
      return;
    }
    framing.left = Number.parseInt(digits, 16);
    framing.expects = 'data';
    // What may follow the last one says nothing about the body.
    if (framing.left === 0) this.state = { kind: 'done', whole: true };
  }

  private take(bytes: Buffer): void {
    const part = bytes.subarray(0, MAX_BODY_BYTES - this.bodyBytes);
    if (part.length > 0) this.parts.push(part);
    this.bodyBytes += part.length;
    if (this.bodyBytes >= MAX_BODY_BYTES) this.state = { kind: 'done', whole: false };
  }
}

/** Where the head ends, its empty line included; searched for from what is new. */
function endOfHead(text: string, before: number): number | null {
  const from = Math.max(0, before - 3);
  const strict = text.indexOf('\r\n\r\n', from);
  const lenient = text.indexOf('\n\n', from);
  if (lenient !== -1 && (strict === -1 || lenient < strict)) return lenient + 2;
  return strict === -1 ? null : strict + 4;
}

function parseHead(text: string): ResponseHead | null {
  const [first = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const [, status, reason = ''] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return { status: Number(status), reason, headers };
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

/** RFC 9112, 6.3; null: its length is none. */
function framingOf({ headers }: ResponseHead): Framing | null {
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) {
    return /(?:^|,)\s*chunked$/i.test(coding) ? { by: 'chunks', left: 0, line: '', expects: 'size' } : { by: 'close' };
  }
  const length = headers.get('content-length');
  if (length === undefined) return { by: 'close' };
  const [first = '', ...others] = length.split(/\s*,\s*/);
  return /^\d{1,15}$/.test(first) && others.every((other) => other === first)
    ? { by: 'length', left: Number(first) }
    : null;
}

function lineOf(text: string): string {
  return (
    text
      .slice(0, MAX_HEAD_BYTES)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? ''
  );
}
