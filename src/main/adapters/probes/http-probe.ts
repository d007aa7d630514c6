import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { formatDuration } from '../../../shared/lib/format/duration';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import { isWithin } from '../../../shared/lib/text/number-ranges';
import type { Clock } from '../../engine/ports';
import { Scope, failed, type AttemptScope } from './attempt';
import { certificateProblem } from './certificate-problem';
import type { Connections, Endpoint, TlsDemand } from './connection';
import { headerMask } from './header-mask';
import { parseUrl, type PreparedHttp } from './http-check';
import { requestText, type SecretOf } from './http-request';
import { networkFailure, tlsFailure } from './network-failure';
import { firstLine, quotedWith, type Quote } from './quotation';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES, ResponseReader, type ResponseHead } from './response-reader';
import type { TrustedCertificates } from './trusted-certificates';

/** What all requests stand on. */
export interface HttpResources {
  clock: Clock;
  connections: Connections;
  trust: TrustedCertificates;
  secretOf: SecretOf;
  /** Takes what is known to be secret out of what servers have written. */
  mask: SecretMask;
}

const KIB = 1024;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/**
 * A body that decides nothing is still read for so long: for the words of a failure, and because a server whose answer is cut off
 * logs an error.
 */
const BODY_WAIT_MS = 100;

/** One attempt of an HTTP check: a request, and those to where it is redirected. */
export class HttpProbe {
  private url: URL;
  private method: string;
  private redirects = 0;
  private readonly visited = new Set<string>();
  /** Once it has left the origin of the check it never gets its secrets back: who redirected it there may not choose what they do. */
  private isOwnOrigin = true;
  private quote: Quote;
  /** Of the present request. */
  private hop = new Scope();
  private reader = new ResponseReader(false);
  private isWaiting = false;

  constructor(
    private readonly scope: AttemptScope,
    private readonly prepared: PreparedHttp,
    private readonly limitMs: number,
    private readonly resources: HttpResources,
  ) {
    this.url = prepared.url;
    this.method = prepared.check.method;
    this.quote = quotedWith(resources.mask);
  }

  begin(): void {
    this.request();
  }

  onLimit(): void {
    const { head } = this.reader;
    const limit = formatDuration(this.limitMs);
    if (head === null) this.scope.settle(failed(`no answer within ${limit}`));
    else if (this.needsBody(head)) this.fail(head, `but its body did not end within ${limit}`);
    else this.conclude(head);
  }

  private request(): void {
    const { check } = this.prepared;
    const { method, url, isOwnOrigin } = this;
    this.visited.add(`${method} ${addressOf(url)}`);
    const { secretOf } = this.resources;
    const request = requestText({ method, url, headers: check.headers, isOwnOrigin, secretOf });
    if (!request.ok) {
      this.scope.settle(failed(request.problem));
      return;
    }
    if (request.secrets.length > 0) this.quote = quotedWith(headerMask(request.secrets, this.resources.mask));
    // The connection before this one has ended.
    const hop = new Scope();
    this.scope.own(() => hop.end());
    this.hop = hop;
    this.reader = new ResponseReader(method === 'HEAD');
    this.isWaiting = false;
    if (url.protocol === 'http:') {
      this.connect(hop, null, request.text);
      return;
    }
    void this.resources.trust.of(check.caFile).then((trust) => {
      if (hop.isOver) return;
      if (trust.ok) this.connect(hop, { host: hostOf(url), context: trust.context }, request.text);
      else this.scope.settle(failed(this.quote(trust.problem)));
    });
  }

  private connect(hop: Scope, tls: TlsDemand | null, request: string): void {
    const onFailure = (error: NodeJS.ErrnoException): void => {
      if (!hop.isOver) this.onFailure(error);
    };
    const onSocket = (socket: Socket): void => {
      socket.on('error', onFailure);
      socket.once(tls === null ? 'connect' : 'secureConnect', () => {
        if (!hop.isOver) this.onConnected(socket, request);
      });
      socket.on('data', (bytes: Buffer) => {
        if (!hop.isOver) this.onReading(this.reader.feed(bytes));
      });
      socket.once('close', () => {
        if (!hop.isOver) this.onClosed();
      });
    };
    this.resources.connections.open(hop, this.endpoint(), tls, { onSocket, onFailure });
  }

