import { useForm, type UseFormReturnType } from '@mantine/form';
import { useState, type FormEvent } from 'react';
import { describeFailure } from '../../api/errors';
import type { ArgvSyntax } from '../../lib/argv';
import { useApp, useAppState } from '../../lib/use-app';
import { draftFromSpec, fieldOfPath, readDraft, type WatchDraft } from '../../lib/watch-draft';
import type { EditorRequest } from '../../store/ui';
import { announce } from '../../ui/announce';

/** A form that is being filled in. */
export interface Editor {
  form: UseFormReturnType<WatchDraft>;
  syntax: ArgvSyntax;
  /** Names of the other watches. */
  takenNames: readonly string[];
  isSaving: boolean;
  /** Why the engine did not take it; `isOutdated`: somebody else has changed the watch meanwhile. */
  problem: { message: string; isOutdated: boolean } | null;
  /** Whether something differs from the defaults below "Advanced options". */
  opensAdvanced: boolean;
  submit: (event: FormEvent<HTMLFormElement>) => void;
  /** Replaces what was typed by the watch as it is now. */
  loadCurrent: () => void;
}

/** Reads, checks and sends a draft. */
export function useEditor(request: EditorRequest, onDone: () => void): Editor {
  const { store, session } = useApp();
  const windows = useAppState((state) => state.live.engine?.platform === 'win32');
  const syntax = { windows };
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Editor['problem']>(null);
  const [revision, setRevision] = useState(request.kind === 'edit' ? request.revision : 0);
  const editedId = request.kind === 'edit' ? request.id : null;
  const [takenNames] = useState(() =>
    [...store.getState().live.watches.values()]
      .filter(({ watch }) => watch.id !== editedId)
      .map(({ watch }) => watch.name),
  );
  const [opensAdvanced] = useState(() => differsInAdvanced(request.draft));

  const form = useForm<WatchDraft>({
    initialValues: request.draft,
    validateInputOnBlur: true,
    validate: (draft) => {
      const read = readDraft(draft, syntax);
      const errors = read.ok ? {} : { ...read.errors };
      if (takenNames.some((name) => name.toLowerCase() === draft.name.toLowerCase())) {
        errors.name ??= `expected a name that is not used yet; ${draft.name} is`;
      }
      return errors;
    },
  });

  const save = async (draft: WatchDraft) => {
    const read = readDraft(draft, syntax);
    if (!read.ok) return;
    const { spec } = read;
    setSaving(true);
    setProblem(null);
    try {
      const status = await session.ask((client) =>
        editedId === null ? client.watches.add({ spec }) : client.watches.edit({ watch: editedId, revision, spec }),
      );
      const title = editedId === null ? `Watching ${spec.name}` : `Saved ${spec.name}`;
      announce({ tone: 'ok', title, message: status.reason });
      onDone();
    } catch (error) {
      const failure = describeFailure(error);
      const errors = Object.entries(failure.fields).map(([path, message]) => [fieldOfPath(path), message] as const);
      form.setErrors(Object.fromEntries(errors.filter(([field]) => field !== 'form')));
      const current = editedId === null ? undefined : store.getState().live.watches.get(editedId);
      setProblem({
        message: failure.message,
        isOutdated: failure.code === 'CONFLICT' && current !== undefined && current.watch.revision !== revision,
      });
    } finally {
      setSaving(false);
    }
  };

  return {
    form,
    syntax,
    takenNames,
    isSaving,
    problem,
    opensAdvanced,
    submit: form.onSubmit((draft) => void save(draft)),
    loadCurrent: () => {
      const current = editedId === null ? undefined : store.getState().live.watches.get(editedId);
      if (current === undefined) return;
      form.setValues(draftFromSpec(current.watch));
      setRevision(current.watch.revision);
      setProblem(null);
    },
  };
}

function differsInAdvanced(draft: WatchDraft): boolean {
  return (
    draft.command.envText !== '' ||
    draft.command.user !== '' ||
    draft.matchUser !== '' ||
    draft.exitCodes.join() !== '0' ||
    draft.signals.length > 0 ||
    draft.stopGraceSeconds !== ''
  );
}
