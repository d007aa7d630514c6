import { IconCircleCheckFilled, IconHelpCircle, IconProgressCheck } from '@tabler/icons-react';
import { escapeUnprintable } from '../../../shared/lib/text/escape';
import type { EventData } from '../../../shared/model/event';
import { certaintyOf, evidenceGroups, reasonText } from '../../words/present-explanation';
import { Facts, Section } from '../../kit/Facts';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './ExplanationCard.module.css';

const ICONS = {
  certain: IconCircleCheckFilled,
  very_likely: IconProgressCheck,
  likely: IconProgressCheck,
  unknown: IconHelpCircle,
} as const;

/** Why a program has ended, how sure that is, and what shows it, each line with its source. */
export function ExplanationCard({ explanation }: { explanation: EventData['death_explained'] }) {
  const { word, tone } = certaintyOf(explanation);
  return (
    <Section title="Why it ended">
      <div className={classes.card}>
        <p className={classes.reason}>
          {escapeUnprintable(reasonText(explanation))}{' '}
          <ToneBadge tone={tone} icon={ICONS[explanation.certainty]} plain>
            {word}
          </ToneBadge>
        </p>
        <Facts
          items={evidenceGroups(explanation).map(({ title, lines }) => [
            title,
            <ul key={title} className={classes.lines}>
              {lines.map(({ text, source }, at) => (
                <li key={at}>
                  {escapeUnprintable(text)} <span className={classes.source}>{source}</span>
                </li>
              ))}
            </ul>,
          ])}
        />
      </div>
    </Section>
  );
}
