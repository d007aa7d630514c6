import { describe, expect, it } from 'vitest';
import { framedMail } from './mail-frame';

const SHEET = '<style media="x">@media (prefers-color-scheme: dark) { p { color: #fff } }</style>';

describe('the mail in a frame', () => {
  it('may have its styles, by the nonce of the page', () => {
    const framed = framedMail(SHEET, { nonce: 'n1', scheme: 'light' });
    expect(framed).toContain('<style nonce="n1" media="x">');
    expect(framed.match(/<style(?! nonce="n1")/)).toBeNull();
  });

  it('shows the colours that were chosen', () => {
    expect(framedMail(SHEET, { nonce: '', scheme: 'dark' })).toContain('@media (min-width: 0) {');
    expect(framedMail(SHEET, { nonce: '', scheme: 'light' })).toContain('@media (max-width: 0) {');
  });

  it('has the canvas and the controls of that scheme, too', () => {
    const html = '<meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark }</style>';
    const framed = framedMail(html, { nonce: '', scheme: 'dark' });
    expect(framed).toContain('<meta name="color-scheme" content="dark">');
    expect(framed).toContain(':root { color-scheme: dark }');
  });

  it('has rules instead of styles in attributes', () => {
    const framed = framedMail(`<p style="font-family: &quot;Segoe UI&quot;"><b class='x' style='color: red'>`, {
      nonce: 'n1',
      scheme: 'light',
    });
    expect(framed).toContain(`<p data-style="0"><b class='x' data-style="1">`);
    expect(framed).toContain('[data-style="0"][data-style="0"][data-style="0"] { font-family: "Segoe UI" }');
    expect(framed).toContain('[data-style="1"][data-style="1"][data-style="1"] { color: red }');
  });

  it('lets no style end the rule or the sheet it has become', () => {
    const framed = framedMail('<p style="} body { display: none"><p style="x</style><b>y">', {
      nonce: '',
      scheme: 'light',
    });
    expect(framed.match(/<\/style>/g)).toHaveLength(1);
    expect(framed).not.toContain('body {');
  });
});
