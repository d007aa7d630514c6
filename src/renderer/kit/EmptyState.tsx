import { Group, Stack, Text, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { rem } from '../format/text-scale';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What it means and what to do. */
  children: ReactNode;
  actions?: ReactNode;
}

/** What stands where nothing is to be shown. */
export function EmptyState({ icon: Shape, title, children, actions }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" p="xl" maw={560} mx="auto">
      <Shape size={rem(40)} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden="true" />
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" size="sm" style={{ textWrap: 'balance' }}>
        {children}
      </Text>
      {actions ? (
        <Group mt="xs" justify="center">
          {actions}
        </Group>
      ) : null}
    </Stack>
  );
}
