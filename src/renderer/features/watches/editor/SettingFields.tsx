import { Button, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { SettingKey } from '../../../../shared/model/settings';
import { choiceWord, onThisMachine, parseSetting, type SettingField } from '../../../drafts/setting-fields';
import type { FieldGroup } from '../../../drafts/settings-groups';
import { useAppState } from '../../../hooks/use-app';
import { useCores } from '../../../hooks/use-cores';
import { TimesInput } from '../../../form/TimesInput';
import { unitSection } from '../../../form/unit-section';
import type { Editor } from './use-editor';
import classes from './WatchEditor.module.css';

/** The settings of a group that a watch may have of its own; an empty field means: as for all. */
export function SettingFields({ editor, group }: { editor: Editor; group: FieldGroup }) {
  return (
    <Stack gap="lg">
      {group.sections.map((fields) => (
        <SimpleGrid key={fields[0]?.key} cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
          {fields.map((field) => (
            <OwnField key={field.key} editor={editor} field={field} />
          ))}
        </SimpleGrid>
      ))}
    </Stack>
  );
}

function OwnField({ editor, field }: { editor: Editor; field: SettingField }) {
  const { choices, isList } = field;
  if (isList)
    return choices === null ? (
      <TimesField editor={editor} field={field} />
    ) : (
      <ChoicesField editor={editor} field={field} choices={choices} />
    );
  if (choices === null) return <NumberField editor={editor} field={field} />;
  return <ChoiceField editor={editor} field={field} choices={choices} />;
}

/** What stands in a field for a list that is empty on purpose. */
const NOTHING = 'none';

/** Several words of a choice; none of them is a choice, too, and another than that for all. */
function ChoicesField({ editor, field, choices }: { editor: Editor; field: SettingField; choices: readonly string[] }) {
  const { key, id, label, help } = field;
  const path = `overrides.${id}` as const;
  const { value, error, description, inputWrapperOrder } = editor.field(path, help);
  const words = listIn(key, value);
  return (
    <MultiSelect
      className={classes.whole}
      label={label}
      placeholder={value === '' ? 'As for all watches' : ''}
      data={[NOTHING, ...choices].map((choice) => ({
        value: choice,
        label: choice === NOTHING ? 'Nothing' : choiceWord(choice),
      }))}
      value={value === '' ? [] : words.length === 0 ? [NOTHING] : [...words]}
      onChange={(chosen) => {
        const others = chosen.filter((word) => word !== NOTHING);
        const isNothing = chosen.at(-1) === NOTHING || (others.length === 0 && chosen.length > 0);
        editor.form.setFieldValue(path, isNothing ? NOTHING : others.join(', '));
      }}
      searchable
      hidePickedOptions
      clearable
      clearButtonProps={{ 'aria-label': `${label}: as for all watches` }}
      error={error}
      description={description}
      inputWrapperOrder={inputWrapperOrder}
      data-path={path}
    />
  );
}

/** Times of its own, by days and clocks; until there are some, those for all hold. */
function TimesField({ editor, field }: { editor: Editor; field: SettingField }) {
  const { key, id, label, help } = field;
  const path = `overrides.${id}` as const;
  const { value, error } = editor.field(path, help);
  return (
    <div className={classes.whole} data-path={path}>
      <TimesInput
        label={label}
        description={help}
        error={typeof error === 'string' ? error : null}
        value={listIn(key, value)}
        onChange={(times) => editor.form.setFieldValue(path, times.length === 0 ? NOTHING : times.join(', '))}
        withOnce
        none={
          value === ''
            ? `As for all watches: ${editor.placeholder(key)}.`
            : 'None, regardless of the setting for all watches.'
        }
      />
      {value === '' ? (
        <Button size="compact-sm" variant="default" onClick={() => editor.form.setFieldValue(path, NOTHING)}>
          None for this watch
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => editor.form.setFieldValue(path, '')}>
          As for all watches
        </Button>
      )}
    </div>
  );
}

/** The words of a list as it is typed. */
function listIn(key: SettingKey, text: string): readonly string[] {
  if (text === '') return [];
  const read = parseSetting(key, text);
  return read.ok && Array.isArray(read.value) ? read.value : text.split(',').map((word) => word.trim());
}

function NumberField({ editor, field }: { editor: Editor; field: SettingField }) {
  const { key, id, label, help, unit } = field;
  const cores = useCores();
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
      {...unitSection(unit)}
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
      data={choices.map((choice) => ({ value: choice, label: choiceWord(choice) }))}
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
export function ownCount(editor: Editor, group: FieldGroup): string {
  const { overrides } = editor.form.values;
  const own = group.fields.filter(({ id }) => (overrides[id] ?? '').trim() !== '');
  return own.length === 0 ? '' : `${own.length} of its own`;
}
