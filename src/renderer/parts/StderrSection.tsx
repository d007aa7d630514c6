import { escapeUnprintable } from '../../shared/lib/text/escape';
import { Preformatted, Section } from '../kit/Facts';

/** The last lines that a program wrote to its standard error, oldest first; nothing when there are none. */
export function StderrSection({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Section title="Last lines of its standard error">
      <Preformatted label="Standard error">{lines.map(escapeUnprintable).join('\n')}</Preformatted>
    </Section>
  );
}
