import { randomBytes } from 'node:crypto';
import { PLAIN_PAGE_POLICY } from '../api/page';
import { PAGE_KEY_ITEM } from '../../shared/lib/host/page-proof';

/** A page that is no part of the dashboard, and the policy that it is sent with. */
export interface PlainPage {
  body: string;
  policy: string;
}

/** Sent when a token was redeemed: keeps the key of the session in the tab, and goes on to the dashboard. */
export function welcomePage(key: Buffer): PlainPage {
  const nonce = randomBytes(18).toString('base64url');
  // A redirect (3xx) would belong to the navigation that came from outside, from a terminal or a mail, and a SameSite=Strict cookie
  // is not sent along with that. A page of our own that goes on by itself starts a navigation from this very site.
  const script =
    `sessionStorage.setItem('${PAGE_KEY_ITEM}', '${key.toString('base64url')}');` + `location.replace('/');`;
  return {
    body: page('Opening Healdeck…', '<p>Opening the dashboard…</p>', `<script nonce="${nonce}">${script}</script>`),
    policy: `${PLAIN_PAGE_POLICY}; script-src 'nonce-${nonce}'`,
  };
}

/** Sent when a token was opened again by the browser that has redeemed it: goes on to the dashboard. */
export const AGAIN_PAGE = plain(
  'Opening Healdeck…',
  '<p>Opening the dashboard… <a href="/">Continue</a> if nothing happens.</p>',
  '<meta http-equiv="refresh" content="0; url=/">',
);

/** Sent to a browser that has no (or no longer a) session. */
export const LOCKED_PAGE = plain(
  'Healdeck is locked',
  '<p>This dashboard opens with a link that works once, within a minute. Get one in a terminal on this machine, as the user ' +
    'of the engine:</p><pre>healdeck open</pre>' +
    '<p>A session ends 15 minutes after its last page was closed, and when the engine is restarted.</p>',
);

/** Sent when the session is another user's, or when it can't be found out whose the connection is. */
export const UNKNOWN_USER_PAGE = plain(
  'Healdeck is locked',
  '<p>A session belongs to the user who opened it, and the system did not report which user this connection belongs to. ' +
    'Reload this page. If that does not help, check that the engine can read /proc/net/tcp.</p>',
);

/** A page in a file that leads to the dashboard. */
export function linkPage(url: string): string {
  return page(
    'Opening Healdeck…',
    `<p><a href="${url}">Open the dashboard</a> if nothing happens.</p>`,
    `<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${url}">`,
  );
}

function plain(title: string, body: string, head?: string): PlainPage {
  return { body: page(title, body, head), policy: PLAIN_PAGE_POLICY };
}

function page(title: string, body: string, head = ''): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">${head}` +
    `<title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>\n`
  );
}
