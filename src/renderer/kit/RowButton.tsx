import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { createContext, useContext, type ComponentProps } from 'react';
import { rem } from '../format/text-scale';
import classes from './RowButton.module.css';

interface RowButtonProps {
  label: string;
  icon: Icon;
  loading?: boolean;
  disabled?: boolean;
  /** It ends or removes something: it looks so when it is about to be pressed. */
  danger?: boolean;
}

/** Around it, row buttons show their words; its value is the name that stands above them, before which the words end: what is seen must be part of the label. null: icons only. */
export const WordedButtons = createContext<string | null>(null);

/** A button in a row of a table: an icon with its words in a tooltip. As the target of a menu it gets more props, its reference among them. */
export function RowButton({
  label,
  icon: Shape,
  loading = false,
  disabled = false,
  danger = false,
  ...props
}: RowButtonProps & Omit<ComponentProps<'button'>, 'color'>) {
  const name = useContext(WordedButtons);
  if (name !== null) {
    return (
      <Button
        {...props}
        size="compact-sm"
        variant="default"
        leftSection={<Shape size={rem(15)} stroke={1.8} aria-hidden="true" />}
        aria-label={label}
        loading={loading}
        disabled={disabled}
      >
        {label.split(` of ${name}`)[0]?.split(` ${name}`)[0]}
      </Button>
    );
  }
  return (
    <Tooltip label={label} openDelay={400} withArrow events={{ hover: true, focus: true, touch: false }}>
      <ActionIcon
        {...props}
        variant="subtle"
        color="gray"
        className={classes.button}
        data-danger={danger || undefined}
        size="md"
        aria-label={label}
        loading={loading}
        disabled={disabled}
      >
        <Shape size={rem(17)} stroke={1.8} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
