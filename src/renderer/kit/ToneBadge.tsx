import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from '../words/present-watch';
import { rem } from '../format/text-scale';
import classes from './ToneBadge.module.css';

interface ToneBadgeProps {
  tone: Tone;
  icon: Icon;
  children: ReactNode;
  /** Without a background, for dense rows. */
  plain?: boolean;
}

/** A word with its colour and its shape. */
export function ToneBadge({ tone, icon: Shape, children, plain = false }: ToneBadgeProps) {
  return (
    <span className={plain ? `${classes.badge} ${classes.plain}` : classes.badge} data-tone={tone}>
      <Shape size={rem(15)} aria-hidden="true" />
      {children}
    </span>
  );
}
