import { Button, SegmentedControl, Select, Textarea, TextInput, useComputedColorScheme } from '@mantine/core';
import { useRef, useState } from 'react';
import type { AlertPreview, TemplateKit, Templates as TemplateTexts } from '../../../shared/model/alert';
import { framedMail } from '../../words/mail-frame';
import { pageNonce } from '../../platform/page-nonce';
import { refusedSetting } from '../../drafts/setting-drafts';
import { sentence } from '../../format/sentence';
import { useAnswer } from '../../hooks/use-answer';
import { useLast } from '../../hooks/use-last';
import { useSettingsForm, type SettingsForm } from '../../hooks/use-settings-form';
import { FormFoot } from '../../form/FormFoot';
import field from '../../form/SettingInput.module.css';
import classes from './AlertsTab.module.css';

/** Quiet time after the last key until the engine is asked how it looks. */
const PREVIEW_DELAY_MS = 350;

/** The templates, by the part of the message and the setting that keeps each. */
const PARTS = [
  { part: 'subject', setting: 'mail.subjectTemplate', title: 'Subject' },
  { part: 'text', setting: 'mail.textTemplate', title: 'Plain text' },
  { part: 'html', setting: 'mail.htmlTemplate', title: 'HTML' },
] as const;
type Part = (typeof PARTS)[number];

/** The texts of messages: written on the left, seen on the right as a mail about an incident. */
export function Templates() {
  const form = useSettingsForm('templates');
  const asked = useAnswer('templates', (client, signal) => client.alerts.templates(undefined, { signal }));
  const kit = asked.kind === 'answered' ? asked.value : null;
  const [incident, setIncident] = useState<number | null>(null);
  const templates = textsOf(form);
  const preview = useAnswer(
    JSON.stringify({ incident, templates }),
    (client, signal) => client.alerts.preview({ incident, templates }, { signal }),
    PREVIEW_DELAY_MS,
  );
  // What was seen last stays while the next is made.
  const shown = useLast(preview.kind === 'answered' ? preview.value : null);
  const refusal = preview.kind === 'failed' ? preview.failure.message : null;
  const wrong = refusal === null ? null : partOfProblem(refusal);
  const problem = refusal === null ? null : sentence(refusedSetting(refusal)?.problem ?? refusal);
  return (
    <div className={classes.editors}>
      <section className={classes.card} aria-label="Templates">
        <div className={classes.body}>
          {PARTS.map((part) => (
            <TemplateEditor
              key={part.part}
              part={part}
              form={form}
              kit={kit}
              problem={wrong === part.part ? problem : null}
            />
          ))}
          <FormFoot form={form} />
        </div>
      </section>
      <section className={`${classes.card} ${classes.preview}`} aria-label="Preview">
        <IncidentChoice incident={incident} onChange={setIncident} />
        <p className={classes.note} role="status" data-bad={problem !== null || undefined}>
          {problem === null ? (preview.kind === 'asking' && shown === null ? 'Rendering…' : '') : problem}
        </p>
        <Sheets preview={shown} />
      </section>
    </div>
  );
}

function textsOf(form: SettingsForm): TemplateTexts {
  const text = (part: Part): string | null => {
    const draft = form.draft(part.setting);
    return typeof draft === 'string' && draft.trim() !== '' ? draft : null;
  };
  const [subject, plain, html] = PARTS;
  return { subject: text(subject), text: text(plain), html: text(html) };
}

/** Which template a refusal is about; null where it does not say. */
function partOfProblem(problem: string): Part['part'] | null {
  const named = PARTS.find(({ setting }) => problem.includes(setting));
  return named?.part ?? PARTS.find(({ part }) => new RegExp(`\\b${part}\\b`, 'i').test(problem))?.part ?? null;
}

interface TemplateEditorProps {
  part: Part;
  form: SettingsForm;
  kit: TemplateKit | null;
  problem: string | null;
}