  private endpoint(): Endpoint {
    const { url } = this;
    const { socketPath } = this.prepared.check;
    if (socketPath !== null && this.isOwnOrigin) return { socketPath };
    return { host: hostOf(url), port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)) };
  }

  private onConnected(socket: Socket, request: string): void {
    if (socket instanceof TLSSocket) {
      const { certificateDays: days } = this.prepared.check;
      const nowMs = this.resources.clock.wallMs();
      const problem = certificateProblem(socket, { host: hostOf(this.url), days, nowMs });
      if (problem !== null) {
        this.scope.settle(failed(this.quote(problem)));
        return;
      }
    }
    socket.write(request, 'latin1');
  }

  private onReading(reading: ReturnType<ResponseReader['feed']>): void {
    const { head } = this.reader;
    switch (reading.kind) {
      case 'head':
        return;
      case 'not_http':
        this.scope.settle(failed(`not an HTTP server: ${this.quote(reading.line) || 'it answers with no text'}`));
        return;
      case 'head_too_long':
        this.scope.settle(failed(`its header is longer than ${MAX_HEAD_BYTES / KIB} KiB`));
        return;
      case 'broken':
      case 'body':
      case 'done':
        if (head !== null) this.onHead(head, reading.kind);
    }
  }

  /** With each piece of the response, from the end of its head on. */
  private onHead(head: ResponseHead, state: 'body' | 'done' | 'broken'): void {
    const target = this.redirectOf(head);
    if (target !== null) this.follow(head, target);
    else if (state === 'done') this.conclude(head);
    else if (state === 'broken') this.concludeBroken(head);
    else if (!this.needsBody(head) && !this.isWaiting) {
      this.isWaiting = true;
      this.hop.own(this.resources.clock.after(BODY_WAIT_MS, () => this.conclude(head)));
    }
  }

  private onFailure(error: NodeJS.ErrnoException): void {
    const { head } = this.reader;
    if (head !== null) this.concludeBroken(head);
    else this.scope.settle(tlsFailure(error) ?? networkFailure(error));
  }

  private onClosed(): void {
    const reading = this.reader.end();
    if (reading.kind === 'head') this.scope.settle(failed('closed the connection without an answer'));
    else this.onReading(reading);
  }

  /** Where a response sends on to; null: it is the answer. */
  private redirectOf({ status, headers }: ResponseHead): string | null {
    return REDIRECTS.has(status) && !this.prepared.wantsRedirect ? (headers.get('location') ?? null) : null;
  }

  private follow({ status }: ResponseHead, location: string): void {
    const next = parseUrl(location, this.url.href);
    if (next === null) {
      this.scope.settle(failed(`redirects to an address that is none: ${this.quote(location)}`));
      return;
    }
    if (next.protocol !== 'http:' && next.protocol !== 'https:') {
      this.scope.settle(failed(`redirects to ${this.quote(next.href)}, which is not HTTP`));
      return;
    }
    // As browsers do (Fetch standard, HTTP-redirect fetch, step 12).
    if (this.method === 'POST' && status <= 302) this.method = 'GET';
    if (status === 303 && this.method !== 'HEAD') this.method = 'GET';
    if (next.origin !== this.url.origin) this.isOwnOrigin = false;
    this.url = next;
    this.redirects += 1;
    if (this.visited.has(`${this.method} ${addressOf(next)}`)) {
      this.scope.settle(failed(`redirect loop: it leads to ${this.quote(addressOf(next))} again`));
    } else if (this.redirects > MAX_REDIRECTS) {
      this.scope.settle(failed(`more than ${MAX_REDIRECTS} redirects, the last to ${this.quote(addressOf(next))}`));
    } else {
      this.hop.end();
      this.request();
    }
  }

  private passes({ status }: ResponseHead): boolean {
    return isWithin(this.prepared.statuses, status);
  }

  private needsBody(head: ResponseHead): boolean {
    return this.prepared.body !== null && this.passes(head);
  }

  /** The response is there as far as it is read. */
  private conclude(head: ResponseHead): void {
    const { check, body } = this.prepared;
    if (!this.passes(head)) {
      // A status that reads well is explained.
      const expected = head.status < 400 ? `, expected ${check.statuses}` : '';
      this.scope.settle(failed(`${this.statusWords(head)}${expected}${this.bodyWords(head)}`));
    } else if (body === null || body.test(this.reader.body.toString())) {
      this.scope.settle({ passed: true, words: this.statusWords(head) });
    } else {
      const { reading } = this.reader;
      const part =
        reading.kind === 'done' && !reading.whole ? `the first ${MAX_BODY_BYTES / KIB} KiB of its body` : 'its body';
      this.fail(head, `but no match of ${check.body} in ${part}${this.bodyWords(head)}`);
    }
  }

  /** The connection ended, or made no sense any more, before the body did. */
  private concludeBroken(head: ResponseHead): void {
    if (this.needsBody(head)) this.fail(head, 'but its body was broken off');
    else this.conclude(head);
  }

  private fail(head: ResponseHead, words: string): void {
    this.scope.settle(failed(`${this.statusWords(head)}, ${words}`));
  }

  private statusWords({ status, reason }: ResponseHead): string {
    const standard = STATUS_CODES[status] ?? '';
    // Most are as they should be: those have nothing to be masked.
    const words = reason === '' || reason === standard ? standard : this.quote(reason);
    return words === '' ? String(status) : `${status} ${words}`;
  }

  private bodyWords({ headers }: ResponseHead): string {
    const coding = headers.get('content-encoding') ?? 'identity';
    const line = coding === 'identity' ? firstLine(this.reader.body) : '';
    return line === '' ? '' : `, body: ${this.quote(line)}`;
  }
}

/** Without what never leaves a client (RFC 9110, 4.2.4 and 4.2.5). */
function addressOf({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search}`;
}

/** An address of IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
