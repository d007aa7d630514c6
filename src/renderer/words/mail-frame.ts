/**
 * The HTML of a message for a frame that runs no scripts and reaches nothing. The policy of this page holds in the frame,
 * too: so style elements get its nonce, and styles in attributes, which mails need and the policy forbids, become rules.
 * Which of its colours are shown is chosen here, whatever the machine prefers.
 */
export function framedMail(html: string, { nonce, scheme }: { nonce: string; scheme: 'light' | 'dark' }): string {
  const always = '(min-width: 0)';
  const never = '(max-width: 0)';
  const rules: string[] = [];
  const marked = html.replace(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/gi, (_, double?: string, single?: string) => {
    const mark = `[data-style="${rules.length}"]`;
    // Three times the same: as an attribute does, it goes before what is said of a class or an element.
    rules.push(`${mark.repeat(3)} { ${plainStyle(double ?? single ?? '')} }`);
    return ` data-style="${rules.length - 1}"`;
  });
  return [marked, '<style>', ...rules, '</style>']
    .join('\n')
    .replace(/\(prefers-color-scheme:\s*(light|dark)\s*\)/gi, (_, wanted: string) =>
      wanted.toLowerCase() === scheme ? always : never,
    )
    .replace(/(color-scheme(?::|"\s+content=")\s*)light dark/gi, `$1${scheme}`)
    .replace(/<style\b/gi, `<style nonce="${nonce}"`);
}

/** The value of an attribute as a style sheet has it: without what HTML escapes, and with no way out of it. */
function plainStyle(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replace(/&#0?39;|&#x27;|&apos;/gi, "'")
    .replaceAll('&amp;', '&')
    .replace(/[{}<>]/g, '');
}
