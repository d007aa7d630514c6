import { createHmac } from 'node:crypto';
import type { Delivery } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import type { Settings } from '../../../shared/model/settings';
import type { Clock } from '../../engine/ports';
import type { AlertMessage, Channel, SecretSource } from '../message';
import { alertBody } from './alert-body';
import { discordBody, slackBody, teamsBody } from './chat-bodies';
import { printableReply } from './printable-reply';
import { explainAnswer, explainFailure, explainTimeout } from './webhook-problem';
import { readWebhookUrl, type WebhookTarget } from './webhook-target';

export interface WebhookChannelOptions {
  settings: () => Settings;
  secrets: SecretSource;
  clock: Clock;
}

/** How much of a response is read: enough to show what is wrong. */
const REPLY_BYTES = 4096;

const BODIES: Readonly<Record<Settings['webhook.format'], (message: AlertMessage) => object>> = {
  json: alertBody,
  slack: slackBody,
  discord: discordBody,
  teams: teamsBody,
};

/**
 * Posts messages to a web address, which is a secret: no text holds more of it than its host. Redirects are not followed;
 * they could lead the message to where nobody meant it to go.
 */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  private readonly running = new Set<AbortController>();

  constructor(private readonly options: WebhookChannelOptions) {}

  recipients(): readonly string[] {
    return this.address() === null ? [] : [''];
  }

  perHour(): number {
    return this.options.settings()['webhook.perHour'];
  }

  takes(): boolean {
    return true;
  }

  describe(): string {
    const { secrets } = this.options;
    const settings = this.options.settings();
    if (!settings['webhook.enabled']) return 'switched off';
    const url = this.address();
    if (url === null) return 'the secret webhook.url is not set';
    const read = readWebhookUrl(url);
    if (!read.ok) return "the secret webhook.url can't be used";
    const signed = secrets.read('webhook.key') === null ? '' : ', signed';
    return `${read.target.host}, ${settings['webhook.format']}${signed}`;
  }

  check(): Promise<DeliveryProblem | null> {
    const url = this.address();
    const read = url === null ? null : readWebhookUrl(url);
    return Promise.resolve(read === null || read.ok ? null : read.problem);
  }

  async deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery> {
    const { settings, clock } = this.options;
    const read = readWebhookUrl(this.address() ?? '');
    if (!read.ok) return { ok: false, problem: read.problem };
    const { host } = read.target;
    const limitMs = settings()['webhook.timeoutMs'];
    const attempt = new AbortController();
    this.running.add(attempt);
    let timedOut = false;
    const stopTimer = clock.after(limitMs, () => {
      timedOut = true;
      attempt.abort();
    });
    const breakOff = (): void => attempt.abort();
    signal.addEventListener('abort', breakOff, { once: true });
    if (signal.aborted) breakOff();
    try {
      return await this.post(read.target, message, attempt.signal);
    } catch (error) {
      const problem = attempt.signal.aborted
        ? explainTimeout(host, timedOut ? limitMs : null)
        : explainFailure(host, error);
      return { ok: false, problem };
    } finally {
      stopTimer();
      signal.removeEventListener('abort', breakOff);
      this.running.delete(attempt);
    }
  }

  /** Settings and secrets are read for each post, and no connection is kept for the next. */
  settingsChanged(): void {}

  dispose(): void {
    for (const attempt of this.running) attempt.abort();
  }

  private address(): string | null {
    const { settings, secrets } = this.options;
    return settings()['webhook.enabled'] ? secrets.read('webhook.url') : null;
  }

  private async post(target: WebhookTarget, message: AlertMessage, breakOff: AbortSignal): Promise<Delivery> {
    const { settings, secrets, clock } = this.options;
    const body = JSON.stringify(BODIES[settings()['webhook.format']](message));
    const key = secrets.read('webhook.key');
    const response = await fetch(target.url, {
      method: 'POST',
      redirect: 'manual',
      signal: breakOff,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Healdeck',
        'x-healdeck-id': message.messageId,
        ...(target.authorization !== null && { authorization: target.authorization }),
        ...(key !== null && { 'x-healdeck-signature': webhookSignature(body, key, clock.wallMs()) }),
      },
      body,
    });
    const { status, statusText, headers } = response;
    const hide = [...target.secrets, ...(key === null ? [] : [key])];
    const reply = printableReply(await beginning(response), hide);
    if (response.ok) return { ok: true, reply: printableReply(`${status} ${statusText} ${reply}`, hide) };
    return {
      ok: false,
      problem: explainAnswer(target.host, { status, reply, retryAfter: headers.get('retry-after') }),
    };
  }
}

/**
 * `t=<Unix time in s>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>` with the shared key. The time is signed too, so that an old
 * post can't be sent again by somebody who saw it: receivers refuse what is older than some minutes.
 */
export function webhookSignature(body: string, key: string, wallMs: number): string {
  const seconds = Math.floor(wallMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
}

/** The beginning of an answer's body. Its status is all that counts: a response that breaks off is sufficient. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    while (bytes < REPLY_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // Broken off, or out of time.
  }
  return text;
}
