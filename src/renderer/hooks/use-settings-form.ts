import { useState } from 'react';
import type { GivenSetting } from '../../shared/model/alert';
import type { SecretName, SecretStatus } from '../../shared/model/secret';
import { DEFAULT_SETTINGS, type SettingKey } from '../../shared/model/settings';
import { describeFailure } from '../api/errors';
import { announce } from '../platform/announce';
import { changedKeys, draftOf, readDraftOf, refusedSetting, type Draft, type Drafts } from '../drafts/setting-drafts';
import { labelOf } from '../drafts/setting-fields';
import { useApp, useAppState, useUiState } from './use-app';
import type { Secrets } from './use-secrets';

/** What is to become of a secret: another value, or null for none. */
type SecretDrafts = Partial<Record<SecretName, string | null>>;

/** Settings and secrets that belong together, being changed: saved all, or none of them. */
export interface SettingsForm {
  draft: (key: SettingKey) => Draft;
  change: (key: SettingKey, draft: Draft) => void;
  /** Several at once. */
  changeAll: (drafts: Drafts) => void;
  /** Whether what is typed is not what is in force. */
  isChanged: (key: SettingKey) => boolean;
  /** The field was left: from now on it shows what is wrong with it. */
  leave: (key: SettingKey) => void;
  error: (key: SettingKey) => string | null;
  /** Set when the environment gives the value: it can't be changed. */
  given: (key: SettingKey) => GivenSetting | null;
  /** Where a secret is; null: there is none, undefined: not known yet. */
  secretStatus: (name: SecretName) => SecretStatus | null | undefined;
  /** What was typed for a secret; undefined: it stays as it is. */
  secretDraft: (name: SecretName) => string | null | undefined;
  changeSecret: (name: SecretName, draft: string | null | undefined) => void;
  isDirty: boolean;
  isSaving: boolean;
  /** Why it was not saved, where no field can say it. */
  problem: string | null;
  /** Resolves to whether all is saved. */
  save: () => Promise<boolean>;
  discard: () => void;
}

const NO_DRAFTS: Drafts = {};

/**
 * A form over some settings, known by its title. What is not touched follows the settings in force; what is typed stays until
 * it is saved or discarded, also while another view is looked at.
 */
export function useSettingsForm(title: string, secrets: Secrets | null = null): SettingsForm {
  const { session, ui, actions } = useApp();
  const settings = useAppState((state) => state.live.engine?.settings ?? DEFAULT_SETTINGS);
  const fromEnvironment = useAppState((state) => state.live.alerts.fromEnvironment);
  const drafts = useUiState((state) => state.settingDrafts.get(title) ?? NO_DRAFTS);
  const setDrafts = (next: Drafts) => ui.show({ settingDrafts: new Map(ui.getState().settingDrafts).set(title, next) });
  const [secretDrafts, setSecretDrafts] = useState<SecretDrafts>({});
  const [left, setLeft] = useState<ReadonlySet<SettingKey>>(new Set());
  const [refused, setRefused] = useState<Partial<Record<SettingKey, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const dirtyKeys = changedKeys(drafts, settings);
  const dirtySecrets = Object.entries(secretDrafts).filter(
    (entry): entry is [SecretName, string | null] => entry[1] !== undefined && entry[1] !== '',
  );
  const reset = () => {
    setDrafts(NO_DRAFTS);
    setSecretDrafts({});
    setLeft(new Set());
    setRefused({});
    setProblem(null);
  };

  const save = async (): Promise<boolean> => {
    const reads = dirtyKeys.map((key) => ({ key, read: readDraftOf(key, drafts[key] ?? '') }));
    setLeft(new Set([...left, ...dirtyKeys]));
    if (reads.some(({ read }) => !read.ok)) return false;
    setSaving(true);
    setRefused({});
    setProblem(null);
    let secretsAreLeft = false;
    try {
      const values = Object.fromEntries(reads.map(({ key, read }) => [key, read.ok ? read.value : null]));
      if (dirtyKeys.length > 0) await session.ask((client) => client.settings.setAll({ values }));
      secretsAreLeft = true;
      for (const [name, value] of dirtySecrets) await session.ask((client) => client.secrets.set({ name, value }));
      reset();
      announce({
        ...{ tone: 'ok', title: `Saved: ${title}`, message: 'The change is in effect.' },
        // A secret is written over: what it was before is known to nobody.
        ...(dirtyKeys.length > 0 &&
          dirtySecrets.length === 0 && { undo: () => void actions.undoSettings(title, dirtyKeys) }),
      });
      return true;
    } catch (error) {
      const { message } = describeFailure(error);
      const about = refusedSetting(message);
      if (about !== null) setRefused({ [about.key]: about.problem });
      const where = about === null ? message : `${labelOf(about.key)}: ${about.problem}`;
      setProblem(secretsAreLeft ? `The settings are saved, the secret is not: ${message}` : where);
      return false;
    } finally {
      setSaving(false);
      if (dirtySecrets.length > 0) secrets?.refresh();
    }
  };

  // On what is typed now, not when the form was drawn: a field that did not change is not drawn again, and keeps its form.
  const changeAll = (changed: Drafts) => {
    setDrafts({ ...ui.getState().settingDrafts.get(title), ...changed });
    setRefused((now) => Object.fromEntries(Object.entries(now).filter(([key]) => !(key in changed))));
  };
  const given = (key: SettingKey) => fromEnvironment.find((one) => one.key === key) ?? null;
  return {
    draft: (key) => given(key)?.value ?? drafts[key] ?? draftOf(key, settings[key]),
    change: (key, draft) => changeAll({ [key]: draft }),
    changeAll,
    isChanged: (key) => dirtyKeys.includes(key),
    leave: (key) => setLeft((now) => (now.has(key) ? now : new Set(now).add(key))),
    error: (key) => {
      const draft = drafts[key];
      if (refused[key] !== undefined) return refused[key];
      if (draft === undefined || !left.has(key)) return null;
      const read = readDraftOf(key, draft);
      return read.ok ? null : read.problem;
    },
    given,
    secretStatus: (name) => {
      const list = secrets?.list ?? null;
      return list === null ? undefined : (list.find((secret) => secret.name === name) ?? null);
    },
    secretDraft: (name) => secretDrafts[name],
    changeSecret: (name, draft) => setSecretDrafts({ ...secretDrafts, [name]: draft }),
    isDirty: dirtyKeys.length > 0 || dirtySecrets.length > 0,
    isSaving,
    problem,
    save,
    discard: reset,
  };
}
