import { useForm, type UseFormReturnType } from '@mantine/form';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { groupsOf } from '../../../../shared/lib/format/watch-groups';
import { definitionOf, targetOfInstance } from '../../../../shared/lib/instances';
import { MASK } from '../../../../shared/lib/process/mask-secrets';
import type { MatchPreview } from '../../../../shared/model/process';
import { DEFAULT_SETTINGS, type SettingKey, resolveSettings, type Settings } from '../../../../shared/model/settings';
import { startCommandOf, type WatchSpec } from '../../../../shared/model/watch';
import { describeFailure } from '../../../api/errors';
import type { ArgvSyntax } from '../../../../shared/lib/text/argv';
import { completed, derivedFrom, type Derived } from '../../../drafts/derived-watch';
import { inFormWords } from '../../../drafts/form-words';
import { PROBE_FIELDS, type ProbeDraft } from '../../../drafts/probe-draft';
import { writeSetting } from '../../../drafts/setting-fields';
import { FIELD_GROUPS, SETTING_FIELDS } from '../../../drafts/settings-groups';
import { useAnswer, type Answer } from '../../../hooks/use-answer';
import { useApp, useAppState } from '../../../hooks/use-app';
import {
  draftFromSpec,
  fieldOfPath,
  readDraft,
  readMatchTarget,
  readOwnSettings,
  type DraftField,
  type WatchDraft,
} from '../../../drafts/watch-draft';
import type { EditorRequest } from '../../../store/ui';
import { useFoundProcess, type ProcessChoice } from './use-found-process';
import { announce } from '../../../platform/announce';
import { presentAfter } from '../../../words/present-watch';

/** Props for a text field of the form. */
export interface FieldProps {
  value: string;
  onChange: (event: unknown) => void;
  onBlur: () => void;
  error: ReactNode;
  description: string | undefined;
  'data-path': string;
  inputWrapperOrder: ('label' | 'input' | 'description' | 'error')[];
}

/** A form that is being filled in. */
export interface Editor {
  form: UseFormReturnType<WatchDraft>;
  syntax: ArgvSyntax;
  /** Names of the other watches. */
  takenNames: readonly string[];
  /** The groups that there are. */
  knownGroups: readonly string[];
  isSaving: boolean;
  /** Why the engine did not take it; `isOutdated`: somebody else has changed the watch meanwhile. */
  problem: { message: string; isOutdated: boolean } | null;
  /** The panels that are open: at first the limits, and those in which something differs from its default. */
  openPanels: readonly string[];
  setOpenPanels: (panels: string[]) => void;
  /** The value of a setting that holds for all watches, as it would be typed. */
  placeholder: (key: SettingKey) => string;
  /** What the empty fields stand for. */
  derived: Derived;
  /** The draft with what its empty fields stand for. */
  whole: WatchDraft;
  /** Which field has the focus when the form opens. */
  focusAt: 'command' | 'search' | 'name';
  /** The process that was chosen in the search. */
  process: ProcessChoice;
  /** What a text field needs: its value, its error in place of its help (so that nothing below moves), and its checks. */
  field: (path: DraftField, help?: string) => FieldProps;
  /** The watch that is changed; null for a new one. */
  editedId: string | null;
  /** The processes that match now; null where nothing is looked for, or not yet. */
  matching: Answer<MatchPreview> | null;
  /** The settings that would hold for the watch, or why its own can't be read. */
  draftSettings: () => { ok: true; settings: Settings } | { ok: false; problem: string };
  submit: (event: FormEvent<HTMLFormElement>) => void;
  /** Replaces what was typed by the watch as it is now. */
  loadCurrent: () => void;
}

/** Quiet time after the last key until the engine is asked what would match. */
const PREVIEW_DELAY_MS = 300;

