import {
  Accordion,
  Alert,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useDeferredValue, useRef, useState, type RefObject } from 'react';
import { MAX_GROUPS } from '../../../../shared/model/watch';
import { FIELD_GROUPS, type FieldGroup } from '../../../drafts/settings-groups';
import { plural } from '../../../format/format';
import { useApp, useUiState } from '../../../hooks/use-app';
import { useLast } from '../../../hooks/use-last';
import type { EditorRequest } from '../../../store/ui';
import { AdvancedFields } from './AdvancedFields';
import { CommandFields } from './CommandFields';
import { FollowField } from './FollowField';
import { LimitsTrial } from './LimitsTrial';
import { MatchFields } from './MatchFields';
import { ProbesPanel } from './ProbesPanel';
import { RestartField } from './RestartField';
import { ScheduleFields } from './ScheduleFields';
import { ownCount, SettingFields } from './SettingFields';
import { ADVANCED, LIMITS, PROBES, SCHEDULE, useEditor, type Editor } from './use-editor';
import classes from './WatchEditor.module.css';
import { Dialog } from '../../../kit/Dialog';

/** Adds a watch, or changes one. */
export function WatchEditor() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.editor);
  const request = useLast(opened);
  const changed = useRef(false);
  const [isAsking, setAsking] = useState(false);
  const discard = () => {
    changed.current = false;
    setAsking(false);
    ui.show({ editor: null });
  };
  const close = () => (changed.current ? setAsking(true) : discard());
  return (
    <>
      <Dialog
        opened={opened !== null}
        onClose={close}
        size="60rem"
        title={request === null ? '' : request.kind === 'add' ? 'Add a watch' : `Edit ${request.name}`}
        centered={false}
      >
        {request === null ? null : (
          <Form key={keyOf(request)} request={request} changedRef={changed} onClose={close} onDone={discard} />
        )}
      </Dialog>
      <Dialog opened={isAsking} onClose={() => setAsking(false)} title="Discard changes?">
        <Stack gap="md">
          <Text size="sm">
            {request?.kind === 'edit'
              ? `What you changed of ${request.name} is not saved.`
              : 'The watch is not added yet.'}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              Continue editing
            </Button>
            <Button color="#b3261e" onClick={discard}>
              Discard changes
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

let count = 0;
const keys = new WeakMap<EditorRequest, number>();

/** Each opening gets a form of its own. */
function keyOf(request: EditorRequest): number {
  const known = keys.get(request);
  if (known !== undefined) return known;
  count += 1;
  keys.set(request, count);
  return count;
}

interface FormProps {
  request: EditorRequest;
  /** Is set to whether something was typed that is not saved. */
  changedRef: RefObject<boolean>;
  /** Closes it, after a question where something would be lost. */
  onClose: () => void;
  /** It is saved. */
  onDone: () => void;
}

function Form({ request, changedRef, onClose, onDone }: FormProps) {
  const editor = useEditor(request, changedRef, onDone);
  const { form } = editor;
  const { kind, hasStart, commandNote } = form.values;
  // Made right after what is filled in first: all at once would take longer than a press may.
  const hasPanels = useDeferredValue(true, false);
  return (
    <form onSubmit={editor.submit} noValidate aria-label={request.kind === 'add' ? 'Add a watch' : 'Edit a watch'}>
      <Stack gap="md">
        <SegmentedControl
          aria-label="Kind of target"
          fullWidth
          value={kind}
          onChange={(value) => form.setFieldValue('kind', value as typeof kind)}
          data={[
            { value: 'command', label: 'Command to start' },
            { value: 'match', label: 'Running process' },
            { value: 'forbidden', label: 'Must not run' },
          ]}
        />
        {kind === 'match' && commandNote !== null ? <CommandNote editor={editor} note={commandNote} /> : null}
        {kind === 'command' ? (
          <CommandFields editor={editor} />
        ) : (
          <>
            <MatchFields editor={editor} />
            {kind === 'match' ? (
              <Switch
                label="Start it when no process matches"
                {...form.getInputProps('hasStart', { type: 'checkbox' })}
              />
            ) : null}
            {kind === 'match' && hasStart ? <CommandFields editor={editor} /> : null}
          </>
        )}
        <TextInput
          label="Name"
          required={request.kind === 'edit'}
          data-autofocus={editor.focusAt === 'name' ? true : undefined}
          placeholder={editor.derived.name ?? ''}
          spellCheck={false}
          autoComplete="off"
          {...editor.field(
            'name',
            editor.derived.name === null
              ? 'Letters, digits, spaces and . _ -; the command line and the output files use it too'
              : `${editor.derived.name} unless you enter another: letters, digits, spaces and . _ -`,
          )}
        />
        <TagsInput
          label="Groups"
          description="Watches of a group are shown, started and stopped together; Enter adds one"
          data={[...editor.knownGroups]}
          maxTags={MAX_GROUPS}
          splitChars={[',']}
          clearButtonProps={{ 'aria-label': 'Leave all groups' }}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...form.getInputProps('groups')}
        />
        {kind === 'forbidden' ? null : <StartFields editor={editor} />}
        {hasPanels ? <Panels editor={editor} /> : null}
        <div className={classes.foot}>
          {editor.problem === null ? null : (
            <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />} title="Not saved">
              {editor.problem.message}
              {editor.problem.isOutdated ? (
                <div>
                  <Button mt="xs" size="compact-sm" variant="default" onClick={editor.loadCurrent}>
                    Load the current definition
                  </Button>
                </div>
              ) : null}
            </Alert>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={editor.isSaving}>
            {request.kind === 'add' ? 'Add watch' : 'Save changes'}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** When a program that is to run is started. */
function StartFields({ editor }: { editor: Editor }) {
  const { form } = editor;
  return (
    <>
      <RestartField editor={editor} />
      <Switch
        label="Start it when Healdeck starts"
        description="After the machine has booted; a watch that you stopped stays stopped until then"
        {...form.getInputProps('autostart', { type: 'checkbox' })}
      />
      <TagsInput
        label="Starts after"
        description="Each start waits until these watches are ready; name:started and name:completed wait for other states"
        data={[...editor.takenNames]}
        splitChars={[',']}
        clearButtonProps={{ 'aria-label': 'Wait for none' }}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        {...form.getInputProps('after')}
      />
      <FollowField editor={editor} />
    </>
  );
}

/** What is to be known of a start command that was proposed, or could not be: where it is seen before the watch is added. */
function CommandNote({ editor, note }: { editor: Editor; note: string }) {
  const { hasStart, command } = editor.form.values;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={hasStart ? 'Check the start command' : 'There is no start command'}
    >
      {note}
      {hasStart && command.argvText !== '' ? (
        <div>
          <code className={classes.proposed}>{command.argvText}</code>
        </div>
      ) : null}
    </Alert>
  );
}

/** Limits, probes and the other settings of its own, then what else most watches leave at its default. */
function Panels({ editor }: { editor: Editor }) {
  const runs = editor.form.values.kind !== 'forbidden';
  return (
    <Accordion
      multiple
      // The fields of all panels would take longer to make than a press may take.
      keepMounted={false}
      variant="separated"
      transitionDuration={0}
      value={[...editor.openPanels]}
      onChange={editor.setOpenPanels}
    >
      {FIELD_GROUPS.map((group) => (
        <Accordion.Item key={group.id} value={group.id}>
          <Accordion.Control>
            {group.title} <span className={classes.ownCount}>{contentOf(editor, group)}</span>
          </Accordion.Control>
          <Accordion.Panel>
            {group.id === PROBES && runs ? <ProbesPanel editor={editor} /> : null}
            {group.id === LIMITS && editor.openPanels.includes(LIMITS) ? (
              <div className={classes.beside}>
                <SettingFields editor={editor} group={group} />
                <LimitsTrial editor={editor} />
              </div>
            ) : (
              <SettingFields editor={editor} group={group} />
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
      {runs ? (
        <Accordion.Item value={SCHEDULE}>
          <Accordion.Control>Schedule</Accordion.Control>
          <Accordion.Panel>
            <ScheduleFields editor={editor} />
          </Accordion.Panel>
        </Accordion.Item>
      ) : null}
      <Accordion.Item value={ADVANCED}>
        <Accordion.Control>Advanced options</Accordion.Control>
        <Accordion.Panel>
          <AdvancedFields editor={editor} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

/** What a watch has of its own in a group, in words; empty for nothing. */
function contentOf(editor: Editor, group: FieldGroup): string {
  const { length } = editor.form.values.probes;
  const probes = group.id === PROBES && length > 0 ? [plural(length, 'probe')] : [];
  return [...probes, ownCount(editor, group)].filter(Boolean).join(', ');
}