function TemplateEditor({ part: { part, setting, title }, form, kit, problem }: TemplateEditorProps) {
  const input = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const draft = form.draft(setting);
  const isStandard = draft === '';
  const standard = kit?.standard[part] ?? '';
  const value = isStandard ? standard : String(draft as string);
  const change = (text: string) => form.change(setting, text === standard ? '' : text);
  const insert = (name: string) => {
    const at = input.current?.selectionStart ?? value.length;
    const end = input.current?.selectionEnd ?? at;
    change(`${value.slice(0, at)}{{${name}}}${value.slice(end)}`);
    input.current?.focus();
  };
  const common = {
    ref: input,
    label: title,
    description: isStandard ? 'Built-in template' : 'Custom template',
    value,
    error: problem ?? form.error(setting),
    onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
    onBlur: () => form.leave(setting),
    spellCheck: false,
    disabled: kit === null,
    classNames: { input: field.code ?? '' },
  };
  return (
    <div>
      {part === 'subject' ? <TextInput {...common} /> : <Textarea {...common} autosize minRows={6} maxRows={14} />}
      <div className={field.foot} style={{ marginTop: 6 }}>
        <Variables kit={kit} title={title} onChoose={insert} />
        <Button size="compact-sm" variant="default" disabled={isStandard} onClick={() => form.change(setting, '')}>
          Restore the built-in template
        </Button>
      </div>
    </div>
  );
}

function Variables({
  kit,
  title,
  onChoose,
}: {
  kit: TemplateKit | null;
  title: string;
  onChoose: (name: string) => void;
}) {
  return (
    <Select
      size="xs"
      aria-label={`Insert a variable into ${title.toLowerCase()}`}
      placeholder="Insert a variable"
      data={(kit?.variables ?? []).map(({ name }) => name)}
      renderOption={({ option }) => (
        <span>
          <code>{`{{${option.value}}}`}</code>
          <span className={classes.sub} style={{ display: 'block' }}>
            {kit?.variables.find(({ name }) => name === option.value)?.help}
          </span>
        </span>
      )}
      value={null}
      onChange={(name) => name !== null && onChoose(name)}
      searchable
      disabled={kit === null}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      w={180}
    />
  );
}

/** The incident that the preview shows: a made-up one, or one that happened. */
function IncidentChoice({
  incident,
  onChange,
}: {
  incident: number | null;
  onChange: (incident: number | null) => void;
}) {
  const asked = useAnswer('incidents', (client, signal) => client.incidents.list({ limit: 50 }, { signal }));
  const incidents = asked.kind === 'answered' ? asked.value : [];
  return (
    <Select
      label="Preview with"
      data={[
        { value: '', label: 'Example incident' },
        ...incidents.map(({ id, summary }) => ({ value: String(id), label: `${id}: ${summary}` })),
      ]}
      value={incident === null ? '' : String(incident)}
      onChange={(chosen) => onChange(chosen === null || chosen === '' ? null : Number(chosen))}
      allowDeselect={false}
      searchable
    />
  );
}

function Sheets({ preview }: { preview: AlertPreview | null }) {
  const own = useComputedColorScheme('light');
  const [chosen, setChosen] = useState<'light' | 'dark' | null>(null);
  const scheme = chosen ?? own;
  return (
    <>
      <div className={field.foot}>
        <div className={classes.subject}>{preview?.subject ?? ''}</div>
        <SegmentedControl
          size="xs"
          aria-label="Colours of the mail"
          style={{ marginInlineStart: 'auto' }}
          value={scheme}
          onChange={(value) => setChosen(value === 'dark' ? 'dark' : 'light')}
          data={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </div>
      <div className={classes.sheets}>
        <pre className={classes.sheet} tabIndex={0} aria-label="As plain text" role="region">
          {preview?.text ?? ''}
        </pre>
        <iframe
          className={classes.sheet}
          data-scheme={scheme}
          title="As HTML"
          // Nothing is allowed in it: no scripts, no forms, no way to this page.
          sandbox=""
          srcDoc={preview === null ? '' : framedMail(preview.html, { nonce: pageNonce(), scheme })}
        />
      </div>
    </>
  );
}
