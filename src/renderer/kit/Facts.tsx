import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** A list of named values. */
export function Facts({ items }: { items: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {items.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A part of a drawer, with its heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Text in a box of its own, with its line breaks; it scrolls when it is long. */
export function Preformatted({ label, children }: { label: string; children: string }) {
  return (
    <pre className={classes.pre} tabIndex={0} aria-label={label} role="region">
      {children}
    </pre>
  );
}
