import { SegmentedControl } from '@mantine/core';
import { RANGES } from '../format/ranges';

interface RangeControlProps {
  /** What it is the time span of: "Time span of the charts". */
  label: string;
  rangeMs: number;
  onChange: (rangeMs: number) => void;
}

/** Chooses how far back charts reach. */
export function RangeControl({ label, rangeMs, onChange }: RangeControlProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      value={String(rangeMs)}
      onChange={(value) => onChange(Number(value))}
      data={RANGES.map((range) => ({ value: String(range.rangeMs), label: range.label }))}
      style={{ alignSelf: 'flex-start' }}
    />
  );
}
