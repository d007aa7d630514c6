import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { rem } from '../format/text-scale';

interface ColumnsMenuProps<Id extends string> {
  /** What the menu is called where it has more than columns. */
  label?: string;
  /** All that can be shown, in the order of the table. */
  columns: readonly { id: Id; label: string }[];
  shown: readonly Id[];
  /** False: the table shows as many as fit. */
  isChosen: boolean;
  /** null: as many as fit. */
  onChoose: (columns: Id[] | null) => void;
  /** Items above the columns. */
  children?: ReactNode;
}

/** Chooses the columns of a table. */
export function ColumnsMenu<Id extends string>({
  label: title = 'Columns',
  columns,
  shown,
  isChosen,
  onChoose,
  children,
}: ColumnsMenuProps<Id>) {
  const toggle = (column: Id) =>
    onChoose(columns.flatMap(({ id }) => ((id === column ? !shown.includes(id) : shown.includes(id)) ? [id] : [])));
  return (
    <Menu
      closeOnItemClick={false}
      position="bottom-end"
      transitionProps={{ duration: 100 }}
      // It would be a child that no menu may have.
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Tooltip label={title} openDelay={400} withArrow>
          <ActionIcon variant="default" size={36} aria-label={title}>
            <IconColumns3 size={rem(18)} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {children}
        <Menu.Label>Columns</Menu.Label>
        {columns.map(({ id, label }) => (
          <Menu.CheckboxItem key={id} checked={shown.includes(id)} onChange={() => toggle(id)}>
            {label}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={!isChosen} onClick={() => onChoose(null)}>
          As many as fit
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
