import { Group } from '@mantine/core';
import { instanceSets } from '../../../shared/lib/format/instance-sets';
import type { InstanceStatus } from '../../../shared/model/snapshot';
import { useAppState } from '../../hooks/use-app';
import { Section } from '../../kit/Facts';
import { InstanceSetActions, ScaleButtons } from '../../parts/InstanceSetRow';

/** What a watch is an instance of: how all of them are, and what can be done to them together. */
export function InstanceSection({ instance }: { instance: InstanceStatus }) {
  const watches = useAppState((state) => state.live.watches);
  const set = instanceSets(watches.values()).find(({ of }) => of.id === instance.of.id);
  if (set === undefined) return null;
  return (
    <Section title={`Instances of ${set.name}`}>
      <Group justify="space-between" wrap="nowrap">
        <span>{set.text}</span>
        <Group gap="xs" wrap="nowrap">
          <ScaleButtons set={set} />
          <InstanceSetActions set={set} />
        </Group>
      </Group>
    </Section>
  );
}
