/** Shown after a token was taken: goes on to the dashboard. */
export const WELCOME_PAGE = page(
  'Opening Healdeck…',
  '<p>Opening the dashboard… <a href="/">Go on</a> if nothing happens.</p>',
  // A redirect (3xx) would belong to the navigation that came from outside, from a terminal or a mail, and a SameSite=Strict cookie
  // is not sent along with that. A page of our own that goes on by itself starts a navigation from this very site.
  '<meta http-equiv="refresh" content="0; url=/">',
);

/** Shown to a browser that has no (or no longer a) session. */
export const LOCKED_PAGE = page(
  'Healdeck is locked',
  '<p>This dashboard opens with a link that works once. Get one in a terminal on this machine:</p><pre>healdeck open</pre>' +
    '<p>Was the link used already, or is it older than 12 hours? Then ask for another one in the same way.</p>',
);

function page(title: string, body: string, head = ''): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">${head}` +
    `<title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>\n`
  );
}
