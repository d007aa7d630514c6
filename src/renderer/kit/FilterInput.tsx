import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { rem } from '../format/text-scale';

interface FilterInputProps {
  /** What is filtered: "Filter processes". */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** The filter of a tab: `/` leads to it, Escape empties it. */
export function FilterInput({ label, placeholder, value, onChange }: FilterInputProps) {
  return (
    <TextInput
      data-filter
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') onChange('');
      }}
      leftSection={<IconSearch size={rem(16)} aria-hidden="true" />}
      rightSection={
        value === '' ? (
          <Kbd size="xs" aria-hidden="true">
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label="Clear the filter" onClick={() => onChange('')} />
        )
      }
      spellCheck={false}
      autoComplete="off"
      style={{ flex: '1 1 13.75rem', minWidth: rem(160), maxWidth: rem(420) }}
    />
  );
}
