import { Alert, Button, FileButton, Group, Radio, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import {
  leftOutName,
  sharedProgramText,
  type ImportConflict,
  type ImportReport,
  type PortableConfig,
} from '../../../shared/model/portable';
import { describeFailure } from '../../api/errors';
import { plural } from '../../format/format';
import { shownValue } from '../../../shared/lib/events/shown-value';
import { rem } from '../../format/text-scale';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useUiState } from '../../hooks/use-app';
import { announce } from '../../platform/announce';
import { Clip, Whole } from '../../kit/Clip';
import { Dialog } from '../../kit/Dialog';
import { Facts } from '../../kit/Facts';
import { readImportFile, type ImportFile } from './import-file';

/** A file that was chosen, and what it holds. */
interface Chosen {
  name: string;
  content: ImportFile;
  /** Each choice is another one, also of the same file. */
  nth: number;
}

/** Takes over a file: shows what would change, asks what wins where something is otherwise here, and brings it into force. */
export function ImportDialog() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.importing);
  const close = () => ui.show({ importing: false });
  return (
    <Dialog opened={opened} onClose={close} title="Import watches and settings" size={640}>
      {opened ? <Choice onClose={close} /> : null}
    </Dialog>
  );
}

function Choice({ onClose }: { onClose: () => void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const read = async (file: File | null) => {
    if (file === null) return;
    const content = readImportFile(await file.text());
    setChosen((before) => ({ name: file.name, content, nth: (before?.nth ?? 0) + 1 }));
  };
  return (
    <Stack gap="md">
      <Text size="sm">
        A file of <code>healdeck export</code>, or a list of programs, one per line: name, CPU limit in %, memory limit
        in MB, as in <code>nginx 80 500</code>. Nothing that exists is removed.
      </Text>
      <Group gap="sm" wrap="nowrap">
        <FileButton onChange={(file) => void read(file)} accept=".json,.txt,.csv,.conf,application/json,text/plain">
          {(props) => (
            <Button
              {...props}
              variant={chosen === null ? 'filled' : 'default'}
              leftSection={<IconFileImport size={rem(16)} aria-hidden="true" />}
            >
              {chosen === null ? 'Choose a file' : 'Choose another file'}
            </Button>
          )}
        </FileButton>
        {chosen === null ? null : <Clip text={chosen.name} code />}
      </Group>
      {chosen === null ? null : chosen.content.ok ? (
        <DryRun key={chosen.nth} nth={chosen.nth} file={chosen.content.file} onDone={onClose} />
      ) : (
        <Problem title="Nothing can be imported" lines={chosen.content.problems} />
      )}
    </Stack>
  );
}

function DryRun({ nth, file, onDone }: { nth: number; file: PortableConfig; onDone: () => void }) {
  const { session } = useApp();
  const [conflict, setConflict] = useState<Exclude<ImportConflict, 'refuse'>>('keep');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const answer = useAnswer(`import/${nth}/${conflict}`, (client, signal) =>
    client.config.import({ file, conflict, dryRun: true }, { signal }),
  );
  const bringIn = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const report = await session.ask((client) => client.config.import({ file, conflict, dryRun: false }));
      announce({ tone: 'ok', title: 'Imported', message: summaryOf(report) });
      onDone();
    } catch (error) {
      setFailure(describeFailure(error).message);
      setBusy(false);
    }
  };
  if (answer.kind === 'failed') return <Problem title="Nothing can be imported" lines={[answer.failure.message]} />;
  const report = answer.kind === 'answered' ? answer.value : null;
  const changes = report === null ? 0 : changesOf(report);
  return (
    <>
      <Radio.Group
        label="If something already exists and differs from the file"
        value={conflict}
        onChange={(value) => setConflict(value as typeof conflict)}
      >
        <Group mt={6}>
          <Radio value="keep" label="Keep what exists" />
          <Radio value="replace" label="Use the file" />
        </Group>
      </Radio.Group>
      <section aria-label="What would change" aria-live="polite" style={{ minHeight: rem(90) }}>
        {report === null ? 'Comparing with the current configuration…' : <Changes report={report} />}
      </section>
      {failure === null ? null : <Problem title="Not imported" lines={[failure]} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button loading={isBusy} disabled={changes === 0} onClick={() => void bringIn()}>
          Import {changes === 0 ? '' : plural(changes, 'change')}
        </Button>
      </Group>
    </>
  );
}

function Changes({ report }: { report: ImportReport }) {
  const { added, replaced, kept, unchanged, settings, keptSettings, toFill, keptElsewhere } = report;
  const names = (list: readonly string[]) => <Whole key={list.join()} text={list.join(', ')} />;
  const line = (label: string, list: readonly string[]) => (list.length === 0 ? [] : [[label, names(list)] as const]);
  const items = [
    ...line(`Added (${added.length})`, added),
    ...line(`Replaced (${replaced.length})`, replaced),
    ...line(`Kept (${kept.length})`, kept),
    ...line(`Unchanged (${unchanged.length})`, unchanged),
    ...settings.map(
      ({ key, before, after }) => [key, `${shownValue(key, before)} → ${shownValue(key, after)}`] as const,
    ),
    ...line('Settings kept', keptSettings),
    ...line(
      'To be filled in',
      toFill.map((left) => `${leftOutName(left)} of ${left.watch}`),
    ),
    ...keptElsewhere.map(
      (shared) => ['Watched by another engine', <Whole key={shared.pid} text={sharedProgramText(shared)} />] as const,
    ),
  ];
  return items.length === 0 ? <>The file is empty.</> : <Facts items={items} />;
}

function Problem({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />} title={title}>
      {lines.map((line) => (
        <div key={line}>
          <Whole text={line} />
        </div>
      ))}
    </Alert>
  );
}

function changesOf({ added, replaced, settings }: ImportReport): number {
  return added.length + replaced.length + settings.length;
}

function summaryOf({ added, replaced, settings, toFill }: ImportReport): string {
  const parts = [
    ...(added.length === 0 ? [] : [`${plural(added.length, 'watch', 'watches')} added`]),
    ...(replaced.length === 0 ? [] : [`${plural(replaced.length, 'watch', 'watches')} replaced`]),
    ...(settings.length === 0 ? [] : [`${plural(settings.length, 'setting')} changed`]),
    ...(toFill.length === 0 ? [] : [`${plural(toFill.length, 'value')} to be filled in`]),
  ];
  return `${parts.join(', ')}.`;
}
