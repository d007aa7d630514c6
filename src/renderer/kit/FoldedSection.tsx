import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { rem } from '../format/text-scale';
import classes from './FoldedSection.module.css';

/** A part of a drawer that is opened by a press on its heading; what is in it is made only then. `note` stands beside the title. */
export function FoldedSection({ title, note, children }: { title: string; note: string; children: () => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <section aria-label={title}>
      <h3 style={{ margin: 0 }}>
        <UnstyledButton className={classes.title} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Chevron size={rem(16)} aria-hidden="true" />
          <span className={classes.name}>{title}</span>
          <span className={classes.note} title={note}>
            {note}
          </span>
        </UnstyledButton>
      </h3>
      {isOpen ? <div className={classes.body}>{children()}</div> : null}
    </section>
  );
}
