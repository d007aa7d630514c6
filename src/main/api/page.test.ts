import { describe, expect, it } from 'vitest';
import { renderPage } from './page';

const html = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>';
const policyOf = (page: ReturnType<typeof renderPage>) => page.headers['content-security-policy'] ?? '';

describe('the rendered page', () => {
  it('carries in every place the nonce that its policy names, and a new one each time', () => {
    const page = renderPage(html);
    const nonce = /'nonce-([\w-]{20,})'/.exec(policyOf(page))?.[1];
    expect(page.body).toBe(html.replaceAll('__CSP_NONCE__', nonce ?? '?'));
    expect(renderPage(html).body).not.toBe(page.body);
  });

  it('allows nothing from elsewhere, no inline code without the nonce, no frames', () => {
    const policy = policyOf(renderPage(html));
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('names the WebSocket addresses it was given', () => {
    expect(policyOf(renderPage(html, ['ws://127.0.0.1:1', 'ws://localhost:1']))).toContain(
      "connect-src 'self' ws://127.0.0.1:1 ws://localhost:1;",
    );
  });
});
