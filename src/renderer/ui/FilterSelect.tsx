import { Select, type SelectProps } from '@mantine/core';
import { useWatchNames } from '../lib/use-watch-names';

interface FilterSelectProps<T extends string> {
  /** What is chosen: "Watch". */
  label: string;
  /** What no choice means: "All watches". */
  all: string;
  data: NonNullable<SelectProps['data']>;
  value: T | null;
  onChange: (value: T | null) => void;
  width: number;
  searchable?: boolean;
}

/** One choice of a filter, or none, which lets all through. */
export function FilterSelect<T extends string>(props: FilterSelectProps<T>) {
  const { label, all, data, value, onChange, width, searchable = false } = props;
  return (
    <Select
      aria-label={label}
      placeholder={all}
      data={data}
      value={value}
      onChange={(chosen) => onChange(chosen as T | null)}
      clearable
      searchable={searchable}
      w={width}
      clearButtonProps={{ 'aria-label': all }}
    />
  );
}

/** The watch of a filter, by its name: one that is there now, or the one that was chosen before it was removed. */
export function WatchFilter({ value, onChange }: Pick<FilterSelectProps<string>, 'value' | 'onChange'>) {
  const names = useWatchNames();
  const data = [...new Set([...names.values(), ...(value === null ? [] : [value])])];
  return (
    <FilterSelect
      label="Watch"
      all="All watches"
      data={data}
      value={value}
      onChange={onChange}
      width={160}
      searchable
    />
  );
}
