import type { ReactNode } from 'react';
import classes from './Card.module.css';

interface ChartHeadProps {
  title: string;
  value: string;
  /** What the value is of, or its unit. */
  unit: string;
}

/** What a chart shows, and what it is now. */
export function ChartHead({ title, value, unit }: ChartHeadProps) {
  return (
    <div className={classes.head}>
      <h3>{title}</h3>
      <span className={classes.value}>
        {value} <span className={classes.unit}>{unit}</span>
      </span>
    </div>
  );
}

/** A chart with its head in a frame, and facts below it; without a chart, a figure. */
export function ChartCard({
  children,
  facts = [],
  ...head
}: ChartHeadProps & { children?: ReactNode; facts?: readonly string[] }) {
  return (
    <section className={classes.card} aria-label={head.title}>
      <ChartHead {...head} />
      {children}
      <div className={classes.facts}>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </div>
    </section>
  );
}
