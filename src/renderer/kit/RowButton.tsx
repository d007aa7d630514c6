import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
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

/** A button in a row of a table: an icon with its words in a tooltip. As the target of a menu it gets more props, its reference among them. */
export function RowButton({
  label,
  icon: Shape,
  loading = false,
  disabled = false,
  danger = false,
  ...props
}: RowButtonProps & ComponentProps<'button'>) {
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
