import type { RE2JS } from 're2js';
import { parseNumberRanges, type NumberRange } from '../../../shared/lib/text/number-ranges';
import { compileExpression } from '../../engine/expression';
import type { RemoteCheck } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';

export type HttpCheck = Extract<RemoteCheck, { kind: 'http' }>;

/** A check with what is made of its texts once. */
export interface PreparedHttp {
  check: HttpCheck;
  url: URL;
  statuses: readonly NumberRange[];
  /** Statuses of redirects alone pass: then these are the answer, and none is followed. */
  wantsRedirect: boolean;
  body: RE2JS | null;
}

export type Preparation = { ok: true; prepared: PreparedHttp } | { ok: false; problem: string };

/** Made once for each check: an engine asks with the same one again and again. */
export class HttpChecks {
  private readonly known = new WeakMap<HttpCheck, Preparation>();

  prepare(check: HttpCheck): Preparation {
    let preparation = this.known.get(check);
    if (preparation === undefined) this.known.set(check, (preparation = prepare(check)));
    return preparation;
  }
}

function prepare(check: HttpCheck): Preparation {
  const statuses = parseNumberRanges(check.statuses);
  const url = parseUrl(check.url);
  if (url === null || statuses === null) return { ok: false, problem: 'the probe has no valid address' };
  try {
    const body = check.body === null ? null : compileExpression(check.body);
    const wantsRedirect = statuses.every(({ from, to }) => from >= 300 && to <= 399);
    return { ok: true, prepared: { check, url, statuses, wantsRedirect, body } };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The address in a text, relative to a base where one is given, or null. Without URL.canParse, which is missing before Node 19. */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
