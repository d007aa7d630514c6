import { severitySchema, type Severity } from '../../model/event-parts';

/** Negative when the one is less severe than the other, zero when both are the same: they are listed from the slightest. */
export function compareSeverity(one: Severity, other: Severity): number {
  return severitySchema.options.indexOf(one) - severitySchema.options.indexOf(other);
}

/** The highest of them; `info` for none. */
export function highestSeverity(severities: readonly Severity[]): Severity {
  return severities.reduce(
    (highest, severity) => (compareSeverity(severity, highest) > 0 ? severity : highest),
    'info',
  );
}
