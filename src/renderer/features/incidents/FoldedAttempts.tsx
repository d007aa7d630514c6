import type { ReactNode } from 'react';
import { FoldedSection } from '../../kit/FoldedSection';
import classes from './IncidentDrawer.module.css';

interface FoldedAttemptsProps {
  count: number;
  words: string;
  /** How all programs of the incident ended; null: not all in the same way. */
  commonExit: string | null;
  children: () => ReactNode;
}

/** Attempts that went the same way, as one step of the story that opens. */
export function FoldedAttempts({ count, words, commonExit, children }: FoldedAttemptsProps) {
  return (
    <li className={classes.step} data-part="detection">
      <FoldedSection title={`${count} × ${words}`} note={commonExit ?? ''}>
        {() => <ol className={classes.story}>{children()}</ol>}
      </FoldedSection>
    </li>
  );
}
