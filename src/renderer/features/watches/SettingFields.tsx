import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { onThisMachine, parseSetting, type SettingField, type SettingGroup } from '../../lib/setting-fields';
import { useAppState } from '../../lib/use-app';
import type { Editor } from './use-editor';
import classes from './WatchEditor.module.css';

/** The settings of a group that a watch may have of its own; an empty field means: as for all. */
export function SettingFields({ editor, group }: { editor: Editor; group: SettingGroup }) {
  return (
    <Stack gap="lg">
      {group.sections.map((fields) => (
        <SimpleGrid key={fields[0]?.key} cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
          {fields.map((field) =>
            field.choices === null ? (
              <NumberField key={field.key} editor={editor} field={field} />
            ) : (
              <ChoiceField key={field.key} editor={editor} field={field} choices={field.choices} />
            ),
          )}
        </SimpleGrid>
      ))}
    </Stack>
  );
}

function NumberField({ editor, field }: { editor: Editor; field: SettingField }) {
  const { key, id, label, help, unit } = field;
  const cores = useAppState((state) => state.live.machine?.corePercents.length ?? 0);
  const memoryBytes = useAppState((state) => state.live.machine?.memoryTotalBytes ?? 0);
  const props = editor.field(`overrides.${id}`, help);
  const typed = parseSetting(key, props.value === '' ? editor.placeholder(key) : props.value);
  const converted = typed.ok ? onThisMachine(key, typed.value, { cores, memoryBytes }) : null;
  return (
    <TextInput
      label={label}
      placeholder={editor.placeholder(key)}
      autoComplete="off"
      spellCheck={false}
      rightSection={unit === '' ? null : <span className={classes.unit}>{unit}</span>}
      rightSectionWidth={unit === '' ? 0 : 18 + unit.length * 7}
      rightSectionPointerEvents="none"
      {...props}
      description={
        props.description === undefined ? undefined : (
          <>
            {converted === null ? null : <strong className={classes.converted}>{converted}. </strong>}
            {props.description}
          </>
        )
      }
    />
  );
}

function ChoiceField({ editor, field, choices }: { editor: Editor; field: SettingField; choices: readonly string[] }) {
  const { key, id, label, help } = field;
  const path = `overrides.${id}` as const;
  const { value, error, description, inputWrapperOrder } = editor.field(path, help);
  return (
    <Select
      label={label}
      placeholder={editor.placeholder(key)}
      data={choices.map((choice) => ({ value: choice, label: choice.replaceAll('_', ' ') }))}
      value={value === '' ? null : value}
      onChange={(chosen) => editor.form.setFieldValue(path, chosen ?? '')}
      clearable
      clearButtonProps={{ 'aria-label': `${label}: as for all watches` }}
      error={error}
      description={description}
      inputWrapperOrder={inputWrapperOrder}
      data-path={path}
    />
  );
}

/** How many settings of a group a watch has of its own, in words; empty for none. */
export function ownCount(editor: Editor, group: SettingGroup): string {
  const { overrides } = editor.form.values;
  const own = group.fields.filter(({ id }) => (overrides[id] ?? '').trim() !== '');
  return own.length === 0 ? '' : `${own.length} of its own`;
}
