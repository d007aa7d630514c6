import { Alert, Button, Group, Radio, Select, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { DEPENDENCY_CONDITIONS, type DependencyCondition } from '../../../shared/model/dependency';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { sameName } from '../../../shared/model/watch';
import { useApp } from '../../hooks/use-app';
import { Dialog } from '../../kit/Dialog';
import { UNTIL_HELP, UNTIL_WORDS } from '../../words/present-dependency';
import { byName } from '../../words/present-watch';
import { sentence } from '../../format/sentence';
import { refusalOf, withDependency, withoutDependency } from './proposals';

/** A dependency that is being made or changed; what is null is still to be chosen. */
export interface EdgeRequest {
  dependent: string | null;
  dependency: string | null;
  /** True: it is there, and only its condition can be changed. */
  isKnown: boolean;
}

interface EdgeDialogProps {
  request: EdgeRequest | null;
  watches: ReadonlyMap<string, WatchStatus>;
  onClose: () => void;
}

/** Makes a watch start after another one, or changes or removes that. */
export function EdgeDialog({ request, watches, onClose }: EdgeDialogProps) {
  return (
    <Dialog opened={request !== null} onClose={onClose} title={titleOf(request, watches)}>
      {request === null ? null : (
        <EdgeForm
          key={`${request.dependent} ${request.dependency}`}
          request={request}
          watches={watches}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function titleOf(request: EdgeRequest | null, watches: ReadonlyMap<string, WatchStatus>): string {
  if (!request?.isKnown) return 'Add dependency';
  const nameOf = (id: string | null) => watches.get(id ?? '')?.watch.name ?? '';
  return `${nameOf(request.dependent)} starts after ${nameOf(request.dependency)}`;
}

function EdgeForm({ request, watches, onClose }: { request: EdgeRequest } & Omit<EdgeDialogProps, 'request'>) {
  const { actions } = useApp();
  const [dependentId, setDependent] = useState(request.dependent);
  const [dependencyId, setDependency] = useState(request.dependency);
  const [until, setUntil] = useState<DependencyCondition | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const all = byName(watches.values());
  const dependent = watches.get(dependentId ?? '');
  const dependency = watches.get(dependencyId ?? '');
  const known = dependent?.watch.after.find(({ watch }) => sameName(watch, dependency?.watch.name ?? ''));
  const condition = until ?? known?.until ?? 'ready';
  const refusal =
    dependent === undefined || dependency === undefined ? null : refusalOf(all, dependent, dependency.watch.name);
  const choices = (other: string | null) =>
    all.filter(({ watch }) => watch.id !== other).map(({ watch }) => ({ value: watch.id, label: watch.name }));
  const save = async (kind: 'saved' | 'removed') => {
    if (dependent === undefined || dependency === undefined) return;
    const { name } = dependency.watch;
    setBusy(true);
    const after =
      kind === 'saved' ? withDependency(dependent.watch, name, condition) : withoutDependency(dependent.watch, name);
    const title =
      kind === 'saved'
        ? `${dependent.watch.name} starts after ${name} ${UNTIL_WORDS[condition]}`
        : `${dependent.watch.name} no longer waits for ${name}`;
    const failed = await actions.changeDependencies(title, [{ shown: dependent, after }]);
    setBusy(false);
    setProblem(failed);
    if (failed === null) onClose();
  };
  const reason = refusal ?? problem;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal === null) void save('saved');
      }}
    >
      <Stack gap="md">
        {request.isKnown ? null : (
          <>
            <Select
              label="Watch"
              placeholder="Choose a watch"
              data={choices(dependencyId)}
              value={dependentId}
              onChange={setDependent}
              searchable
            />
            <Select
              label="Starts after"
              placeholder="Choose a watch"
              data={choices(dependentId)}
              value={dependencyId}
              onChange={setDependency}
              searchable
            />
          </>
        )}
        <Radio.Group
          label="Its start waits until the other watch"
          value={condition}
          onChange={(value) => setUntil(value as DependencyCondition)}
        >
          <Stack gap="xs" mt="xs">
            {DEPENDENCY_CONDITIONS.map((one) => (
              <Radio key={one} value={one} label={UNTIL_WORDS[one]} description={UNTIL_HELP[one]} />
            ))}
          </Stack>
        </Radio.Group>
        {reason === null ? null : (
          <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />} title="Can't be saved">
            {sentence(reason)}
          </Alert>
        )}
        <Group justify="flex-end">
          {request.isKnown ? (
            <Button variant="default" mr="auto" disabled={isBusy} onClick={() => void save('removed')}>
              Remove
            </Button>
          ) : null}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={isBusy}
            disabled={dependent === undefined || dependency === undefined || refusal !== null}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
