/**
 * What lies over the views is there, with its focus, before the next key, and takes none after it was closed. Its appearance is drawn
 * by CSS (theme.css), which no key waits for.
 */
export const AT_ONCE = { duration: 0 };
