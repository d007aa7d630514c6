import { randomBytes } from 'node:crypto';

/** The text that the build puts where a nonce belongs (`html.cspNonce` in electron.vite.config.ts). */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** A page ready to be sent, with the headers that must go with it. */
export interface RenderedPage {
  body: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * The built index.html with a nonce of its own, used once. `webSocketOrigins`: where the page may open WebSockets, such as
 * `ws://127.0.0.1:7710`; none for a window, whose messages go through a port.
 */
export function renderPage(indexHtml: string, webSocketOrigins: readonly string[] = []): RenderedPage {
  const nonce = randomBytes(18).toString('base64url');
  return {
    body: indexHtml.replaceAll(NONCE_PLACEHOLDER, nonce),
    headers: {
      ...SECURITY_HEADERS,
      'content-security-policy': contentSecurityPolicy(nonce, webSocketOrigins),
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    },
  };
}

/** What every answer carries, whatever it is. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

/** The policy of the dashboard: its own files and nothing else; inline styles and scripts only with this page's nonce. */
export function contentSecurityPolicy(nonce: string, webSocketOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    // 'self' covers ws: of the same origin only in newer engines (CSP 3, "matches 'self'"), so it is spelled out.
    ["connect-src 'self'", ...webSocketOrigins].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The policy of pages that only say something. */
export const PLAIN_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
