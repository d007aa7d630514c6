/** The nonce that this page's Content-Security-Policy allows for styles made at run time; empty without a policy. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}
