import { MultiSelect, Select, type SelectProps } from '@mantine/core';
import { useWatchNames } from '../hooks/use-watch-names';
import classes from './FilterSelect.module.css';

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

interface FilterChoicesProps<T extends string> {
  /** What is chosen: "Kinds". */
  label: string;
  /** What no choice means: "All kinds". */
  all: string;
  data: readonly { value: T; label: string }[];
  value: readonly T[];
  onChange: (value: readonly T[]) => void;
  width: number;
}

/** Any number of choices of a filter, or none, which lets all through. However many there are, it is one line high. */
export function FilterChoices<T extends string>(props: FilterChoicesProps<T>) {
  const { label, all, data, value, onChange, width } = props;
  const chosen = data.filter((one) => value.includes(one.value)).map((one) => one.label);
  return (
    <MultiSelect
      aria-label={label}
      aria-description={chosen.length === 0 ? all : chosen.join(', ')}
      title={chosen.length > 1 ? chosen.join(', ') : undefined}
      placeholder={chosen.length === 0 ? all : ''}
      data={data}
      value={[...value]}
      onChange={(next) => onChange(next as T[])}
      // Those that are chosen are ticked in the list; the field shows how many there are.
      renderPill={(pill) =>
        pill.value === value[0] ? (
          <span className={classes.chosen}>
            {chosen.length === 1 ? chosen[0] : `${chosen.length} ${label.toLowerCase()}`}
          </span>
        ) : null
      }
      clearable
      searchable
      withAlignedLabels
      w={width}
      clearButtonProps={{ 'aria-label': all }}
      classNames={{ pillsList: classes.line ?? '', inputField: classes.search ?? '' }}
      comboboxProps={{ width: 240, position: 'bottom-start' }}
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