/** Reads, checks and sends a draft. */
export function useEditor(request: EditorRequest, changedRef: { current: boolean }, onDone: () => void): Editor {
  const { store, session, actions } = useApp();
  const windows = useAppState((state) => state.live.engine?.platform === 'win32');
  const home = useAppState((state) => state.live.engine?.home);
  const syntax = { windows };
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Editor['problem']>(null);
  const [revision, setRevision] = useState(request.kind === 'edit' ? request.revision : 0);
  const editedId = request.kind === 'edit' ? request.id : null;
  const [takenNames] = useState(() =>
    [...store.getState().live.watches.values()]
      .map(definitionOf)
      .filter(({ id }) => id !== editedId)
      .map(({ name }) => name),
  );
  const [knownGroups] = useState(() => groupsOf(store.getState().live.watches.values()).map(({ name }) => name));
  const [openPanels, setOpenPanels] = useState(() => panelsWithContent(request.draft));
  const forAll = useAppState((state) => state.live.engine?.settings ?? DEFAULT_SETTINGS);

  const surroundings = { takenNames, home, syntax, isNew: editedId === null };
  const form = useForm<WatchDraft>({
    initialValues: request.draft,
    validate: (draft) => {
      const whole = completed(draft, surroundings);
      const read = readDraft(whole, syntax, forAll);
      const errors = read.ok ? {} : { ...read.errors };
      if (takenNames.some((name) => name.toLowerCase() === whole.name.toLowerCase())) {
        errors.name ??= `expected a name that is not used yet; ${whole.name} is`;
      }
      // What nobody typed follows from what is wrong: it is not wrong itself.
      if (editedId === null && whole.name === '' && Object.keys(errors).length > 1) delete errors.name;
      return worded(errors, whole);
    },
  });
  const whole = completed(form.values, surroundings);
  const process = useFoundProcess(request.kind === 'add' ? request.from : undefined, editedId, (adopted) => {
    const { by, pattern, matchUser } = adopted;
    // What must not run is not started.
    form.setValues(form.getValues().kind === 'forbidden' ? { by, pattern, matchUser } : adopted);
  });
  const isChanged = form.isDirty();
  useEffect(() => {
    changedRef.current = isChanged;
  }, [changedRef, isChanged]);

  const read = form.values.kind !== 'command' ? readMatchTarget(whole, syntax) : null;
  // Of several instances, what the first one finds.
  const target = read === null || form.values.instances === '' ? read : targetOfInstance(read, 1);
  const matching = useAnswer<MatchPreview>(
    target === null ? null : JSON.stringify(target),
    (client, signal) =>
      target === null
        ? Promise.resolve({ candidates: [], problem: null })
        : client.watches.preview({ target, ...(editedId === null ? {} : { watch: editedId }) }, { signal }),
    PREVIEW_DELAY_MS,
  );

  const field = (path: DraftField, help?: string): FieldProps => {
    const { value, onChange, error } = form.getInputProps(path) as Pick<FieldProps, 'value' | 'onChange' | 'error'>;
    return {
      value,
      onChange,
      error,
      // An empty field is not wrong before it is sent.
      onBlur: () => void (value === '' || form.validateField(path)),
      'data-path': path,
      description: error ? undefined : help,
      inputWrapperOrder: ['label', 'input', 'description', 'error'],
    };
  };

  /** A new watch knows what it hides only from the process that it was made from. */
  const hiddenFrom = ({ target }: WatchSpec) => {
    const hides = startCommandOf(target)?.argv.some((word) => word.includes(MASK)) ?? false;
    return hides && request.kind === 'add' && process.from !== undefined ? { hiddenFrom: process.from } : {};
  };

  const save = async (draft: WatchDraft) => {
    const read = readDraft(completed(draft, surroundings), syntax, forAll);
    if (!read.ok) return;
    const { spec } = read;
    setSaving(true);
    setProblem(null);
    try {
      const status = await session.ask((client) =>
        editedId === null
          ? client.watches.add({ spec, ...hiddenFrom(spec) })
          : client.watches.edit({ watch: editedId, revision, spec }),
      );
      const title = editedId === null ? `Watching ${spec.name}` : `Saved ${spec.name}`;
      announce({
        ...{ title, ...presentAfter(status) },
        ...(editedId !== null && { undo: () => void actions.undoEdit(status) }),
      });
      onDone();
    } catch (error) {
      const failure = describeFailure(error);
      const errors = Object.entries(failure.fields).map(([path, message]) => [fieldOfPath(path), message] as const);
      const atFields = worded(Object.fromEntries(errors.filter(([path]) => path !== 'form')), draft);
      const isAllAtFields = errors.length > 0 && errors.every(([path]) => path !== 'form');
      form.setErrors(atFields);
      showErrors(atFields);
      const current = editedId === null ? undefined : store.getState().live.watches.get(editedId);
      setProblem({
        message: isAllAtFields ? 'See what is marked in the form.' : failure.message,
        isOutdated: failure.code === 'CONFLICT' && current !== undefined && definitionOf(current).revision !== revision,
      });
    } finally {
      setSaving(false);
    }
  };

  /** Leads to the first field that is wrong. */
  const showErrors = (errors: Record<string, ReactNode>) => {
    const { probes } = form.getValues();
    const wrong = fieldOrder(probes).filter((path) => path in errors);
    const panels = wrong.flatMap((path) => panelsOf(path, probes));
    setOpenPanels((open) => [...new Set([...open, ...panels])]);
    const [first] = wrong;
    // After the panel has opened: what is hidden takes no focus.
    if (first !== undefined) requestAnimationFrame(() => form.getInputNode(first)?.focus());
  };

  return {
    form,
    syntax,
    takenNames,
    knownGroups,
    isSaving,
    problem,
    openPanels,
    setOpenPanels,
    placeholder: (key) => writeSetting(key, forAll[key]),
    derived: derivedFrom(form.values, surroundings),
    whole,
    focusAt: focusOf(request),
    process,
    field,
    editedId,
    matching: target === null ? null : matching,
    draftSettings: () => {
      const read = readOwnSettings(form.values, forAll);
      return read.ok ? { ok: true, settings: resolveSettings(forAll, read.overrides) } : read;
    },
    submit: form.onSubmit((draft) => void save(draft), showErrors),
    loadCurrent: () => {
      const current = editedId === null ? undefined : store.getState().live.watches.get(editedId);
      if (current === undefined) return;
      const definition = definitionOf(current);
      const now = draftFromSpec(definition);
      form.setValues(now);
      form.resetDirty(now);
      setRevision(definition.revision);
      setProblem(null);
    },
  };
}

