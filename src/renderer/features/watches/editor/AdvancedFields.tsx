import { Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import input from '../../../form/SettingInput.module.css';
import type { Editor } from './use-editor';

const COMMON_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGALRM'];

/** What most watches leave at its default. */
export function AdvancedFields({ editor }: { editor: Editor }) {
  const { form, field } = editor;
  const { kind, hasStart } = form.values;
  return (
    <Stack gap="md">
      <TextInput
        label="Instances"
        placeholder="2..4"
        spellCheck={false}
        autoComplete="off"
        {...field(
          'instances',
          'The fewest and the most; empty: one. {instance}, or {8000+instance}, is the number of each in its command and probes',
        )}
      />
      {kind === 'command' || (kind === 'match' && hasStart) ? (
        <>
          <Textarea
            label="Environment"
            placeholder={'NODE_ENV=production\nPORT=8080'}
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            classNames={{ input: input.code ?? '' }}
            {...field('command.envText', "One KEY=VALUE a line, on top of Healdeck's own environment")}
          />
          <TextInput
            label="Run as user"
            spellCheck={false}
            autoComplete="off"
            {...field('command.user', "Only an engine that runs as root can change the user; empty: the engine's own")}
          />
        </>
      ) : null}
      {kind !== 'command' ? (
        <>
          <TextInput
            label="Only processes of user"
            spellCheck={false}
            autoComplete="off"
            {...field('matchUser', "Empty: the user of the start command, else Healdeck's own; * for every user")}
          />
          <Switch
            label="Include processes of containers"
            description="They run in pid namespaces of their own and are ignored by default"
            {...form.getInputProps('containers', { type: 'checkbox' })}
          />
        </>
      ) : null}
      {kind === 'forbidden' ? null : <CleanEnds editor={editor} />}
    </Stack>
  );
}

/** Ends that do not count as crashes. */
function CleanEnds({ editor: { form } }: { editor: Editor }) {
  return (
    <>
      <TagsInput
        label="Clean exit codes"
        description="Exits with these codes do not count as crashes (0 to 255)"
        splitChars={[',', ' ']}
        clearButtonProps={{ 'aria-label': 'Remove all codes' }}
        {...form.getInputProps('exitCodes')}
      />
      <TagsInput
        label="Clean signals"
        description="Ends by these signals do not count as crashes"
        data={COMMON_SIGNALS}
        splitChars={[',', ' ']}
        clearButtonProps={{ 'aria-label': 'Remove all signals' }}
        {...form.getInputProps('signals')}
      />
    </>
  );
}
