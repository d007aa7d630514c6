import { ActionIcon, Button, Chip, Group, Input, TextInput } from '@mantine/core';
import { IconCalendarPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DAYS, formatTime, parseTime, type AlertTime, type Day } from '../../shared/lib/text/alert-times';
import { rem } from '../format/text-scale';
import classes from './TimesInput.module.css';

/** What a new row holds: every night. */
const EVERY_NIGHT: AlertTime = { kind: 'weekly', days: DAYS, from: '22:00', to: '07:00' };

interface TimesInputProps {
  label: string;
  /** What stands below; an error takes its place. */
  description: ReactNode;
  error: string | null;
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
  /** Whether there are times that come once. */
  withOnce?: boolean;
  disabled?: boolean;
  /** Said where there is none. */
  none: string;
}

/** Times by days, from and to; nothing is to be written by rules. */
export function TimesInput(props: TimesInputProps) {
  const { label, description, error, value, onChange, withOnce = false, disabled = false, none } = props;
  const replace = (index: number, text: string) => onChange(value.map((one, at) => (at === index ? text : one)));
  const remove = (index: number) => onChange(value.filter((_, at) => at !== index));
  return (
    <Input.Wrapper
      label={label}
      description={error === null ? description : undefined}
      error={error}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      labelElement="div"
    >
      <div role="group" aria-label={label} className={classes.times}>
        {value.length === 0 ? <span className={classes.none}>{none}</span> : null}
        {value.map((text, index) => (
          <Row
            // Rows have no identity of their own: what is typed changes what they are.
            key={index}
            name={`${label} ${index + 1}`}
            text={text}
            disabled={disabled}
            onChange={(changed) => replace(index, changed)}
            onRemove={() => remove(index)}
          />
        ))}
        {disabled ? null : (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={rem(14)} aria-hidden="true" />}
              onClick={() => onChange([...value, formatTime(EVERY_NIGHT)])}
            >
              Add a time of the week
            </Button>
            {withOnce ? (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconCalendarPlus size={rem(14)} aria-hidden="true" />}
                onClick={() => onChange([...value, formatTime({ kind: 'once', from: '', to: '' })])}
              >
                Add a time that comes once
              </Button>
            ) : null}
          </Group>
        )}
      </div>
    </Input.Wrapper>
  );
}

interface RowProps {
  name: string;
  text: string;
  disabled: boolean;
  onChange: (text: string) => void;
  onRemove: () => void;
}

function Row({ name, text, disabled, onChange, onRemove }: RowProps) {
  const time = parseTime(text);
  return (
    <div className={classes.row} role="group" aria-label={name}>
      <div className={classes.fields}>
        {time === null ? (
          <TextInput
            aria-label={`${name}, as it is written`}
            value={text}
            disabled={disabled}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <Fields time={time} disabled={disabled} onChange={(changed) => onChange(formatTime(changed))} />
        )}
      </div>
      {disabled ? null : (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={rem(16)} aria-hidden="true" />
        </ActionIcon>
      )}
    </div>
  );
}

function Fields({
  time,
  disabled,
  onChange,
}: {
  time: AlertTime;
  disabled: boolean;
  onChange: (time: AlertTime) => void;
}) {
  if (time.kind === 'once') {
    return (
      <>
        <Clock
          type="datetime-local"
          label="from"
          value={time.from}
          disabled={disabled}
          onChange={(from) => onChange({ ...time, from })}
        />
        <Clock
          type="datetime-local"
          label="to"
          value={time.to}
          disabled={disabled}
          onChange={(to) => onChange({ ...time, to })}
        />
      </>
    );
  }
  return (
    <>
      <Chip.Group
        multiple
        value={[...time.days]}
        onChange={(days) => {
          // A time with no day never comes: the last one stays.
          if (days.length > 0) onChange({ ...time, days: DAYS.filter((day) => days.includes(day)) });
        }}
      >
        <Group gap={4} wrap="wrap">
          {DAYS.map((day) => (
            <Chip key={day} value={day} size="xs" radius="sm" disabled={disabled}>
              {DAY_WORDS[day]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Clock
        type="time"
        label="from"
        value={time.from}
        disabled={disabled}
        onChange={(from) => onChange({ ...time, from })}
      />
      {/* A clock has no 24:00: midnight as an end is the end of the day. */}
      <Clock
        type="time"
        label="to"
        value={time.to === '24:00' ? '00:00' : time.to}
        disabled={disabled}
        onChange={(to) => onChange({ ...time, to: to === '00:00' ? '24:00' : to })}
      />
    </>
  );
}

const DAY_WORDS: Readonly<Record<Day, string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

interface ClockProps {
  type: 'time' | 'datetime-local';
  label: string;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

function Clock({ type, label, value, disabled, onChange }: ClockProps) {
  return (
    <label className={classes.clock}>
      {label}
      <TextInput
        type={type}
        size="xs"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