/** Where typing begins: at what a new watch lacks. */
function focusOf({ kind, draft }: EditorRequest): Editor['focusAt'] {
  if (kind === 'edit') return 'name';
  if (draft.kind === 'command') return 'command';
  return draft.pattern === '' ? 'search' : 'name';
}

function worded(errors: Readonly<Partial<Record<string, string>>>, draft: WatchDraft): Record<string, string> {
  const isEmpty = (field: string) => (field === 'name' || field === 'pattern') && draft[field] === '';
  return Object.fromEntries(
    Object.entries(errors).map(([field, message]) => [field, inFormWords(field, message ?? '', isEmpty(field))]),
  );
}

/** The fields from top to bottom. */
function fieldOrder(probes: readonly ProbeDraft[]): readonly DraftField[] {
  return [
    ...(['pattern', 'command.argvText', 'command.cwd', 'name', 'groups', 'command.envText', 'command.user'] as const),
    ...(['instances', 'matchUser', 'exitCodes', 'signals', 'after'] as const),
    ...probes.flatMap((_, at) => PROBE_FIELDS.map((field) => `probes.${at}.${field}` as const)),
    ...SETTING_FIELDS.map(({ id }) => `overrides.${id}` as const),
  ];
}

/** The group of settings whose panel has the probes, too; each of them is a panel in it. */
export const PROBES = 'probes';

/** The panel of a probe; part of an id, so without blanks. */
export function probePanel({ key }: ProbeDraft): string {
  return `${PROBES}-${key}`;
}

/** The panel of the fields that few watches need. */
export const ADVANCED = 'advanced';
export const SCHEDULE = 'schedule';

/** Fields below "Advanced options". */
const ADVANCED_FIELDS: ReadonlySet<string> = new Set<DraftField>([
  'command.envText',
  'command.user',
  'instances',
  'matchUser',
  'exitCodes',
  'signals',
]);

/** The panels that a field is in; none for one that always shows. */
function panelsOf(path: DraftField, probes: readonly ProbeDraft[]): readonly string[] {
  if (ADVANCED_FIELDS.has(path)) return [ADVANCED];
  if (path.startsWith('schedule.')) return [SCHEDULE];
  const probe = /^probes\.(\d+)\./.exec(path)?.[1];
  const draft = probes[Number(probe)];
  if (draft !== undefined) return [PROBES, probePanel(draft)];
  const group = FIELD_GROUPS.find(({ fields }) => fields.some(({ id }) => path === `overrides.${id}`));
  return group === undefined ? [] : [group.id];
}

function panelsWithContent(draft: WatchDraft): string[] {
  const own = FIELD_GROUPS.filter(
    (group) =>
      group.id === LIMITS ||
      (group.id === PROBES && draft.probes.length > 0) ||
      group.fields.some(({ id }) => (draft.overrides[id] ?? '') !== ''),
  );
  const hasSchedule = Object.values(draft.schedule).some((text) => text !== '');
  return [
    ...own.map((group) => group.id),
    ...(hasSchedule ? [SCHEDULE] : []),
    ...(differsInAdvanced(draft) ? [ADVANCED] : []),
  ];
}

/** The group that is open for every watch. */
export const LIMITS = 'limits';

function differsInAdvanced(draft: WatchDraft): boolean {
  return (
    draft.command.envText !== '' ||
    draft.command.user !== '' ||
    draft.instances !== '' ||
    draft.matchUser !== '' ||
    draft.containers ||
    draft.exitCodes.join() !== '0' ||
    draft.signals.length > 0
  );
}
